import Logging

// The branch that a copy shows first.
extension RepositorySync {
    /// Makes the source's default branch that of the copy, where there is an API for it and the filters let the branch through.
    ///
    /// - Parameters:
    ///   - head: The source's default branch; it must be on the target.
    ///   - present: The refs of the target, with its HEAD.
    /// - Returns: Why it could not be done; the refs may be equal all the same.
    /// - Throws: ``GitLabError`` `target-read-only`, `CancellationError`.
    func adoptDefaultBranch(_ head: RefName?, over present: RefListing) async throws -> SyncFailure? {
        guard let defaultBranch, let head, head.isBranch, rules.branches.includes(head) else { return nil }
        do {
            try await defaultBranch.adopt(head, over: present.head)
            return nil
        } catch let error as GitLabError where error.code != .readOnly {
            return SyncFailure(
                code: "default-branch",
                message:
                    "'\(head.shortName.escapedForDisplay)' could not be made the copy's default branch: \(error)",
                hint: SyncFailure(describing: error).hint
            )
        }
    }

    /// Notes the source's HEAD in the mirror: it moves without any ref, and the mirror is what a restore has to go by.
    func keepHead(of source: RefListing) async throws {
        guard let head = source.head, rules.branches.includes(head),
            RefFiles(repository: mirror.path + "/").head != head
        else { return }
        try await Repository.open(bareAt: mirror.path).setHead(to: head)
    }

    /// Says that the copy of a wiki shows another branch: GitLab has no way to change that.
    func warnOfHead(_ source: RefListing, copy shown: RefName?) {
        guard let head = source.head, rules.branches.includes(head), let shown, shown != head else { return }
        Logger.current.warning(
            "the copy of a wiki shows another branch than its source; GitLab has no way to change a wiki's HEAD",
            metadata: [
                "wiki": "\(description.escapedForDisplay)",
                "source": "\(head.shortName.escapedForDisplay)",
                "copy": "\(shown.shortName.escapedForDisplay)",
            ]
        )
    }
}

extension RefListing {
    /// The branch that GitLab shows: HEAD's if it exists, or else one by name (`GetDefaultBranch` of Gitaly).
    var shownBranch: RefName? {
        let usual = [head, .branch("main"), .branch("master")].compactMap(\.self)
        return usual.first { refs[$0] != nil } ?? refs.keys.filter(\.isBranch).min()
    }
}
