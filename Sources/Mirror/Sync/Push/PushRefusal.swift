/// Why one ref was not pushed: the server's refusal, or a rule of ours.
struct PushRefusal: Hashable, Sendable {
    /// A stable name, for example `protected-branch`.
    let code: String

    /// What happened, with the server's words, escaped for display.
    let message: String

    /// What to do about it.
    let hint: String

    static let generalCode = "refs-refused"

    /// Pointers whose objects the target does not have (`Gitlab::Checks::LfsCheck`).
    static let lfsObjectsMissing = "lfs-objects-missing"
}

// What servers say.
extension PushRefusal {
    /// What a server said: git's reason for the ref, and the words of its hooks.
    init(_ reason: String, words: String) {
        message = [reason, words].filter { !$0.isEmpty }.joined(separator: ": ")
        let text = message
        let known = Self.known.first { text.contains($0.words) }
        code = known?.code ?? Self.generalCode
        hint = known?.hint ?? "read the server's message; the next run tries again"
    }

    /// GitLab's words, from its `Gitlab::Checks` and from git, with what they mean.
    private static let known: [(words: String, code: String, hint: String)] = [
        ("force push code to a protected branch", protectedBranch, rightsHint),
        ("only delete protected branches", protectedBranch, rightsHint),
        ("delete protected branches", protectedBranch, rightsHint),
        ("push code to protected branches", protectedBranch, pushHint),
        ("create protected branches", protectedBranch, pushHint),
        ("rotected tags cannot be", protectedTag, tagHint),
        ("create this tag as it is protected", protectedTag, tagHint),
        (
            "change existing tags", protectedTag,
            "give the target token's user the role Maintainer on the copy, which changing a tag needs"
        ),
        (
            "default branch of a project cannot be deleted", "default-branch",
            "the next run makes the source's default branch that of the copy; give the token's user the role Maintainer if it does not"
        ),
        ("40-character hexadecimal", branchName, nameHint),
        (
            "Push operation timed out", "push-timed-out",
            "the server took too long to check the push; the next run goes on with what is missing, or ask the administrator to look at its load"
        ),
        (
            "exceeds maximum allowed size", "push-too-large",
            "ask the administrator to raise the maximum push size of the target (Admin, Settings, General, Account and limit)"
        ),
        (
            "allocated storage", "storage-exceeded",
            "ask the administrator of the target for more storage for this group"
        ),
        (
            "exceeded its size limit", "storage-exceeded",
            "ask the administrator to raise the repository size limit of the target"
        ),
        (
            "repository can contain at most", "snippet-files",
            "GitLab allows a snippet so many files; the copy keeps what it has until the source has fewer"
        ),
        ("fsck error", "object-refused", objectHint),
        (
            "LFS objects are missing", lfsObjectsMissing,
            "copy LFS objects too (--lfs keep), or switch Git LFS off for the copy"
        ),
        (
            "read-only GitLab instance", SyncFailure.targetReadOnly,
            "wait until the target takes writes again; the next run goes on from here"
        ),
        (
            "temporarily read-only", "repository-read-only",
            "the server moves this repository or backs it up; the next run tries again"
        ),
    ]

    private static let protectedBranch = "protected-branch"
    private static let protectedTag = "protected-tag"
    private static let branchName = "branch-name-refused"
    private static let rightsHint =
        "give the target token's user the role Maintainer on the copy, so that the rule can be opened for the push; or allow force push for this protected branch (Settings, Repository, Protected branches)"
    private static let pushHint =
        "let the target token's user push to this protected branch (Settings, Repository, Protected branches); who may push is never changed by a run"
    private static let tagHint =
        "remove the rule for this protected tag on the copy (Settings, Repository, Protected tags); a run never does"
    private static let nameHint = "rename the branch at the source; everything else is copied"
    private static let objectHint =
        "the source holds an object that the target's git does not take; ask the target's administrator to skip this check (fsck.skipList or fsck.<message-id> of Gitaly)"
}

// What we leave out ourselves.
extension PushRefusal {
    static let rewriteBlocked = PushRefusal(
        code: "rewrite-blocked",
        message: "it was rewritten at the source, and rewriting is switched off",
        hint: "allow it with --force-push (the old tip is kept), or restore the branch at the source"
    )

    /// GitLab takes no new branch whose name is an object's: one of them refuses a whole push.
    static let branchNamedLikeAnObject = PushRefusal(
        code: branchName,
        message: "GitLab takes no new branch with a name of 40 hexadecimal digits",
        hint: nameHint
    )

    static func oldTipNotKept(as place: RefName, _ reason: String) -> PushRefusal {
        PushRefusal(
            code: generalCode,
            message: "its old tip could not be kept as \(place): \(reason)",
            hint: "read the server's message; the next run tries again"
        )
    }

    static func inheritedRule(_ name: String) -> PushRefusal {
        PushRefusal(
            code: protectedBranch,
            message: "the rule '\(name.escapedForDisplay)' of a group above protects it",
            hint:
                "ask an owner of the group to allow force push there, or to take the rule away; a run never changes a group's rules"
        )
    }

    static func pushForbiddenRule(_ name: String) -> PushRefusal {
        PushRefusal(
            code: protectedBranch,
            message: "the rule '\(name.escapedForDisplay)' lets nobody push",
            hint: pushHint
        )
    }

    static func notRestorableRule(_ name: String) -> PushRefusal {
        PushRefusal(
            code: protectedBranch,
            message:
                "the rule '\(name.escapedForDisplay)' protects it, and its access levels could not be put back exactly",
            hint: "delete the branch on the copy by hand (Code, Branches), or take the rule away"
        )
    }

    static func notOpened(_ name: String, _ error: GitLabError) -> PushRefusal {
        PushRefusal(
            code: protectedBranch,
            message: "the rule '\(name.escapedForDisplay)' could not be opened: \(error)",
            hint: error.isRetryable ? "the next run tries again" : rightsHint
        )
    }

    static func notJournaled(_ name: String, _ reason: String) -> PushRefusal {
        PushRefusal(
            code: protectedBranch,
            message:
                "the rule '\(name.escapedForDisplay)' was not opened, as it could not be noted in the state database: \(reason)",
            hint: "check the free space of the disk, and that this user may write in the state directory"
        )
    }

    /// The refusal with the server's verdict on a push that was made all the same.
    func confirmed(by verdict: PushRefusal) -> PushRefusal {
        PushRefusal(code: code, message: "\(message) (\(verdict.message))", hint: hint)
    }

    /// Whether a rule for protected branches was met that may have come since we asked.
    var isOfARuleThatCanBeOpened: Bool {
        message.contains("force push code to a protected branch")
            || message.contains("only delete protected branches")
    }
}

extension RefChange {
    /// Whether GitLab refuses the new branch for its name, and with it every other ref of the push.
    var isBranchNamedLikeAnObject: Bool {
        let name = name.shortName.utf8
        return self.name.isBranch && old == nil && name.count == 40
            && name.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                    UInt8(ascii: "A")...UInt8(ascii: "F"):
                    true
                default: false
                }
            }
    }
}
