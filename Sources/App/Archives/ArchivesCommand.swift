import ArgumentParser
import Foundation
import Logging
import Mirror

/// `gitlab-sync archives`: the old tips that are kept.
struct ArchivesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archives",
        abstract: "Lists, shows and drops the old tips of rewritten and deleted branches and tags.",
        discussion: """
            EXAMPLES
              gitlab-sync archives list
              gitlab-sync archives show --project 'team-a/**'
              gitlab-sync archives drop --older-than 365d
            """,
        subcommands: [List.self, Show.self, Drop.self],
        defaultSubcommand: List.self
    )

    /// `archives list`: how many of each project.
    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Says how many old tips are kept of each project. Reads the mirrors only, also beside a run.",
            discussion: """
                EXAMPLES
                  gitlab-sync archives list
                  gitlab-sync archives list --project 'team-a/**' --output json
                """
        )

        @OptionGroup var options: ArchiveOptions

        func run() async throws {
            try await ArchivesRun(options).list(isDetailed: false)
        }
    }

    /// `archives show`: each one, with how to get it back.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows each old tip, and the command that fetches it from the mirror.",
            discussion: """
                EXAMPLES
                  gitlab-sync archives show
                  gitlab-sync archives show --project team-a/app
                """
        )

        @OptionGroup var options: ArchiveOptions

        func run() async throws {
            try await ArchivesRun(options).list(isDetailed: true)
        }
    }

    /// `archives drop`: gives up what is older than an age, or all.
    struct Drop: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Drops old tips for good, on the target and in the mirrors.",
            discussion: """
                Takes the flags and variables of `gitlab-sync sync` to find both servers.

                EXAMPLES
                  gitlab-sync archives drop --older-than 365d
                  gitlab-sync archives drop --project team-a/app --all
                """
        )

        @Option(help: "Only of projects whose full path at the source matches this glob.")
        var project: String?

        @Option(help: ArgumentHelp("Those that were kept longer ago: 90d, 26h.", valueName: "age"))
        var olderThan: String?

        @Flag(help: "All of them.")
        var all = false

        @OptionGroup var options: SyncOptions

        func validate() throws {
            guard all != (olderThan != nil) else {
                throw ValidationError("say which old tips to drop: --older-than AGE, or --all")
            }
        }

        func run() async throws {
            try await ArchivesRun.drop(project: project.map { Glob($0) }, olderThan: olderThan, options.given)
        }
    }
}

/// The flags of `archives list` and `archives show`.
struct ArchiveOptions: ParsableArguments {
    @Option(help: "Only of projects whose full path at the source matches this glob.")
    var project: String?

    @OptionGroup var file: FileOptions

    @OptionGroup var state: StateOptions
}
