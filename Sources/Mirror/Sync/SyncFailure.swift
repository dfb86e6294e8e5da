/// Why a project was not mirrored, for people and for programs.
public struct SyncFailure: Error, Hashable, Sendable, Codable {
    /// A stable name, for example `protected-branch`.
    public let code: String

    /// What happened, with the server's words.
    public let message: String

    /// What to do about it.
    public let hint: String

    /// A failure with the next step.
    public init(code: String, message: String, hint: String) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    /// The code of what was stopped by a signal.
    static let stoppedCode = "stopped"

    /// A GitLab refuses to make something at `path`.
    static func pathRefused(_ path: String, _ reason: String) -> SyncFailure {
        SyncFailure(
            code: "path-refused",
            message: "nothing new can be made at '\(path.escapedForDisplay)' on the target: \(reason)",
            hint: "rename it at the source; a group can also get another target, by --group SRC=DST"
        )
    }

    /// The group at `path` on the target could not be made or seen; why is a failure of its own.
    static func groupMissing(_ path: String) -> SyncFailure {
        SyncFailure(
            code: "group-missing",
            message: "the target group '\(path.escapedForDisplay)' is not there",
            hint: "the next run tries again"
        )
    }

    /// Refs of the source have names that cannot be copied.
    static func unreadableNames(_ names: [String]) -> SyncFailure {
        SyncFailure(
            code: "ref-name-not-utf8",
            message: "no UTF-8: " + names.prefix(5).joined(separator: ", "),
            hint: "rename the refs at the source; everything else is copied"
        )
    }

    /// Puts any error of this library into these words.
    public init(describing error: any Error) {
        switch error {
        case let failure as SyncFailure: self = failure
        case let error as GitLabError:
            self.init(code: error.code.rawValue, message: error.description, hint: Self.hint(for: error))
        case let error as GitError where ReadOnlyText.speaksOfTheInstance(error.message):
            self.init(
                code: Self.targetReadOnly,
                message: "the target takes no pushes: \(error.message)",
                hint: Self.readOnlyHint
            )
        case let error as GitError where ReadOnlyText.speaksOfTheRepository(error.message):
            self.init(
                code: "repository-read-only",
                message: error.description,
                hint: "the server moves this repository or backs it up; the next run tries again"
            )
        case let error as GitError:
            self.init(code: error.code.rawValue, message: error.description, hint: Self.hint(for: error))
        case let error as ConnectionError:
            self.init(
                code: error.code.rawValue,
                message: error.message,
                hint: error.hint ?? "read the message; the next run tries again"
            )
        case let error as LFSError:
            self.init(code: error.code.rawValue, message: error.message, hint: error.hint)
        case is CancellationError:
            self.init(
                code: Self.stoppedCode,
                message: "the run was stopped",
                hint: "the next run goes on from here"
            )
        default:
            self.init(
                code: "unexpected",
                message: "\(error)".escapedForDisplay,
                hint: "run again with -v and report what it prints"
            )
        }
    }

    /// The code of a target that takes no writes at all, for now.
    public static let targetReadOnly = GitLabError.Code.readOnly.rawValue

    private static let readOnlyHint =
        "wait until its administrator ends the maintenance, or name the primary if it is a Geo secondary; the next run goes on from here"

    /// Whether every other project would fail for the same reason.
    var isOfTheWholeTarget: Bool { code == Self.targetReadOnly }

    private static func hint(for error: GitLabError) -> String {
        switch error.code {
        case .unauthorized: "create a new token and set it; see 'Keys and tokens' in the README"
        case .insufficientScope: "the source token needs the scope read_api, the target token the scope api"
        case .forbidden:
            "give the token's user the rights that the message names (Maintainer or Owner of the target group)"
        case .readOnly: readOnlyHint
        case .notFound: "check the path, and that the token's user can see it"
        case .taken: "give the token's user access to what is there, or choose another target group"
        case .stillBeingDeleted: "the next run tries again; until then the server keeps the name"
        case .rateLimited: "lower --jobs, or ask the administrator to raise the API rate limit"
        case .serverFailure: "the server has a problem of its own; the next run tries again"
        case .unreachable: "check the URL and the network between here and there"
        case .redirected: "use the URL that the message names"
        case .listingIncomplete:
            "nothing was changed; run again when less is created and deleted on the server, and see its log if it stays so"
        case .notGitLab: "check that the URL is a GitLab's base URL, and what proxy stands before it"
        default: "read the server's message; it says which value it does not take"
        }
    }

    private static func hint(for error: GitError) -> String {
        switch error.code {
        case .rateLimited:
            "lower --jobs, or ask the administrator to raise the limit of git operations by SSH; the next run tries again"
        case .changedMeanwhile: "somebody else pushes to the copy; the next run looks again"
        case .unsupportedRepository, .unsupportedObjectFormat: "this project cannot be mirrored as it is"
        case .protocolViolation: "check what answers at the address of the project"
        default: "read the server's message; the next run tries again"
        }
    }
}
