import ArgumentParser
import Mirror

/// The exit codes of the contract: those of `sysexits.h` where one fits.
enum ExitStatus: Int32 {
    case equal = 0
    case different = 1
    case held = 3
    case usage = 64
    case unreachable = 69
    case internalError = 70
    case locked = 75
    case unauthorized = 77
    case interrupted = 130
    case terminated = 143

    /// The word in `result` of the JSON output.
    var name: String {
        switch self {
        case .equal: "equal"
        case .different: "different"
        case .held: "held"
        case .usage: "configuration"
        case .unreachable: "unreachable"
        case .internalError: "internal-error"
        case .locked: "locked"
        case .unauthorized: "unauthorized"
        case .interrupted, .terminated: "stopped"
        }
    }

    /// The code for a run that came to its end.
    init(_ report: RunReport) {
        self = report.isEqual ? .equal : report.isHeld ? .held : .different
    }

    /// The code for an error that ended the whole run.
    init(_ error: any Error) {
        switch error {
        case is ConfigurationError: self = .usage
        case let failure as SyncFailure:
            switch failure.code {
            case "configuration": self = .usage
            case SyncFailure.targetReadOnly: self = .unreachable
            default: self = .different
            }
        case is RunLock.Held: self = .locked
        case let error as GitLabError:
            switch error.code {
            case .unauthorized, .insufficientScope, .forbidden: self = .unauthorized
            case .redirected: self = .usage
            case .unreachable, .serverFailure, .rateLimited, .readOnly, .notGitLab, .notFound,
                .listingIncomplete:
                self = .unreachable
            default: self = .internalError
            }
        default: self = .internalError
        }
    }
}
