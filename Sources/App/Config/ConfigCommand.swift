import ArgumentParser
import Foundation
import Mirror

/// `gitlab-sync config`: the effective configuration, its check, its schema.
struct ConfigCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract:
            "Shows the effective configuration with the origin of each value, checks it, prints its schema.",
        discussion: """
            A flag wins over its environment variable, that over its key in the configuration file (-c FILE), that over the \
            default. A key is a flag's name without the dashes.

            EXAMPLES
              gitlab-sync config validate -c gitlab-sync.yaml
              gitlab-sync config show -c gitlab-sync.yaml --jobs 8
              gitlab-sync config schema > gitlab-sync.schema.json
            """,
        subcommands: [Show.self, Validate.self, Schema.self],
        defaultSubcommand: Show.self
    )

    /// `config show`: each value with its origin.
    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Shows every setting with its value and where that comes from; secrets are masked.",
            discussion: """
                The text is a configuration file that says the same, but for the secrets.

                EXAMPLES
                  gitlab-sync config show
                  gitlab-sync config show -c gitlab-sync.yaml --output json
                """
        )

        @OptionGroup var options: SyncOptions

        func run() async throws {
            try await CommandSession(command: "config show", flags: options.given).run { context in
                let configuration = EffectiveConfiguration(context.resolver)
                context.console.print(
                    context.output.output == .json ? try configuration.json() : configuration.text()
                )
                return .equal
            }
        }
    }

    /// `config validate`: all that is wrong.
    struct Validate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Checks the configuration: every finding with its line, the nearest known name, and the fix.",
            discussion: """
                Looks at the whole configuration file first, then at what it makes together with flags and variables. Asks no \
                server (gitlab-sync doctor does). The exit code is 64 if a run would be refused.

                EXAMPLES
                  gitlab-sync config validate -c gitlab-sync.yaml
                  gitlab-sync config validate --output json
                """
        )

        @OptionGroup var options: SyncOptions

        func run() async throws {
            let environment = ProcessInfo.processInfo.environment
            let validation = ConfigValidation(options.given, environment: environment)
            let console = Console()
            console.print(try validation.isJSON ? validation.json() : validation.text())
            if !validation.isValid { throw ExitCode(ExitStatus.usage.rawValue) }
        }
    }

    /// `config schema`: for editors and other programs.
    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Prints the JSON schema of configuration files, for editors and other programs.",
            discussion: """
                EXAMPLES
                  gitlab-sync config schema > gitlab-sync.schema.json
                """
        )

        func run() throws {
            Console().print(try ConfigSchema.text())
        }
    }
}
