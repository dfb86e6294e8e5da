import ArgumentParser
import Foundation
import Mirror

/// The command part of a crontab line, understood as a run of `gitlab-sync sync`.
///
/// People bring lines that were written for cron: a lock by flock, `nice`, a redirection into a log. The scheduler has a lock and
/// a log of its own, so these say nothing new; the flags of `gitlab-sync` in it are those of the line's runs.
struct CrontabCommand: Hashable, Sendable {
    /// The arguments after `gitlab-sync sync`.
    private(set) var arguments: [String] = []

    /// Variables that stand before the command.
    private(set) var environment: [String: String] = [:]

    /// The redirections, which the scheduler leaves to its own log.
    private(set) var redirections: [String] = []

    /// - Throws: ``ShellWords/Problem``.
    init(_ text: String) throws {
        try read(try Self.withoutCronEscapes(text))
        try checkArguments()
    }

    /// The flags, as the command line would give them.
    func flags() throws -> GivenFlags {
        try SyncCommand.parse(arguments).options.given
    }

    private mutating func read(_ text: String) throws {
        let line = try ShellWords(text)
        redirections += line.redirections
        var words = line.words[...]
        while let match = words.first?.wholeMatch(of: /([A-Za-z_][A-Za-z0-9_]*)=(.*)/) {
            environment[String(match.1)] = String(match.2)
            words = words.dropFirst()
        }
        while let word = words.first {
            let program = word.split(separator: "/").last.map(String.init) ?? word
            words = words.dropFirst()
            switch program {
            case "gitlab-sync": return arguments = Array(words.first == "sync" ? words.dropFirst() : words)
            // The script of the Python gitlab-sync.
            case "period_task.sh": return arguments = Array(words)
            case "exec", "nohup": break
            case "nice": Self.dropOptions(&words, withValue: ["-n", "--adjustment"])
            case "ionice": Self.dropOptions(&words, withValue: ["-c", "-n", "--class", "--classdata"])
            case "flock":
                Self.dropOptions(
                    &words,
                    withValue: ["-w", "--wait", "--timeout", "-E", "--conflict-exit-code"]
                )
                words = words.dropFirst()
                if words.first == "-c" || words.first == "--command" {
                    return try read(words.dropFirst().first ?? "")
                }
            case "sh", "bash", "dash":
                if let option = words.first, option.hasPrefix("-") {
                    guard option.hasSuffix("c") else { throw Self.unknown("\(program) \(option)") }
                    return try read(words.dropFirst().first ?? "")
                }
            default: throw Self.unknown(program, next: words.first)
            }
        }
    }

    private static func dropOptions(_ words: inout ArraySlice<String>, withValue: [String]) {
        while let word = words.first, word.hasPrefix("-") {
            let hasValue = withValue.contains(word)
            if !hasValue, word == "-c" || word == "--command" { return }
            words = words.dropFirst(hasValue ? 2 : 1)
        }
    }

    private static func unknown(_ program: String, next: String? = nil) -> ShellWords.Problem {
        let looksLikeAUser = next.map { $0.hasSuffix("gitlab-sync") || $0.hasSuffix("flock") } == true
        return ShellWords.Problem(
            what: "the program '\(program)', which is not gitlab-sync",
            fix: looksLikeAUser
                ? "a user's crontab has no column for the user: remove '\(program)'"
                : "write gitlab-sync and its flags, or nothing; for any other command use the system's cron"
        )
    }

    /// In a crontab, `%` ends the command and `\%` is the character.
    private static func withoutCronEscapes(_ text: String) throws -> String {
        let unescaped = text.replacing("\\%", with: "\u{0}")
        guard !unescaped.contains("%") else {
            throw ShellWords.Problem(
                what: "a '%', at which cron ends the command",
                fix: "write \\% where the character is meant"
            )
        }
        return unescaped.replacing("\u{0}", with: "%")
    }

    private func checkArguments() throws {
        let command: SyncCommand
        do {
            command = try SyncCommand.parse(arguments)
        } catch {
            let isHelp = SyncCommand.exitCode(for: error).isSuccess
            throw ShellWords.Problem(
                what: "flags of no run: \(isHelp ? "--help or --version" : SyncCommand.message(for: error))",
                fix: "see gitlab-sync sync --help"
            )
        }
        let flags = command.options.given
        let ofTheScheduler = [SettingKey.output, .logFormat, .logFile].first { flags[$0] != nil }?.flag
        let problem = command.dryRun ? "--dry-run" : ofTheScheduler
        if let problem {
            throw ShellWords.Problem(
                what: "the flag \(problem), which a scheduled run cannot have",
                fix: "remove it; the log is the scheduler's: gitlab-sync schedule --log-format, --log-file"
            )
        }
    }
}
