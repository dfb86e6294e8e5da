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
        /// The token sees fewer groups than in earlier runs.
        case groupsMissing = "groups-missing"
    }

    /// Names this very finding: it is made of what would change, so that an approval holds for nothing else.
    public let id: String

    /// Why the change is held back.
    public let kind: Kind

    /// What was found.
    public let message: String

    /// The repositories that stay as they are; a project's and its wiki's are two.
    let repositories: Set<SourceRepository>

    /// The command that repeats the run and makes what this finding holds back.
    public let approval: String

    init(_ kind: Kind, _ message: String, losses: [HeldLosses], command: String) {
        self.kind = kind
        self.message = message
        repositories = Set(losses.map(\.repository))
        let lines = losses.sorted { $0.repository < $1.repository }.flatMap { loss in
            ["\(loss.repository.id) \(loss.repository.kind.rawValue)"]
                + loss.changes.sorted { $0.name < $1.name }.map { change in
                    let ids = [change.old, change.new].map { $0?.description ?? "-" }
                    return "\(ids[0]) \(ids[1]) \(change.name.rawValue)"
                }
        }
        id = Self.id(of: lines, kind: kind)
        approval = "\(command) --approve \(id)"
    }

    /// Groups that earlier runs saw at the source.
    init(groupsMissing groups: [KnownCopy], command: String) {
        let names = groups.listed(upTo: 3) { "'\($0.sourcePath.escapedForDisplay)'" }
        kind = .groupsMissing
        message =
            "the source no longer shows the groups \(names): they were deleted, or the token lost its access; "
            + "their copies stay as they are"
        repositories = []
        id = Self.id(of: groups.map { "\($0.sourceID)" }.sorted(), kind: kind)
        approval = "\(command) --approve \(id)"
    }

    private static func id(of lines: [String], kind: Kind) -> String {
        let text = ([kind.rawValue] + lines).joined(separator: "\n")
        return ShortDigest.of(text)
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
