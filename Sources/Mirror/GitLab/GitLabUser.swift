/// A user, with what a mirror of a personal namespace needs.
public struct GitLabUser: Hashable, Sendable, Identifiable, Decodable {
    /// The server's number for the user.
    public let id: Int

    /// The name of the user, which is the path of the namespace.
    public let username: String
}
