/// What GitLab checks before a snippet takes a push: `Gitlab::Checks::SnippetCheck` and `PushFileCountCheck`.
struct SnippetRules {
    /// The branch of HEAD.
    let defaultBranch: String?
    /// How many files a commit holds.
    let fileCount: (String) async -> Int

    /// `Snippet.max_file_limit`.
    static let fileLimit = 10

    /// GitLab's words for why the push is refused.
    func refusal(of updates: [GitSession.Update]) async -> String? {
        for update in updates {
            guard let defaultBranch, update.branch == defaultBranch, !update.isDeletion else {
                return "You can not create or delete branches."
            }
            let count = await fileCount(update.new)
            if count == 0 { return "The repository must contain at least 1 file." }
            if count > Self.fileLimit {
                return "The repository can contain at most \(Self.fileLimit) file(s)."
            }
        }
        return nil
    }
}
