import ArgumentParser
import Mirror

/// `gitlab-sync sync`: one run.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Makes the copies of the source groups equal (the default command).",
        discussion: """
            EXAMPLES
              gitlab-sync --local-group team-a,team-b --remote-parent-group mirrors
              gitlab-sync --group team-a=copies/a --group source=team-b,ignore=tmp/*,wikis=off
              gitlab-sync --output json | jq '.projects[] | select(.status != "unchanged")'
            """
    )

    @OptionGroup var options: SyncOptions

    @Flag(name: .customLong("dry-run"), help: "Only show what would be done, as `gitlab-sync plan` does.")
    var dryRun = false

    func run() async throws {
        try await Session(options.given).run(dryRun ? .preview : .sync)
    }
}

/// `gitlab-sync plan`: what a run would do.
struct PlanCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plan",
        abstract: "Shows what a run would do. Changes nothing, neither on a server nor on disk.",
        discussion: """
            Each line begins with a mark: = equal, + missing on the target, - only on the target, * differs, ! error. \
            The exit code is 0 if everything is equal already and 1 if anything differs.

            EXAMPLES
              gitlab-sync plan --local-group team-a --remote-parent-group mirrors
              gitlab-sync plan -c gitlab-sync.yaml --output json
            """
    )

    @OptionGroup var options: SyncOptions

    func run() async throws {
        try await Session(options.given).run(.preview)
    }
}
