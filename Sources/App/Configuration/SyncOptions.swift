import ArgumentParser

/// The flags of `sync` and of all that looks at the same two servers.
struct SyncOptions: ParsableArguments {
    @OptionGroup var file: FileOptions

    @Option(help: .setting(.local))
    var local: String?

    @Option(help: .setting(.localToken, valueName: "token"))
    var localToken: String?

    @Option(help: .setting(.localGroup))
    var localGroup: String?

    @OptionGroup var target: TargetOptions

    @Option(help: .setting(.remoteGroup))
    var remoteGroup: String?

    @Option(help: .setting(.remoteParentGroup, valueName: "group"))
    var remoteParentGroup: String?

    @Option(help: .setting(.ignoreBranches))
    var ignoreBranches: String?

    @Option(help: .setting(.allowBranches))
    var allowBranches: String?

    @Option(help: .setting(.refs, valueName: "glob"))
    var refs: [String] = []

    @Flag(inversion: .prefixedNo, help: .setting(.forcePush))
    var forcePush: Bool?

    @Option(
        help: .setting(
            .group,
            discussion: """
                SRC, SRC=DST, or pairs with commas between: source=SRC,target=DST,ignore=GLOB,allow=GLOB,\
                include=PATTERN,exclude=PATTERN,wikis=on|off,snippets=on|off,lfs=keep|stream|off,metadata=on|off,\
                visibility=private|internal|same,rewrite=preserve|block|overwrite,prune=archive|keep. \
                ignore, allow, include and exclude may be given again.
                """
        )
    )
    var group: [String] = []

    @Option(help: .setting(.include))
    var include: [String] = []

    @Option(help: .setting(.exclude))
    var exclude: [String] = []

    @Option(help: .setting(.archived))
    var archived: String?

    @Option(help: .setting(.rewrite))
    var rewrite: String?

    @Option(help: .setting(.prune))
    var prune: String?

    @Option(help: .setting(.maxDelete))
    var maxDelete: String?

    @Option(help: .setting(.maxRewrite))
    var maxRewrite: String?

    @Option(
        help: ArgumentHelp(
            "Makes what a guard held back: the ids that the run printed, with commas between; may be given again.",
            valueName: "ids"
        )
    )
    var approve: [String] = []

    @Option(help: .setting(.keepArchives))
    var keepArchives: String?

    @Option(help: .setting(.followRenames))
    var followRenames: String?

    @Flag(inversion: .prefixedNo, help: .setting(.changedOnly))
    var changedOnly: Bool?

    @Option(help: .setting(.wikis))
    var wikis: String?

    @Option(help: .setting(.snippets))
    var snippets: String?

    @Option(help: .setting(.lfs))
    var lfs: String?

    @Option(help: .setting(.metadata))
    var metadata: String?

    @Option(help: .setting(.visibility))
    var visibility: String?

    @OptionGroup var state: StateOptions

    @Option(help: .setting(.reportDir, valueName: "dir"))
    var reportDir: String?

    @OptionGroup var transfer: TransferOptions

    @OptionGroup var scale: ScaleOptions

    @OptionGroup var notify: NotifyOptions

    @OptionGroup var log: LogOptions
}

extension SyncOptions: SettingFlags {
    var given: GivenFlags {
        var given = GivenFlags(file, target, state, transfer, scale, notify, log)
        given.add([
            .local: local, .localToken: localToken, .localGroup: localGroup,
            .remoteGroup: remoteGroup, .remoteParentGroup: remoteParentGroup,
            .ignoreBranches: ignoreBranches, .allowBranches: allowBranches,
            .forcePush: forcePush?.description, .archived: archived, .rewrite: rewrite, .prune: prune,
            .maxDelete: maxDelete, .maxRewrite: maxRewrite, .keepArchives: keepArchives,
            .followRenames: followRenames, .changedOnly: changedOnly?.description,
            .wikis: wikis, .snippets: snippets, .lfs: lfs, .metadata: metadata, .visibility: visibility,
            .reportDir: reportDir,
        ])
        given[all: .refs] = refs
        given[all: .group] = group
        given[all: .include] = include
        given[all: .exclude] = exclude
        given.approvals = approve
        return given
    }
}
