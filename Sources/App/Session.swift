import ArgumentParser
import Foundation
import Logging
import Mirror

/// One invocation of `sync` or `plan`: settings, signals, the run, its output, the exit code.
struct Session {
    enum Command: String {
        case sync
        case preview = "plan"
    }

    private let options: SyncOptions
    private let console = Console()
    private let start = Date()
    private let clock = ContinuousClock()

    init(_ options: SyncOptions) {
        self.options = options
    }

    func run(_ command: Command) async throws {
        let begin = clock.now
        let resolver = SettingsResolver(options: options, environment: ProcessInfo.processInfo.environment)
        var consoleSettings = ConsoleSettings()
        let signals = StopSignals()
        var status: ExitStatus
        do {
            consoleSettings = try resolver.console()
            let handler = ConsoleLogHandler(consoleSettings, console: console)
            let settings = try resolver.settings()
            console.hide(Redactor([settings.source.token, settings.target.token]))
            let output = RunOutput(
                console: console,
                settings: consoleSettings,
                command: command,
                start: start,
                begin: begin
            )
            status = try await withLogger(Logger(label: "gitlab-sync") { _ in handler }) { _ in
                try await signals.cancelling { try await Self.execute(command, settings, output) }
            }
        } catch {
            status = signals.exitStatus ?? ExitStatus(error)
            RunOutput(
                console: console,
                settings: consoleSettings,
                command: command,
                start: start,
                begin: begin
            )
            .print(error: error, status: status)
        }
        if status != .equal { throw ExitCode(status.rawValue) }
    }

    private static func execute(
        _ command: Command,
        _ settings: SyncSettings,
        _ output: RunOutput
    ) async throws -> ExitStatus {
        let transport = AsyncHTTPTransport(timeout: settings.timeout)
        let result: Result<ExitStatus, any Error>
        do {
            let engine = SyncEngine(settings: settings, transport: transport)
            switch command {
            case .sync:
                let report = try await engine.run(onEvent: output.note)
                let status: ExitStatus = report.isEqual ? .equal : .different
                output.print(report, status: status)
                result = .success(status)
            case .preview:
                let preview = try await engine.preview(onEvent: output.note)
                let isEqual = preview.report.isEqual && preview.missingGroups.isEmpty
                output.print(preview, status: isEqual ? .equal : .different)
                result = .success(isEqual ? .equal : .different)
            }
        } catch {
            result = .failure(error)
        }
        try await transport.shutdown()
        return try result.get()
    }
}
