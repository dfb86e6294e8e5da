import Foundation
import Logging
import Mirror

/// One run of `sync` or `plan`, from the settings to its output.
struct SyncRun: Sendable {
    enum Command: String {
        case sync
        case preview = "plan"
    }

    private let command: Command
    private let flags: GivenFlags
    private let environment: [String: String]
    private let console: Console
    private let start = Date()
    private let begin = ContinuousClock().now

    /// How results and logs are printed.
    var settings = ConsoleSettings()

    /// The arguments of the run, for the command that repeats it.
    var arguments: [String] = []

    /// The crontab line that a scheduler runs; nil if a person or another program started the run.
    var line: Int?

    init(_ command: Command, _ flags: GivenFlags, environment: [String: String], console: Console) {
        self.command = command
        self.flags = flags
        self.environment = environment
        self.console = console
    }

    func output() -> RunOutput {
        RunOutput(
            console: console,
            settings: settings,
            command: command,
            line: line,
            start: start,
            begin: begin
        )
    }

    /// Does it, and prints what came of it.
    ///
    /// - Parameter stopped: Tells the exit code if a signal stopped the run.
    /// - Returns: The exit code.
    func perform(stopped: () -> ExitStatus?) async -> ExitStatus {
        let output = output()
        var stateDirectory: URL?
        var reportDirectory: URL?
        var status: ExitStatus
        var notifier: RunNotifier?
        var news = RunNews(result: "", exitCode: 0, started: start)
        console.forgetLastLines()
        do {
            var resolver = try SettingsResolver(flags: flags, environment: environment)
            resolver.approvableCommand = RepeatableCommand.text(arguments)
            news.scope = resolver.scope
            if command == .sync { notifier = RunNotifier(resolver, log: output.log, console: console) }
            let settings = try resolver.settings()
            console.hide(Redactor(settings.secrets))
            stateDirectory = settings.stateDirectory
            reportDirectory = resolver.reportDirectory()
            news.note(settings)
            output.begin(settings)
            let handler = ConsoleLogHandler(output.log)
            (status, news.report) = try await withLogger(Logger(label: "gitlab-sync") { _ in handler }) { _ in
                try await execute(settings, output)
            }
        } catch {
            status = stopped() ?? ExitStatus(error)
            output.print(error: error, status: status)
            news.failure = RunFailure.describe(error, status: status)
        }
        if command == .sync, let stateDirectory, status != .locked {
            LastRun(status, line: line, start: start).write(to: stateDirectory, log: output.log)
            if let reportDirectory { await writeReports(of: stateDirectory, to: reportDirectory, output.log) }
        }
        news.result = status.name
        news.exitCode = Int(status.rawValue)
        await notifier?.end(status, news)
        return status
    }

    /// Tells others how things stand now; if that fails, the run itself has ended as it has.
    private func writeReports(of stateDirectory: URL, to folder: URL, _ log: EventLog) async {
        do {
            let report = try await StatusReport.read(from: stateDirectory)
            try ReportFiles(report, staleAfter: nil).write(to: folder)
        } catch {
            let failure = SyncFailure(describing: error)
            log.write(LogLine(.warning, failure.code, failure.message, ["hint": .text(failure.hint)]))
        }
    }

    /// - Returns: The exit code, and what a run did; nil for a plan.
    private func execute(_ settings: SyncSettings, _ output: RunOutput) async throws
        -> (ExitStatus, RunReport?)
    {
        let transport = AsyncHTTPTransport(
            timeout: settings.timeout,
            network: settings.network,
            connections: settings.maximumConnections
        )
        let result: Result<(ExitStatus, RunReport?), any Error>
        do {
            let engine = SyncEngine(settings: settings, transport: transport)
            switch command {
            case .sync:
                let report = try await engine.run(onEvent: output.note)
                let status = ExitStatus(report)
                output.print(report, status: status)
                result = .success((status, report))
            case .preview:
                let preview = try await engine.preview(onEvent: output.note)
                let isEqual =
                    preview.report.isEqual && preview.missingGroups.isEmpty && preview.moves.isEmpty
                    && preview.groupSettings.isEmpty
                output.print(preview, status: isEqual ? .equal : .different)
                result = .success((isEqual ? .equal : .different, nil))
            }
        } catch {
            result = .failure(error)
        }
        try await transport.shutdown()
        return try result.get()
    }
}
