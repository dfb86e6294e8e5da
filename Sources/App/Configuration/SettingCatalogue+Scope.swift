import Mirror

// What is copied, and what copies are like.
extension SettingCatalogue {
    static let scope: [SettingDescription] = [
        .init(
            .group,
            .groupSpecs,
            nil,
            default: "none",
            "One group with settings of its own; adds to local-group."
        ),
        .init(
            .include,
            .patterns,
            "GITLAB_SYNC_INCLUDE",
            default: "all",
            "Only projects whose full path matches this glob, or this regular expression after re:."
        ),
        .init(
            .exclude,
            .patterns,
            "GITLAB_SYNC_EXCLUDE",
            default: "none",
            "No projects whose full path matches this glob, or this regular expression after re:."
        ),
        .init(
            .archived,
            .choice(ArchivedPolicy.allCases.map(\.rawValue)),
            "GITLAB_SYNC_ARCHIVED",
            default: "include",
            "Projects that are archived at the source: with the others, left out, or they alone."
        ),
        .init(
            .changedOnly,
            .yesOrNo,
            "GITLAB_SYNC_CHANGED_ONLY",
            default: "no",
            "Look only at projects that were active since they were last found equal, and at all once a day; a plan looks at all."
        ),
        .init(
            .ignoreBranches,
            .list,
            "IGNORE_BRANCHES",
            default: "none",
            "Branches to leave out: names or globs with commas between; wins over allow-branches."
        ),
        .init(
            .allowBranches,
            .list,
            "ALLOW_BRANCHES",
            default: "all",
            "Only these branches: names or globs with commas between."
        ),
        .init(
            .refs,
            .list,
            "GITLAB_SYNC_REFS",
            default: "none",
            "Other refs to copy, for example refs/notes/*."
        ),
    ]

    static let safety: [SettingDescription] = [
        .init(
            .forcePush,
            .yesOrNo,
            "FORCE_PUSH",
            default: "yes",
            "Whether a branch that was rewritten at the source is rewritten on the target, after its old tip was kept."
        ),
        .init(
            .rewrite,
            .choice(RewritePolicy.allCases.map(\.rawValue)),
            "GITLAB_SYNC_REWRITE",
            default: "preserve",
            "What happens to a branch that was rewritten at the source: rewritten after its old tip was kept on the target, left alone, or rewritten with its old tip in the mirror only."
        ),
        .init(
            .prune,
            .choice(PrunePolicy.allCases.map(\.rawValue)),
            "GITLAB_SYNC_PRUNE",
            default: "archive",
            "What happens to a branch or tag that was deleted at the source: deleted after its tip was kept, or left alone."
        ),
        .init(
            .maxDelete,
            .lossLimit,
            "GITLAB_SYNC_MAX_DELETE",
            default: "10%, at least 10",
            "Deletions of branches and tags, in the run and in each project, up to which nobody is asked."
        ),
        .init(
            .maxRewrite,
            .lossLimit,
            "GITLAB_SYNC_MAX_REWRITE",
            default: "10%, at least 10",
            "The same as max-delete for rewritten branches and moved tags."
        ),
        .init(
            .keepArchives,
            .age(orAll: true),
            "GITLAB_SYNC_KEEP_ARCHIVES",
            default: "all",
            "How long old tips are kept: 90d, 26h, or all."
        ),
        .init(
            .followRenames,
            .yesOrNo,
            "GITLAB_SYNC_FOLLOW_RENAMES",
            default: "on",
            "Whether copies are renamed and moved when their projects and groups are."
        ),
    ]

    static let content: [SettingDescription] = [
        .init(.wikis, .yesOrNo, "GITLAB_SYNC_WIKIS", default: "on", "Whether wikis are copied."),
        .init(
            .snippets,
            .yesOrNo,
            "GITLAB_SYNC_SNIPPETS",
            default: "off",
            "Whether the snippets of projects are copied."
        ),
        .init(
            .lfs,
            .choice(LFSMode.allCases.map(\.rawValue), orYesOrNo: true),
            "GITLAB_SYNC_LFS",
            default: "keep",
            "LFS objects: copied and kept in the mirror, only copied, or left out."
        ),
        .init(
            .metadata,
            .yesOrNo,
            "GITLAB_SYNC_METADATA",
            default: "on",
            "Whether the settings of copies are kept like those of their sources, with CI, issues and merge requests off."
        ),
        .init(
            .visibility,
            .choice(VisibilityPolicy.allCases.map(\.rawValue)),
            "GITLAB_SYNC_VISIBILITY",
            default: "private",
            "Who may see copies, or the same as the source; the target's groups and administrator may allow less."
        ),
    ]
}
