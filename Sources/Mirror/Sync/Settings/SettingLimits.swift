/// What one run has learned of the settings that the target does not take, so that not every project asks again.
actor SettingLimits {
    private var refusedVisibilities: Set<GitLabVisibility> = []
    private var ignored: Set<Ignored> = []

    private struct Ignored: Hashable {
        let name: String
        let value: JSONValue
    }

    /// The highest level that is not above `visibility` and was not refused; nil if all were.
    func allowed(_ visibility: GitLabVisibility) -> GitLabVisibility? {
        var level: GitLabVisibility? = visibility
        while let candidate = level, refusedVisibilities.contains(candidate) { level = candidate.lower }
        return level
    }

    /// The administrator restricts a level for everybody.
    func refuse(_ visibility: GitLabVisibility) {
        refusedVisibilities.insert(visibility)
    }

    /// The server took a value without a word and kept its own, for example LFS where the whole server has none.
    func ignore(_ difference: SettingDifference) {
        ignored.insert(Ignored(name: difference.name, value: difference.new))
    }

    /// The differences that it makes sense to send.
    func withoutIgnored(_ differences: [SettingDifference]) -> [SettingDifference] {
        differences.filter { !ignored.contains(Ignored(name: $0.name, value: $0.new)) }
    }
}
