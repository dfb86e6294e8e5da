import Foundation
import Mirror

/// What one invocation prints: while it works, and at its end.
struct RunOutput: Sendable {
    private let console: Console
    private let settings: ConsoleSettings
    private let command: Session.Command
    private let start: Date
    private let begin: ContinuousClock.Instant
    private let progress: ProgressLine

    init(
        console: Console,
        settings: ConsoleSettings,
        command: Session.Command,
        start: Date,
        begin: ContinuousClock.Instant
    ) {
        self.console = console
        self.settings = settings
        self.command = command
        self.start = start
        self.begin = begin
        self.progress = ProgressLine(console: console)
    }

    private var printsTable: Bool { settings.output == .text && console.outputIsTerminal }

    /// A terminal gets one live line; anything else a line for each project as it ends.
    func note(_ event: SyncEvent) {
        if !settings.isQuiet { progress.note(event) }
        guard command == .sync, settings.output == .text, !printsTable, case .finished(let reports) = event
        else {
            return
        }
        for report in reports { console.print(ReportText.line(report)) }
    }

    func print(_ report: RunReport, status: ExitStatus) {
        progress.end()
        if settings.output == .json { return printJSON(status, report, isPreview: false) }
        if printsTable {
            let table = ReportText.table(report.projects, width: console.width)
            if !table.isEmpty { console.print(table) }
        }
        finish(report)
    }

    func print(_ preview: RunPreview, status: ExitStatus) {
        progress.end()
        if settings.output == .json { return printJSON(status, preview.report, isPreview: true) }
        let text = ReportText.preview(preview)
        if !text.isEmpty { console.print(text) }
        for failure in preview.report.failures { printOnError(failure) }
    }

    /// Why there is no result.
    func print(error: any Error, status: ExitStatus) {
        progress.end()
        let failure = RunFailure.describe(error, status: status)
        if settings.output == .json {
            printJSON(status, RunReport(projects: [], failures: [failure]), isPreview: false)
        }
        printOnError(failure)
    }

    private func finish(_ report: RunReport) {
        for failure in report.failures { printOnError(failure) }
        console.print(ReportText.summary(report, duration: ContinuousClock().now - begin))
    }

    private func printOnError(_ failure: SyncFailure) {
        console.log("gitlab-sync: \(failure.message)\n    next step: \(failure.hint)")
    }

    private func printJSON(_ status: ExitStatus, _ report: RunReport, isPreview: Bool) {
        let document = ResultJSON(
            result: status.name,
            run: ResultJSON.Run(
                command: command.rawValue,
                started: start.formatted(.iso8601),
                seconds: (ContinuousClock().now - begin).seconds,
                exitCode: status.rawValue
            ),
            projects: report.projects.map { ResultJSON.Project($0, isPreview: isPreview) },
            errors: report.failures
        )
        do {
            console.print(try document.text())
        } catch {
            console.log("gitlab-sync: the result cannot be written as JSON: \(error)")
        }
    }
}

/// Errors that end the whole run, in words.
enum RunFailure {
    static func describe(_ error: any Error, status: ExitStatus) -> SyncFailure {
        switch error {
        case let error as ConfigurationError:
            SyncFailure(code: "configuration", message: error.message, hint: error.hint)
        case let held as RunLock.Held:
            SyncFailure(
                code: "locked",
                message: "another run holds the state directory (\(held.holder))",
                hint: "wait for its end, or give --state-dir another folder"
            )
        case let error as CocoaError:
            SyncFailure(
                code: "state-directory",
                message: "the state directory cannot be used: \(error.localizedDescription)",
                hint: "give --state-dir a folder that this user may write"
            )
        default: SyncFailure(describing: error)
        }
    }
}
