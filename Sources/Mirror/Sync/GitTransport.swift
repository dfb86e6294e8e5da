/// How git's data travels.
public enum GitTransport: String, CaseIterable, Hashable, Sendable {
    /// Over SSH, with a key.
    case ssh

    /// Over HTTPS, with the API's token.
    case https
}
