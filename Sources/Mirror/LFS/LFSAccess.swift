/// The address of a repository's LFS store, and what lets us in.
struct LFSAccess: Sendable {
    /// The base of the API, without a final slash.
    let url: String

    /// Sent to `url` and what lies below it, and nowhere else.
    let headers: [(name: String, value: String)]

    /// When it ends; nil if nobody said.
    let expiry: LFSExpiry?

    /// Whether it will do for another request.
    var isFresh: Bool { expiry?.isFarOff ?? true }
}

/// Gets access to a repository's LFS store.
protocol LFSAuthenticator: Sendable {
    /// Where the store is, for people.
    var name: String { get }

    /// A new access.
    ///
    /// - Throws: ``LFSError``, what the connection throws, or `CancellationError`.
    func access(for operation: LFSOperation) async throws -> LFSAccess
}
