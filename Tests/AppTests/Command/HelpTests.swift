import ArgumentParser
import Foundation
import Mirror
import Testing

@testable import App

/// What the executable says of itself.
struct HelpTests {
    private func run(_ arguments: String...) async throws -> CommandResult {
        await (try RunningCommand(arguments, environment: ["HOME": "/nonexistent"])).result()
    }

    @Test func theVersionIsOneLine() async throws {
        let result = try await run("--version")

        #expect(result.status == 0)
        #expect(result.output == ProductVersion.current + "\n")
    }

    @Test(arguments: ["sync", "plan", "doctor"])
    func helpNamesEveryFlagAndEveryVariable(command: String) async throws {
        let result = try await run(command, "--help")

        #expect(result.status == 0)
        for flag in [
            "--local", "--local-token", "--local-group", "--remote", "--remote-token", "--remote-group",
            "--remote-parent-group", "--push-url", "--ignore-branches", "--allow-branches", "--force-push",
            "--no-force-push", "--group", "--include", "--exclude", "--rewrite", "--wikis", "--state-dir",
            "--prune", "--max-delete", "--max-rewrite", "--approve", "--follow-renames", "--keep-archives",
            "-j, --jobs",
            "--timeout", "--ssh-dir", "--ssh", "--strict-host-keys", "--output", "--log-format", "--log-file",
            "-v, --verbose",
            "-q, --quiet", "--version",
        ] {
            let words = result.output.split { $0.isWhitespace || $0 == "/" || $0 == "," }
            #expect(flag.split(separator: ", ").allSatisfy(words.contains), "\(flag)")
        }
        let ofTheSchedule: Set<SettingKey> = [.crontab, .jitter, .runAtStart, .maxAge]
        for setting in SettingCatalogue.all where !ofTheSchedule.contains(setting.key) {
            guard let variable = setting.variable else { continue }
            #expect(result.output.contains(variable), "\(variable)")
        }
    }

    /// Whoever looks for a flag finds a line to copy.
    @Test func everyCommandHasExamples() {
        let (commands, lacking) = Self.examples(of: App.self, path: "gitlab-sync")

        #expect(commands > 15)
        #expect(lacking == [])
    }

    /// The number of a command's subcommands at any depth, and those of them whose help shows no line of theirs.
    private static func examples(of command: any ParsableCommand.Type, path: String) -> (Int, [String]) {
        command.configuration.subcommands.reduce(into: (0, [])) { result, type in
            let name = "\(path) \(UnknownCommand.name(of: type))"
            let text = type.configuration.discussion
            if !text.contains("EXAMPLES\n")
                || !text.contains("  \(name == "gitlab-sync sync" ? "gitlab-sync" : name)")
            {
                result.1.append(name)
            }
            let below = examples(of: type, path: name)
            result = (result.0 + 1 + below.0, result.1 + below.1)
        }
    }

    @Test func theMainHelpShowsAFirstRunAndTheExitCodes() async throws {
        let result = try await run("--help")

        #expect(result.status == 0)
        for text in ["FIRST RUN", "EXIT CODES", "sync", "plan", "64", "69", "70", "75", "77", "130", "143"] {
            #expect(result.output.contains(text), "\(text)")
        }
    }
}
