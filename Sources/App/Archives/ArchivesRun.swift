import ArgumentParser
import Foundation
import Logging
import Mirror

/// What the subcommands of `archives` do.
struct ArchivesRun {
    private let options: ArchiveOptions
    private let console = Console()

    init(_ options: ArchiveOptions) {
        self.options = options
    }

    /// Prints what the mirrors keep.
    func list(isDetailed: Bool) async throws {
        try await Self.reporting(console) {
            let resolver = try SettingsResolver(
                flags: GivenFlags(options.file, options.state),
                environment: ProcessInfo.processInfo.environment
            )
            let directory = try resolver.stateDirectory()
            console.noteIfAbsent(directory)
            let tips = try ArchiveCatalog(stateDirectory: directory)
                .tips(of: options.project.map { Glob($0) })
            try Self.print(tips, isDetailed: isDetailed, try resolver.console(), console)
        }
    }

    /// Drops tips and prints which.
    static func drop(project: Glob?, olderThan: String?, _ flags: GivenFlags) async throws {
        let console = Console()
        try await reporting(console) {
            let resolver = try SettingsResolver(
                flags: flags,
                environment: ProcessInfo.processInfo.environment
            )
            let settings = try resolver.settings()
            console.hide(Redactor(settings.secrets))
            let age = try olderThan.map { try Values.age(Setting(origin: "--older-than", value: $0)) }
            let limit = age.map { Date(timeIntervalSinceNow: -$0) }
            let transport = AsyncHTTPTransport(timeout: settings.timeout, network: settings.network)
            let result: Result<[ArchivedTip], any Error>
            do {
                let engine = SyncEngine(settings: settings, transport: transport)
                result = .success(
                    try await engine.dropArchives(of: project) { tip in limit.map { tip.time < $0 } ?? true }
                )
            } catch {
                result = .failure(error)
            }
            try await transport.shutdown()
            try print(try result.get(), isDetailed: true, try resolver.console(), console)
        }
    }

    private static func print(
        _ tips: [ArchivedTip],
        isDetailed: Bool,
        _ settings: ConsoleSettings,
        _ console: Console
    ) throws {
        if settings.output == .json {
            console.print(try ArchivesJSON(tips).text())
        } else {
            let text = isDetailed ? ArchivesText.details(tips) : ArchivesText.counts(tips)
            console.print(text)
        }
    }

    /// Runs `work`; says what went wrong, and ends with its exit code.
    private static func reporting(_ console: Console, _ work: () async throws -> Void) async throws {
        do {
            try await work()
        } catch {
            let status = ExitStatus(error)
            let failure = RunFailure.describe(error, status: status)
            console.log("gitlab-sync: \(failure.message)\n    next step: \(failure.hint)")
            throw ExitCode(status.rawValue)
        }
    }
}
