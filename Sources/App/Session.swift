import ArgumentParser
import Foundation

/// One invocation of `sync` or `plan`: the run, the signals that stop it, the exit code.
struct Session {
    private let flags: GivenFlags
    private let console = Console()

    init(_ flags: GivenFlags) {
        self.flags = flags
    }

    func run(_ command: SyncRun.Command) async throws {
        let environment = ProcessInfo.processInfo.environment
        let signals = StopSignals()
        var run = SyncRun(command, flags, environment: environment, console: console)
        run.arguments = Array(CommandLine.arguments.dropFirst())
        let status: ExitStatus
        do {
            _ = try SettingsResolver(flags: flags, environment: environment, console: &run.settings)
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
