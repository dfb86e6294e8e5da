/// Checks for paths that come from a server before they are used.
enum SafePath {
    /// Whether `path` is one that a GitLab can have: components of letters, digits, `_`, `-`, `.` and `+`, none of them empty,
    /// `.` or `..`.
    ///
    /// GitLab allows ASCII only in paths (`Gitlab::PathRegex`); names may hold anything.
    static func isSafe(_ path: String) -> Bool {
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        return !components.isEmpty && components.allSatisfy(isSafeComponent)
    }

    private static func isSafeComponent(_ component: Substring) -> Bool {
        guard !component.isEmpty, component != ".", component != ".." else { return false }
        return component.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                UInt8(ascii: "."), UInt8(ascii: "+"):
                true
            default: false
            }
        }
    }
}
