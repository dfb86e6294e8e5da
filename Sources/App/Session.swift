import ArgumentParser
import Foundation

/// One invocation of `sync` or `plan`: the run, the signals that stop it, the exit code.
struct Session {
    private let options: SyncOptions
    private let console = Console()

    init(_ options: SyncOptions) {
        self.options = options
    }

    func run(_ command: SyncRun.Command) async throws {
        let environment = ProcessInfo.processInfo.environment
        let signals = StopSignals()
        var run = SyncRun(command, options, environment: environment, console: console)
        run.arguments = Array(CommandLine.arguments.dropFirst())
        let status: ExitStatus
        do {
            _ = try SettingsResolver(options: options, environment: environment, console: &run.settings)
            console.openLog(run.settings.logFile)
            let run = run
            status = try await signals.cancelling { await run.perform { signals.exitStatus } }
        } catch {
            status = ExitStatus(error)
            run.output().print(error: error, status: status)
        }
        if status != .equal { throw ExitCode(status.rawValue) }
    }
}
