/// The result of one run.
public struct RunReport: Sendable {
    /// What was done for each project, wiki and snippet, in the order of their source paths.
    public var projects: [ProjectReport]

    /// What went wrong outside of any project, for example a source group that does not exist.
    public var failures: [SyncFailure]

    /// What waits for a person's word.
    public var findings: [GuardFinding]

    /// A report of `projects`.
    public init(projects: [ProjectReport], failures: [SyncFailure], findings: [GuardFinding] = []) {
        self.projects = projects
        self.failures = failures
        self.findings = findings
    }

    /// Whether everything in scope is equal on both sides.
    public var isEqual: Bool {
        failures.isEmpty && findings.isEmpty && projects.allSatisfy { $0.status.isGood }
    }

    /// Whether all that is not equal waits for a person's word.
    public var isHeld: Bool {
        !findings.isEmpty && failures.isEmpty && projects.allSatisfy { $0.status.isGood || $0.isHeld }
    }
}
