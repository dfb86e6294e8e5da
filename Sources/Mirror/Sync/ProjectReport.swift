/// What was done for one repository: a project's, its wiki's or a snippet's.
public struct ProjectReport: Sendable {
    /// A repository of a project.
    public typealias Kind = RepositoryRole

    /// How the copy stands after the run.
    public enum Status: String, Sendable, Codable, CaseIterable {
        /// The copy was changed and is now equal.
        case synced
        /// The copy was already equal.
        case unchanged
        /// There is nothing to copy.
        case empty
        /// Some refs are equal, others were refused or left alone.
        case partial
        /// The copy is not known to be equal.
        case failed
        /// The project is not in scope, for the reason given.
        case skipped

        /// Whether the copy is as it should be.
        public var isGood: Bool { self != .partial && self != .failed }
    }

    /// The number at the source of the project, or of the snippet.
    let sourceID: Int

    /// The full path at the source, as the server sent it: escape it before it is shown.
    public var source: String

    /// The full path on the target.
    public var target: String

    /// Which of the project's repositories this is.
    public var kind: Kind

    /// How the copy stands.
    public var status: Status

    /// How many refs changed on the target.
    public var refs = RefCounts()

    /// The refs on the target that keep old tips.
    public var archived: [RefName] = []

    /// Pack data that came from the source, in bytes.
    public var bytes = 0

    /// How many packs of each kind were sent to the target.
    public var packs: [PackKind: Int] = [:]

    /// What became of the LFS objects that were not known to be copied.
    public var lfs = LFSCounts()

    /// How long the work took.
    public var duration = Duration.zero

    /// Why the copy is not equal, or why the project was skipped.
    public var failure: SyncFailure?

    /// What differs: filled by a plan, which changes nothing.
    public var changes: [ReportedChange] = []

    /// The settings of the copy that were changed; in a plan those that would be.
    public var settings: [SettingChange] = []

    /// What is otherwise than one might expect, though nothing went wrong.
    public var notes: [SyncFailure] = []

    /// Whether only a guard keeps the copy from being equal.
    public internal(set) var isHeld = false

    /// Whether both sides were asked; if not, nothing can have changed since they were last found to be equal.
    public internal(set) var isLookedAt = true

    /// What waits for the guards.
    var losses: HeldLosses?

    /// Which settings the target did not take.
    var refusedSettings: SyncFailure?

    /// Whether the copy is archived now; nil if that is not known.
    var copyIsArchived: Bool?

    /// How many branches and tags the copy had.
    var refCount = 0

    /// How many old tips only the mirror keeps.
    var keptInMirrorOnly = 0

    /// Where the copy is, until the state has noted it.
    var copy: KnownCopy?

    /// The snippet and its copy, for a second pass.
    var snippet: SnippetPair?

    /// What the copy holds now, until the state has noted it.
    var seen: SeenRefs?

    init(_ planned: PlannedProject, kind: Kind, status: Status, failure: SyncFailure? = nil) {
        self.init(
            sourceID: planned.source.id,
            source: planned.source.fullPath,
            target: planned.targetPath,
            kind: kind,
            status: status,
            failure: failure
        )
    }

    init(
        sourceID: Int,
        source: String,
        target: String,
        kind: Kind,
        status: Status,
        failure: SyncFailure?
    ) {
        self.sourceID = sourceID
        self.source = source
        self.target = target
        self.kind = kind
        self.status = status
        self.failure = failure
    }
}

extension ProjectReport {
    /// Takes over what was done.
    mutating func take(_ outcome: RepositorySync.Outcome) {
        status = outcome.status
        refs = outcome.refs
        archived = outcome.archived
        bytes = outcome.bytes
        packs = outcome.packs
        lfs = outcome.lfs
        failure = outcome.failure
        changes = outcome.changes.map(ReportedChange.init)
        losses = outcome.losses
        refCount = outcome.refCount
        seen = outcome.seen
        keptInMirrorOnly = outcome.keptInMirrorOnly
    }

    /// The report of two steps of one run, with what the `first` did.
    func adding(_ first: ProjectReport) -> ProjectReport {
        var sum = self
        sum.refs.add(first.refs)
        sum.archived = first.archived + archived
        sum.bytes += first.bytes
        sum.packs.merge(first.packs, uniquingKeysWith: +)
        sum.lfs.add(first.lfs)
        sum.duration += first.duration
        if sum.status == .failed, sum.refs.changed > 0 { sum.status = .partial }
        sum.settings = first.settings + settings
        sum.notes = first.notes + notes
        sum.refusedSettings = first.refusedSettings ?? refusedSettings
        sum.noteRefusedSettings()
        return sum
    }
}
