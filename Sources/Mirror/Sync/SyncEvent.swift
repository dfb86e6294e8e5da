/// What a run tells while it works.
public enum SyncEvent: Sendable {
    /// The plan is made; so many projects are in scope.
    case planned(projects: Int)
    /// Work on a project, named by its source path, begins.
    case started(String)
    /// So many more bytes of a pack came from the source; often, and from any thread.
    case received(bytes: Int)
    /// Work on a project is over: a report for the project, and one for its wiki and each of its snippets.
    case finished([ProjectReport])
}
