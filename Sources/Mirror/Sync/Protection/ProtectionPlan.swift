/// What the rules of a project mean for changes that rewrite or delete branches.
struct ProtectionPlan: Sendable {
    /// What must be done to a rule so that a change can be pushed.
    struct Opening: Hashable, Sendable {
        let rule: GitLabProtectedBranch
        let change: OpenedRule.Change
    }

    /// The changes that no rule keeps from being made, as far as is known.
    private(set) var free: [RefChange] = []

    /// The changes that need rules opened, with these.
    private(set) var opening: [(change: RefChange, needs: [Opening])] = []

    /// The changes for which no rule may be opened, and why.
    private(set) var blocked: [(change: RefChange, refusal: PushRefusal)] = []

    /// Looks for the least that must be opened.
    ///
    /// One rule that allows it is enough for a rewrite, so only the most exact of several is opened; all of them keep a branch from
    /// being deleted. Rules of groups above decide alone about rewrites where there are any, and nothing here opens them.
    init(_ changes: [RefChange], rules: [GitLabProtectedBranch]) {
        for change in changes {
            let covering = rules.filter { $0.covers(change.name.shortName) }
            let inherited = covering.filter(\.isInherited)
            let decisive = inherited.isEmpty ? covering : inherited
            if covering.isEmpty || (change.new != nil && decisive.contains(where: \.allowsForcePush)) {
                free.append(change)
            } else if let rule = inherited.first {
                blocked.append((change, .inheritedRule(rule.name)))
            } else if change.new == nil {
                if let rule = covering.first(where: { !$0.isRestorable }) {
                    blocked.append((change, .notRestorableRule(rule.name)))
                } else {
                    opening.append((change, covering.map { Opening(rule: $0, change: .removal) }))
                }
            } else if covering.allSatisfy(\.forbidsPushes) {
                blocked.append((change, .pushForbiddenRule(covering[0].name)))
            } else if let rule = Self.mostExact(covering) {
                opening.append((change, [Opening(rule: rule, change: .forcePush)]))
            }
        }
    }

    /// The rule that stands for the fewest branches: one without a wildcard, or else that with the longest name.
    private static func mostExact(_ rules: [GitLabProtectedBranch]) -> GitLabProtectedBranch? {
        rules.max { left, right in
            (left.name.contains("*") ? 0 : 1, left.name.count) < (
                right.name.contains("*") ? 0 : 1, right.name.count
            )
        }
    }
}
