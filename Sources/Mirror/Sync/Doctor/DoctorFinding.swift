/// One thing that a run needs, and how it stands.
public struct DoctorFinding: Hashable, Sendable {
    /// Where it belongs.
    public enum Area: String, Sendable, CaseIterable {
        /// The API of the source, and its token.
        case source
        /// The API of the target, and its token.
        case target
        /// The git host of the source.
        case sourceGit = "source-git"
        /// The git host of the target.
        case targetGit = "target-git"
        /// The state directory.
        case state
        /// The machine that the run is on.
        case machine
    }

    /// How it stands.
    public enum Level: String, Sendable {
        /// A run can rely on it.
        case ok
        /// A run works, but not as well as it could, or not for long.
        case warning
        /// A run fails by it, as a whole or in part.
        case error
    }

    /// What kind of error it is, where exit codes tell kinds apart.
    public enum Cause: String, Sendable {
        /// The settings contradict each other or what is there.
        case configuration
        /// A server does not answer, or not as it should.
        case unreachable
        /// A token or a key is refused, or there is none.
        case credentials
    }

    /// Where it belongs.
    public let area: Area

    /// How it stands.
    public let level: Level

    /// The stable name of what was looked at, for example `token-expiry`.
    public let code: String

    /// What was found; never a secret.
    public let message: String

    /// What to do about it; nil for what is as it should be.
    public let fix: String?

    /// What kind of error it is; nil for every other.
    public let cause: Cause?

    static func ok(_ area: Area, _ code: String, _ message: String) -> DoctorFinding {
        DoctorFinding(area: area, level: .ok, code: code, message: message, fix: nil, cause: nil)
    }

    static func warning(_ area: Area, _ code: String, _ message: String, fix: String) -> DoctorFinding {
        DoctorFinding(area: area, level: .warning, code: code, message: message, fix: fix, cause: nil)
    }

    static func error(
        _ area: Area,
        _ code: String,
        _ message: String,
        fix: String,
        cause: Cause? = nil
    ) -> DoctorFinding {
        DoctorFinding(area: area, level: .error, code: code, message: message, fix: fix, cause: cause)
    }

    /// An error of this library as a finding.
    static func error(_ area: Area, _ code: String, describing error: any Error) -> DoctorFinding {
        let failure = SyncFailure(describing: error)
        return .error(area, code, failure.message, fix: failure.hint, cause: Cause(error))
    }
}

extension DoctorFinding.Cause {
    private static let unreachableHost: Set<SSHError.Code> = [
        .unresolvable, .refused, .connectTimeout, .silentServer, .busy, .notSSH, .connectionLost, .stalled,
        .keyExchange, .notGit, .serverFailure, .rateLimited,
    ]
    private static let refusedKey: Set<SSHError.Code> = [
        .unauthorized,
        .noKey, .keyEncrypted, .keyUnreadable, .keyNotAccepted, .keyNeedsNewerLibrary, .noKeyLogin, .agent,
    ]

    /// The kind of an error of this library; nil for those that no exit code is for.
    init?(_ error: any Error) {
        switch error {
        case let failure as SyncFailure where failure.code == "configuration": self = .configuration
        case let error as GitLabError:
            switch error.code {
            case .unauthorized, .insufficientScope: self = .credentials
            case .redirected: self = .configuration
            case .unreachable, .serverFailure, .rateLimited, .notGitLab: self = .unreachable
            default: return nil
            }
        case let error as SSHError where Self.unreachableHost.contains(error.code): self = .unreachable
        case let error as SSHError where Self.refusedKey.contains(error.code): self = .credentials
        default: return nil
        }
    }
}
