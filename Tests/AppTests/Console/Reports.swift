@testable import App
@testable import Mirror

/// Swift Testing has an `ExitStatus` of its own.
typealias AppExitStatus = ExitStatus

/// Reports as the engine makes them.
enum Reports {
    static func project(
        _ source: String = "acme/app",
        target: String = "copies/app",
        kind: ProjectReport.Kind = .project,
        status: ProjectReport.Status = .synced,
        failure: SyncFailure? = nil
    ) -> ProjectReport {
        let project = GitLabProject(
            id: 7,
            name: "App",
            path: "app",
            fullPath: source,
            namespacePath: "acme",
            defaultBranch: "main",
            sshURL: "ssh://git@host/acme/app.git",
            httpURL: "https://host/acme/app.git",
            webURL: nil,
            isArchived: false,
            hasWikiFeature: true,
            isMarkedForDeletion: false,
            importStatus: nil,
            objectFormat: nil,
            repositorySize: nil
        )
        let planned = PlannedProject(
            source: project,
            targetPath: target,
            rules: MirrorRules(),
            existing: nil,
            obstacle: nil
        )
        return ProjectReport(planned, kind: kind, status: status, failure: failure)
    }

    static func change(_ name: String, old: String?, new: String?) -> ReportedChange {
        ReportedChange(
            RefChange(name: RefName(rawValue: name), old: old.flatMap(id), new: new.flatMap(id))
        )
    }

    /// An object id of one repeated digit.
    private static func id(_ digit: String) -> ObjectID? {
        ObjectID(hex: String(repeating: digit, count: 40))
    }
}
