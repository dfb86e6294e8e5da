/// GitLab's ways to say over SSH that a project has no wiki.
enum WikiText {
    /// Whether a server's refusal means that there is no wiki repository (`Gitlab::GitAccessWiki`).
    static func saysThereIsNone(_ text: String) -> Bool {
        text.contains("A repository for this wiki does not exist yet")
            || text.contains("The wiki you were looking for could not be found")
    }
}
