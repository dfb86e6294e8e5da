/// What clients did.
extension LabServer {
    /// The requests to the API, oldest first.
    public var requests: [LabRequest] { core.withState { $0.requests } }

    /// The git sessions over SSH, oldest first, also those that were refused before git started.
    public var gitSessions: [GitSession] { core.endedSessions() }

    /// Forgets requests and sessions.
    public func clearJournal() { core.clearJournal() }
}
