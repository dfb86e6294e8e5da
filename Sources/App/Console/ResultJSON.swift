import Foundation
import Mirror

/// The document that `--output json` prints.
struct ResultJSON: Encodable {
    let result: String
    let run: Run
    let projects: [Project]
    let errors: [SyncFailure]
    let guards: [Guard]

    /// The target groups whose settings a run would change; only in a plan.
    var groups: [Group]?

    struct Run: Encodable {
        let version = ProductVersion.current
        let command: String
        let started: String
        let seconds: Double
        let exitCode: Int32
        /// How many repositories `--changed-only` left alone as unchanged.
        var notLookedAt = 0
    }

    /// A change that waits for a person's word.
    struct Guard: Encodable {
        let id: String
        let code: String
        let message: String
        let approve: String
    }

    struct Project: Encodable {
        let source: String
        let target: String
        let kind: ProjectReport.Kind
        let status: String
        let refs: RefCounts
        let archived: [String]
        let bytes: Int
        let packs: [String: Int]
        let seconds: Double
        let error: SyncFailure?
        let changes: [Change]?
        let settings: [Setting]?
        let notes: [SyncFailure]?
    }

    /// A target group whose settings a run would change.
    struct Group: Encodable {
        let target: String
        let settings: [Setting]
    }

    /// A setting of a copy that was changed, or that a run would change.
    struct Setting: Encodable {
        let name: String
        let old: String
        let new: String
    }

    struct Change: Encodable {
        let ref: String
        let old: String?
        let new: String?
    }

    /// One line of JSON.
    func text() throws -> String {
        try JSONLine.text(self)
    }
}

extension ResultJSON.Project {
    init(_ report: ProjectReport, isPreview: Bool) {
        source = report.source
        target = report.target
        kind = report.kind
        status = isPreview ? report.previewStatus : report.status.rawValue
        refs = report.refs
        archived = report.archived.map(\.rawValue)
        bytes = report.bytes
        packs = Dictionary(uniqueKeysWithValues: report.packs.map { ($0.key.rawValue, $0.value) })
        seconds = report.duration.seconds
        error = report.failure
        changes =
            isPreview
            ? report.changes.map { ResultJSON.Change(ref: $0.ref, old: $0.old, new: $0.new) } : nil
        settings = report.settings.isEmpty ? nil : report.settings.map(ResultJSON.Setting.init)
        notes = report.notes.isEmpty ? nil : report.notes
    }
}

extension ResultJSON.Setting {
    init(_ change: SettingChange) {
        self.init(name: change.name, old: change.old, new: change.new)
    }
}

extension ResultJSON.Group {
    init(_ change: GroupSettingsChange) {
        self.init(target: change.path, settings: change.settings.map(ResultJSON.Setting.init))
    }
}

extension ProjectReport {
    /// In a plan nothing was synced: what differs is pending.
    fileprivate var previewStatus: String {
        status == .partial ? "pending" : status.rawValue
    }
}

extension Duration {
    /// The duration in seconds, to the millisecond.
    var seconds: Double {
        (Double(components.seconds) * 1000 + (Double(components.attoseconds) / 1e15).rounded()) / 1000
    }
}
