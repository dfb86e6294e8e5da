// What a server says beside the identity of a thing must not make a whole listing unreadable: GitLab's own OpenAPI schemas
// are wrong about types, and proxies and forks differ. A value of another type counts as absent.
extension KeyedDecodingContainer {
    /// A text, or nil.
    func text(_ key: Key) -> String? {
        (try? decodeIfPresent(String.self, forKey: key)) ?? nil
    }

    /// A truth value, also one that was written as text or number; nil if it is none.
    func bool(_ key: Key) -> Bool? {
        if let value = try? decodeIfPresent(Bool.self, forKey: key) { return value }
        if let number = try? decodeIfPresent(Int.self, forKey: key) { return number != 0 }
        switch text(key)?.lowercased() {
        case "true", "1": return true
        case "false", "0": return false
        default: return nil
        }
    }

    /// Whether there is anything but null and false, whatever its type.
    func isThere(_ key: Key) -> Bool {
        contains(key) && (try? decodeNil(forKey: key)) == false && bool(key) != false
    }

    /// A whole number, also one that was written as text; nil if it is none.
    func integer(_ key: Key) -> Int? {
        if let value = try? decodeIfPresent(Int.self, forKey: key) { return value }
        return text(key).flatMap { Int($0) }
    }
}
