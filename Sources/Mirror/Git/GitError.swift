import CLibGit2
import Foundation

/// A failure of a git operation: of libgit2, or of the git server at the other end.
public struct GitError: Error, Hashable, Sendable {
    /// What went wrong, for a program to act on.
    public let code: Code

    /// The words of libgit2, after the function that failed, or those of the server; escaped for display.
    public let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// Reads the last error of the calling thread, where libgit2 keeps it until its next call there.
    init(lastErrorOf function: StaticString, code: Int32) {
        let text = git_error_last().flatMap { $0.pointee.message }.map { String(cString: $0) } ?? "no message"
        self.init(Code(libGit2: code), "\(function): \(text.escapedForDisplay)")
        git_error_clear()
    }

    /// Says what the system refused.
    init(errno code: Int32, _ what: String) {
        self.init(.failed, "\(what): \(String(cString: strerror(code)))".escapedForDisplay)
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

        /// The server refused, or ended the conversation, usually with words of its own.
        public static let closedByServer = Code(rawValue: "git-refused")

        /// What the server sent is not git's protocol.
        public static let protocolViolation = Code(rawValue: "git-protocol")

        /// A repository that cannot be mirrored: shallow, or with SHA-256 names.
        public static let unsupportedRepository = Code(rawValue: "unsupported-repository")

        /// The repository names its objects by another hash than SHA-1, which libgit2 cannot read.
        public static let unsupportedObjectFormat = Code(rawValue: "unsupported-object-format")

        /// A ref on the target moved between our look at it and our push.
        public static let changedMeanwhile = Code(rawValue: "target-changed")

        /// The server refuses commands for now, since there were too many.
        public static let rateLimited = Code(rawValue: "git-rate-limited")

        /// The source's pack did not come to its end.
        static let cutOff = Code(rawValue: "git-cut-off")

        /// Objects that no pack of the mirror holds.
        static let notInPacks = Code(rawValue: "git-not-packed")

        /// Any other failure.
        public static let failed = Code(rawValue: "git-failed")

        init(libGit2 code: Int32) {
            self = code == GIT_ENOTFOUND.rawValue ? .notFound : .failed
        }
    }
}

extension GitError: CustomStringConvertible {
    /// What was said, on one line.
    public var description: String { message }
}

/// Runs one libgit2 call and throws the error that it left behind if its result is negative.
func check(_ function: StaticString, _ call: () -> Int32) throws(GitError) {
    let result = call()
    guard result >= 0 else { throw GitError(lastErrorOf: function, code: result) }
}
