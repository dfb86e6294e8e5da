import ArgumentParser
import Mirror

/// The flags of `restore`.
///
/// Those that `sync` has mean the same here, with the same variables.
struct RestoreOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Restore into this group of the target GitLab: a/b/p goes to GROUP/b/p.",
            valueName: "group"
        )
    )
    var into: String?

    @Option(
        help: ArgumentHelp(
            "Restore into this folder: bare repositories a/b/p.git and a/b/p.wiki.git.",
            valueName: "dir"
        )
    )
    var toDir: String?

    @Flag(help: "With --to-dir: git bundles, a/b/p.bundle and a/b/p.wiki.bundle, instead of repositories.")
    var bundle = false

    @Flag(
        name: .customLong("check"),
        help: "A drill: restore into a group made for it (below --into), compare, and remove the group."
    )
    var isDrill = false

    @Option(
        help: ArgumentHelp(
            "The state as of this moment, 2026-11-20T12:00Z: what the last run knew that had ended by then.",
            valueName: "time"
        )
    )
    var at: String?

    @Option(
        help: ArgumentHelp(
            "Only this project, by its full path at the source; may be given again.",
            valueName: "path"
        )
    )
    var project: [String] = []

    @Flag(name: .customLong("dry-run"), help: "Only show what would be done.")
    var dryRun = false

    @OptionGroup var file: FileOptions

    @Option(
        help: .setting(
            .localGroup,
            "Only these source groups, full paths with commas between",
            default: "all"
        )
    )
    var localGroup: String?

    // Not the setting, which is usually still set when the source is gone.
    @Option(
        help: ArgumentHelp(
            "The source whose mirrors they are, if there are those of several; it is not asked for anything.",
            valueName: "url"
        )
    )
    var local: String?

    @OptionGroup var target: TargetOptions

    @Option(help: .setting(.wikis, "Whether wikis are restored"))
    var wikis: String?

    @Option(
        help: .setting(
            .lfs,
            "Whether LFS objects are restored; off where the mirrors have none",
            valueName: "keep|off"
        )
    )
    var lfs: String?

    @Option(help: .setting(.shard, "Only the projects of shard K of N, whose state directory it is"))
    var shard: String?

    @OptionGroup var state: StateOptions

    @OptionGroup var transfer: TransferOptions

    @OptionGroup var log: LogOptions

    func validate() throws {
        guard (into != nil) != (toDir != nil) || (isDrill && toDir == nil) else {
            throw ValidationError("say where to: --into GROUP, or --to-dir DIR")
        }
        if bundle, toDir == nil { throw ValidationError("--bundle goes with --to-dir") }
        if isDrill, dryRun { throw ValidationError("--check restores for real: leave out --dry-run") }
        if isDrill, toDir != nil {
            throw ValidationError("--check is a drill on a GitLab: leave out --to-dir")
        }
    }
}

extension RestoreOptions: SettingFlags {
    var given: GivenFlags {
        var given = GivenFlags(file, target, state, transfer, log)
        given.add([.local: local, .localGroup: localGroup, .wikis: wikis, .lfs: lfs, .shard: shard])
        return given
    }
}
