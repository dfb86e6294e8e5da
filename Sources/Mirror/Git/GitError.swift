import CLibGit2

/// A failure of a git operation: of libgit2, of the connection, or of the server at its other end.
public struct GitError: Error, Hashable, Sendable {
    /// What went wrong, for a program to act on.
    public let code: Code

    /// The operation that failed: a libgit2 function, for example `git_remote_download`.
    public let function: String

    /// The words of libgit2 or of the server, escaped for display.
    public let message: String

    init(_ code: Code, function: StaticString, message: String) {
        self.code = code
        self.function = "\(function)"
        self.message = message
    }

    /// Reads the last error of the calling thread, where libgit2 keeps it until its next call there.
    init(lastErrorOf function: StaticString, code: Int32) {
        let text = git_error_last().flatMap { $0.pointee.message }.map { String(cString: $0) } ?? "no message"
        self.init(Code(libGit2: code), function: function, message: ServerText.cleaned(text))
        git_error_clear()
    }
}

extension GitError {
    /// The kinds of failure: an open set.
    public struct Code: RawRepresentable, Hashable, Sendable {
        /// The name that reports show, for example `git-failed`.
        public let rawValue: String

        /// Names a kind of failure.
        public init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The object, reference or repository does not exist (`GIT_ENOTFOUND`).
        public static let notFound = Code(rawValue: "git-not-found")

        /// A callback of ours stopped the operation (`GIT_EUSER`).
        public static let stopped = Code(rawValue: "git-stopped")

        /// The server refused every key (`GIT_EAUTH`).
        public static let unauthorized = Code(rawValue: "ssh-key-refused")

        /// The server's host key is unknown, or another than before.
        public static let hostKeyRefused = Code(rawValue: "ssh-host-key-refused")

        /// The server ended the connection, usually with words of its own (`GIT_EEOF`).
        public static let closedByServer = Code(rawValue: "git-refused")

        /// A ref on the target moved between our look at it and our push.
        public static let changedMeanwhile = Code(rawValue: "target-changed")

        /// Any other failure.
        public static let failed = Code(rawValue: "git-failed")

        init(libGit2 code: Int32) {
            switch code {
            case GIT_ENOTFOUND.rawValue: self = .notFound
            case GIT_EUSER.rawValue: self = .stopped
            case GIT_EAUTH.rawValue: self = .unauthorized
            case GIT_EEOF.rawValue: self = .closedByServer
            case GIT_ECERTIFICATE.rawValue: self = .hostKeyRefused
            default: self = .failed
            }
        }
    }
}

extension GitError: CustomStringConvertible {
    /// The operation and what was said, on one line.
    public var description: String {
        "\(function): \(message)"
    }
}

/// Runs one libgit2 call and throws the error that it left behind if its result is negative.
func check(_ function: StaticString, _ call: () -> Int32) throws(GitError) {
    let result = call()
    guard result >= 0 else { throw GitError(lastErrorOf: function, code: result) }
}
