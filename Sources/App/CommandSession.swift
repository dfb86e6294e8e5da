import ArgumentParser
import Foundation
import Logging
import Mirror

/// One invocation of a subcommand with one result: its settings, the signals that stop it, its errors, its exit code.
struct CommandSession: Sendable {
    /// What a subcommand works with.
    struct Context: Sendable {
        let command: String
        let resolver: SettingsResolver
        let output: ConsoleSettings
        let console: Console
        let start = Date()
        let begin = ContinuousClock().now

        /// What `run` says in documents for programs.
        func run(_ status: ExitStatus) -> ResultJSON.Run {
            ResultJSON.Run(
                command: command,
                started: start.formatted(.iso8601),
                seconds: seconds,
                exitCode: status.rawValue
            )
        }

        /// How long it has taken so far.
        var seconds: Double { (ContinuousClock().now - begin).seconds }

        /// Calls `work` with a transport for API requests, which ends with it.
        func withTransport<Result>(
            _ settings: SyncSettings,
            _ work: (AsyncHTTPTransport) async throws -> Result
        ) async throws -> Result {
            let transport = AsyncHTTPTransport(timeout: settings.timeout, network: settings.network)
            let result: Swift.Result<Result, any Error>
            do {
                result = .success(try await work(transport))
            } catch {
                result = .failure(error)
            }
            try await transport.shutdown()
            return try result.get()
        }
    }

    private let command: String
    private let options: SyncOptions
    private let console = Console()

    init(command: String, options: SyncOptions) {
        self.command = command
        self.options = options
    }

    /// Does it; what goes wrong is printed with its next step.
    ///
    /// - Throws: `ExitCode` for every status but 0.
    func run(_ work: @escaping @Sendable (Context) async throws -> ExitStatus) async throws {
        let environment = ProcessInfo.processInfo.environment
        let resolver = SettingsResolver(options: options, environment: environment)
        let signals = StopSignals()
        var output = ConsoleSettings()
        var status: ExitStatus
        do {
            output = try resolver.console()
            console.openLog(output.logFile)
            let context = Context(command: command, resolver: resolver, output: output, console: console)
            let handler = ConsoleLogHandler(EventLog(output, console: console))
            status = try await signals.cancelling {
                try await withLogger(Logger(label: "gitlab-sync") { _ in handler }) { _ in
                    try await work(context)
                }
            }
        } catch {
            status = signals.exitStatus ?? ExitStatus(error)
            let context = Context(command: command, resolver: resolver, output: output, console: console)
            report(RunFailure.describe(error, status: status), status, context)
        }
        if status != .equal { throw ExitCode(status.rawValue) }
    }

    private func report(_ failure: SyncFailure, _ status: ExitStatus, _ context: Context) {
        if context.output.output == .json {
            let document = ResultJSON(
                result: status.name,
                run: context.run(status),
                projects: [],
                errors: [failure],
                guards: []
            )
            if let text = try? document.text() { console.print(text) }
        }
        EventLog(context.output, console: console).write(RunLog.failure(failure), isShown: false)
        console.log("gitlab-sync: \(failure.message)\n    next step: \(failure.hint)")
    }
}
