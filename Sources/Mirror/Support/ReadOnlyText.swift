/// GitLab's ways to say that it takes no writes, by API and over SSH.
enum ReadOnlyText {
    /// Whether a whole server takes no writes: in maintenance mode, or as a Geo secondary.
    static func speaksOfTheInstance(_ text: String) -> Bool {
        text.contains("read-only instance") || text.contains("read-only GitLab instance")
            || text.contains("(read-only) maintenance mode")
    }

    /// Whether one repository takes no pushes for now, as while it is moved to another storage.
    static func speaksOfTheRepository(_ text: String) -> Bool {
        text.contains("repository is temporarily read-only")
    }
}
