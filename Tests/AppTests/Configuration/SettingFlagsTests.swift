import ArgumentParser
import Foundation
import Testing

@testable import App

/// The flags of all commands, as the program itself lists them.
struct SettingFlagsTests {
    private struct Command: Decodable {
        let commandName: String
        let subcommands: [Command]?
        let arguments: [Argument]?
    }

    private struct Argument: Decodable {
        struct Name: Decodable {
            let kind: String
            let name: String
        }

        let kind: String
        let names: [Name]?
        let abstract: String?

        /// The flag without its dashes.
        var name: String { names?.first { $0.kind == "long" }?.name ?? "" }

        /// The setting that it is the flag of.
        var key: SettingKey? {
            switch name {
            case "verbose", "quiet": .logLevel
            case _ where name.hasPrefix("no-"): SettingKey(rawValue: String(name.dropFirst("no-".count)))
            default: SettingKey(rawValue: name)
            }
        }
    }

    /// Every command by its full name, with its flags.
    private func commands() async throws -> [String: [Argument]] {
        struct Dump: Decodable {
            let command: Command
        }
        let command = try RunningCommand(["--experimental-dump-help"], environment: ["HOME": "/nonexistent"])
        let dump = try JSONDecoder().decode(Dump.self, from: Data(await command.result().output.utf8))
        return Self.flattened(dump.command, below: "")
    }

    private static func flattened(_ command: Command, below path: String) -> [String: [Argument]] {
        let name = path + command.commandName
        return (command.subcommands ?? []).reduce(into: [name: command.arguments ?? []]) {
            result,
            subcommand in
            result.merge(flattened(subcommand, below: name + " ")) { $1 }
        }
    }

    /// The one flag that has a setting's name and is not its flag: a source that is gone is usually still set.
    private let exception = ("gitlab-sync restore", SettingKey.local)

    @Test func everyFlagOfASettingSaysDefaultVariableAndKey() async throws {
        var count = 0
        for (command, arguments) in try await commands() {
            for argument in arguments {
                guard let key = argument.key, (command, key) != exception else { continue }
                count += 1
                let help = argument.abstract ?? ""
                let facts = ["(default: ", key.description.variable ?? "", "; key \(key.rawValue))."]
                #expect(
                    facts.allSatisfy { $0.isEmpty || help.contains($0) },
                    "\(command) \(argument.name): \(help)"
                )
            }
        }
        // Those of `sync` alone, six times: a dump without flags would pass.
        #expect(count > 250, "\(count)")
    }

    @Test func everyFlagReachesItsSetting() async throws {
        let commands = try await commands()
        let counts = try [
            check(SyncOptions.self, commands["gitlab-sync sync"]),
            check(RestoreOptions.self, commands["gitlab-sync restore"], besides: ["--into", "rescue"]),
        ]

        #expect(counts[0] > 40 && counts[1] > 15, "\(counts)")
    }

    /// - Returns: How many flags there were.
    private func check<Options: ParsableArguments & SettingFlags>(
        _ options: Options.Type,
        _ arguments: [Argument]?,
        besides: [String] = []
    ) throws -> Int {
        var count = 0
        for argument in arguments ?? [] {
            guard let key = argument.key else { continue }
            count += 1
            let value = argument.kind == "flag" ? [] : ["value"]
            let given = try Options.parse(besides + ["--\(argument.name)"] + value).given
            let expected =
                switch argument.name {
                case "verbose": "info"
                case "quiet": "error"
                default: value.first ?? "\(!argument.name.hasPrefix("no-"))"
                }
            #expect(given[all: key] == [expected], "--\(argument.name)")
        }
        return count
    }
}
