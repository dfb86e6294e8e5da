import ArgumentParser
import Mirror

/// `gitlab-sync restore`: brings code back from the mirrors.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract:
            "Brings projects back from the local mirrors, now or as of a past moment; the source is not needed.",
        discussion: """
            Nothing that exists is overwritten: a project that is there with other content is named and left alone, one that is \
            equal is unchanged, and a restore that was stopped goes on. The state directory is only read.

            EXAMPLES
              gitlab-sync restore --into rescue --dry-run
              gitlab-sync restore --into rescue --local-group team-a --at 2026-11-20T12:00Z
              gitlab-sync restore --to-dir /srv/rescue --project team-a/backend/api
              gitlab-sync restore --check                # a drill: restored, compared, removed
            """
    )

    @OptionGroup var options: RestoreOptions

    func run() async throws {
        let session = CommandSession(command: "restore", flags: options.given)
        let run = RestoreRun(options: options)
        try await session.run { try await run.perform($0) }
    }
}
