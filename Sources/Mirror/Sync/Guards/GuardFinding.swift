import Crypto
import Foundation

/// A change that is held back until a person approves of it.
public struct GuardFinding: Hashable, Sendable {
    /// Why a change is held back.
    public enum Kind: String, Hashable, Sendable, Codable {
        /// Too many refs were deleted at the source.
        case massDelete = "mass-delete"
        /// Too many refs were rewritten at the source.
        case massRewrite = "mass-rewrite"
        /// The source has no branches and tags any more.
        case sourceEmptied = "source-emptied"
        /// The default branch has another history that shares no commit with the one before.
        case unrelatedHistory = "unrelated-history"
    }

    /// Names this very finding: it is made of what would change, so that an approval holds for nothing else.
    public let id: String

    /// Why the change is held back.
    public let kind: Kind

    /// What was found.
    public let message: String

    /// The repositories that stay as they are; a project's and its wiki's are two.
    let repositories: Set<HeldRepository>

    /// The command that repeats the run and makes what this finding holds back.
    public let approval: String

    init(_ kind: Kind, _ message: String, losses: [HeldLosses], command: String) {
        self.kind = kind
        self.message = message
        repositories = Set(losses.map(\.repository))
        var hash = SHA256()
        hash.update(data: Data(kind.rawValue.utf8))
        for loss in losses.sorted(by: { $0.repository < $1.repository }) {
            hash.update(data: Data("\n\(loss.repository.id) \(loss.repository.kind.rawValue)".utf8))
            for change in loss.changes.sorted(by: { $0.name < $1.name }) {
                let ids = [change.old, change.new].map { $0?.description ?? "-" }
                hash.update(data: Data("\n\(ids[0]) \(ids[1]) \(change.name.rawValue)".utf8))
            }
        }
        id = hash.finalize().prefix(5).map { String(format: "%02x", $0) }.joined()
        approval = "\(command) --approve \(id)"
    }

    /// The finding as the reason why a copy is not equal.
    var failure: SyncFailure {
        SyncFailure(
            code: kind.rawValue,
            message: message,
            hint: "look at the source; if it is meant to be so: \(approval)"
        )
    }
}

/// A repository of the source, by its project's number.
struct HeldRepository: Hashable, Sendable, Comparable {
    let id: Int
    let kind: ProjectReport.Kind

    static func < (left: HeldRepository, right: HeldRepository) -> Bool {
        (left.id, left.kind.rawValue) < (right.id, right.kind.rawValue)
    }
}

/// The changes of one repository that lose a tip by its name, and wait for the guards.
struct HeldLosses: Hashable, Sendable {
    let repository: HeldRepository
    let source: String
    let changes: [RefChange]

    /// How many branches and tags the copy has.
    let refCount: Int

    /// The default branch, if its old and its new tip share no commit.
    var unrelatedBranch: RefName?

    /// Whether the source has nothing any more.
    var sourceIsEmpty = false

    var deletions: [RefChange] { changes.filter { $0.new == nil } }
    var rewrites: [RefChange] { changes.filter { $0.new != nil } }
}
