/// A personal access token.
struct LabToken: Sendable {
    let id: Int
    let value: String
    var scopes: [String]
    var active: Bool
    var expiresAt: String?
    /// The full paths of the groups that it sees with everything below them; `nil` for all.
    var visibleGroups: [String]?

    func sees(_ fullPath: String) -> Bool {
        guard let visibleGroups else { return true }
        let path = fullPath.lowercased()
        return visibleGroups.contains { path == $0.lowercased() || path.hasPrefix($0.lowercased() + "/") }
    }

    var mayWrite: Bool { scopes.contains("api") }
    var mayRead: Bool { mayWrite || scopes.contains("read_api") }
}
