import Foundation

/// Why an LFS object, or all of a repository's, could not be copied.
struct LFSError: Error, Hashable, Sendable {
    /// The kinds of failure.
    enum Code: String, CaseIterable, Sendable {
        /// `git-lfs-authenticate` gave no access.
        case notAuthenticated = "lfs-not-authenticated"
        /// 401: the access has ended, or the token is no good.
        case unauthorized = "lfs-unauthorized"
        /// 403.
        case forbidden = "lfs-forbidden"
        /// 404: LFS is switched off for the project, or the token cannot see it.
        case notFound = "lfs-not-found"
        /// 501: the server has no LFS.
        case disabled = "lfs-disabled"
        /// 429 until the attempts ran out.
        case rateLimited = "lfs-rate-limited"
        /// 5xx until the attempts ran out.
        case serverFailure = "lfs-server-failure"
        /// No answer: name not found, connection refused, timeout, TLS.
        case unreachable = "lfs-unreachable"
        /// Any other answer that is none of success.
        case refused = "lfs-refused"
        /// An answer that is not the LFS API's.
        case protocolViolation = "lfs-protocol"
        /// What came is not the object that was asked for.
        case damaged = "lfs-object-damaged"
        /// The source does not have the object.
        case missing = "lfs-objects-missing"
        /// The mirror's folder cannot be read or written.
        case file = "lfs-file"
    }

    let code: Code

    /// What was asked and what the server said, escaped for display.
    let message: String

    /// How long the server wants to be left alone.
    let requestedPause: Duration?

    init(_ code: Code, _ message: String, requestedPause: Duration? = nil) {
        self.code = code
        self.message = message.escapedForDisplay
        self.requestedPause = requestedPause
    }

    /// Says what the system refused.
    init(errno number: Int32, _ path: String) {
        self.init(.file, "'\(path)': \(String(cString: strerror(number)))")
    }

    /// Whether the same request may succeed later without anybody's help.
    var isRetryable: Bool { [.rateLimited, .serverFailure, .unreachable].contains(code) }

    /// Whether one more attempt, from the beginning and with a new access, may succeed.
    var deservesAnotherAttempt: Bool { [.unauthorized, .forbidden, .damaged].contains(code) }

    /// What to do about it.
    var hint: String {
        switch code {
        case .notAuthenticated: "read the server's message; LFS needs the rights of a fetch and a push"
        case .unauthorized: "the server no longer takes the access that it gave; the next run tries again"
        case .forbidden:
            "give the user of the key or token the right to read the source and to push to the copy"
        case .notFound:
            "switch Git LFS on for the project (Settings, General, Git LFS), or leave it out with --lfs off"
        case .disabled: "ask the administrator to switch Git LFS on, or leave it out with --lfs off"
        case .rateLimited:
            "lower --jobs, or ask the administrator to raise the limit for LFS; the next run goes on from here"
        case .serverFailure: "the server has a problem of its own; the next run goes on from here"
        case .unreachable:
            "LFS needs HTTP(S) from here to the server, also with SSH; the next run goes on from here"
        case .refused: "read the server's message, and ask its administrator"
        case .protocolViolation: "check what answers at that address, and what proxy stands before it"
        case .damaged: "check the storage of the source's LFS objects"
        case .missing: "upload them to the source (git lfs push --all) from a clone that has them"
        case .file: "check the free space and the permissions of the state directory"
        }
    }
}
