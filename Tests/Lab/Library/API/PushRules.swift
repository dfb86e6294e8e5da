import Foundation

/// What GitLab checks before it takes a push: the first refusal speaks for all refs.
struct PushRules {
    let project: LabProject
    let accessLevel: Int
    /// Whether a branch's update leaves out commits, to be asked only where it matters.
    let isRewrite: (GitSession.Update) async -> Bool

    /// GitLab's words for why the push is refused.
    func refusal(of updates: [GitSession.Update]) async -> String? {
        for update in updates {
            if let branch = update.branch, let text = await refusal(of: update, branch: branch) {
                return text
            }
            if let tag = update.tag, let text = refusal(of: update, tag: tag) { return text }
        }
        return nil
    }

    private func refusal(of update: GitSession.Update, branch: String) async -> String? {
        if update.isCreation, branch.count == 40, branch.allSatisfy(\.isHexDigit) {
            return "You cannot create a branch with a 40-character hexadecimal branch name."
        }
        if update.isDeletion, branch == project.defaultBranch {
            return "The default branch of a project cannot be deleted."
        }
        let rules = project.protectedBranches.filter { Wildcard.matches($0.name, branch) }
        guard !rules.isEmpty else { return nil }
        if update.isDeletion {
            guard accessLevel >= AccessLevel.maintainer else {
                return "You are not allowed to delete protected branches from this project. "
                    + "Only a project maintainer or owner can delete a protected branch."
            }
            return "You can only delete protected branches using the web interface."
        }
        let mayPush = rules.contains { $0.pushLevel > 0 && accessLevel >= $0.pushLevel }
        if update.isCreation {
            return mayPush ? nil : "You are not allowed to create protected branches on this project."
        }
        // A group's rules overrule those of the project.
        let inherited = rules.filter(\.isInherited)
        let decisive = inherited.isEmpty ? rules : inherited
        if !decisive.contains(where: \.allowForcePush), await isRewrite(update) {
            return "You are not allowed to force push code to a protected branch on this project."
        }
        return mayPush ? nil : "You are not allowed to push code to protected branches on this project."
    }

    private func refusal(of update: GitSession.Update, tag: String) -> String? {
        let rules = project.protectedTags.filter { Wildcard.matches($0.name, tag) }
        if !update.isCreation, accessLevel < AccessLevel.maintainer {
            return "You are not allowed to change existing tags on this project."
        }
        guard !rules.isEmpty else { return nil }
        if update.isDeletion { return "Protected tags cannot be deleted." }
        if !update.isCreation { return "Protected tags cannot be updated." }
        let mayCreate = rules.contains { $0.createLevel > 0 && accessLevel >= $0.createLevel }
        return mayCreate ? nil : "You are not allowed to create this tag as it is protected."
    }
}
