import ArgumentParser
import Foundation
import Logging
import Mirror

/// One invocation of a subcommand with one result: its settings, the signals that stop it, its errors, its exit code.
struct CommandSession: Sendable {
    /// What a subcommand works with.
    struct Context: Sendable {
        let session: CommandSession
        let resolver: SettingsResolver
        let output: ConsoleSettings

        var console: Console { session.console }
        var start: Date { session.start }

        /// What `run` says in documents for programs.
        func run(_ status: ExitStatus) -> ResultJSON.Run { session.run(status) }

        /// How long it has taken so far.
        var seconds: Double { session.seconds }

        /// Calls `work` with a transport for API requests, which ends with it.
        func withTransport<Result>(
            _ network: HTTPNetwork,
            _ timeout: Duration,
            _ work: (AsyncHTTPTransport) async throws -> Result
        ) async throws -> Result {
            let transport = AsyncHTTPTransport(timeout: timeout, network: network)
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
    private let flags: GivenFlags
    private let console = Console()
    private let start = Date()
    private let begin = ContinuousClock().now

    init(command: String, flags: GivenFlags) {
        self.command = command
        self.flags = flags
    }

    /// Does it; what goes wrong is printed with its next step.
    ///
    /// - Throws: `ExitCode` for every status but 0.
    func run(_ work: @escaping @Sendable (Context) async throws -> ExitStatus) async throws {
        let environment = ProcessInfo.processInfo.environment
        let signals = StopSignals()
        var output = ConsoleSettings()
        var status: ExitStatus
        do {
            let resolver = try SettingsResolver(flags: flags, environment: environment, console: &output)
            console.openLog(output.logFile)
            let context = Context(session: self, resolver: resolver, output: output)
            let handler = ConsoleLogHandler(EventLog(output, console: console))
            status = try await signals.cancelling {
                try await withLogger(Logger(label: "gitlab-sync") { _ in handler }) { _ in
                    try await work(context)
                }
            }
        } catch {
            status = signals.exitStatus ?? ExitStatus(error)
            report(RunFailure.describe(error, status: status), status, output)
        }
        if status != .equal { throw ExitCode(status.rawValue) }
    }

    private func run(_ status: ExitStatus) -> ResultJSON.Run {
        ResultJSON.Run(
            command: command,
            started: start.formatted(.iso8601),
            seconds: seconds,
            exitCode: status.rawValue
        )
    }

    private var seconds: Double { (ContinuousClock().now - begin).seconds }

    private func report(_ failure: SyncFailure, _ status: ExitStatus, _ output: ConsoleSettings) {
        if output.output == .json {
            let document = ResultJSON(
                result: status.name,
                run: run(status),
                projects: [],
                errors: [failure],
                guards: []
            )
            if let text = try? document.text() { console.print(text) }
        }
        EventLog(output, console: console).write(RunLog.failure(failure), isShown: false)
        console.log("gitlab-sync: \(failure.message)\n    next step: \(failure.hint)")
    }
}
