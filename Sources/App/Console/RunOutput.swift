import Foundation
import Mirror

/// What one invocation prints: while it works, and at its end.
struct RunOutput: Sendable {
    let log: EventLog
    private let console: Console
    private let settings: ConsoleSettings
    private let command: SyncRun.Command
    private let line: Int?
    private let start: Date
    private let begin: ContinuousClock.Instant
    private let progress: ProgressLine

    init(
        console: Console,
        settings: ConsoleSettings,
        command: SyncRun.Command,
        line: Int?,
        start: Date,
        begin: ContinuousClock.Instant
    ) {
        self.console = console
        self.settings = settings
        self.command = command
        self.line = line
        self.start = start
        self.begin = begin
        self.progress = ProgressLine(console: console)
        self.log = EventLog(settings, console: console)
    }

    /// A scheduled run has a log and nothing else.
    private var isScheduled: Bool { line != nil }

    /// What the log says of the run is on standard output too, unless it is scheduled; as JSON it is for programs and complete.
    private var showsRunInLog: Bool { isScheduled || settings.logFormat == .json }

    private var printsTable: Bool { settings.output == .text && console.outputIsTerminal }

    /// The settings are good, the run begins.
    func begin(_ settings: SyncSettings) {
        guard command == .sync else { return }
        log.write(RunLog.start(settings, line: line), isShown: showsRunInLog)
    }

    /// A terminal gets one live line; anything else a line for each project as it ends.
    func note(_ event: SyncEvent) {
        if !settings.isQuiet, !isScheduled { progress.note(event) }
        guard command == .sync, case .finished(let reports) = event else { return }
        for report in reports {
            log.write(RunLog.project(report), isShown: showsRunInLog)
            if settings.output == .text, !printsTable, !isScheduled { console.print(ReportText.line(report)) }
        }
    }

    func print(_ report: RunReport, status: ExitStatus) {
        progress.end()
        let duration = ContinuousClock().now - begin
        for failure in report.failures { printOnError(failure) }
        log.write(RunLog.end(status, report, duration: duration, line: line), isShown: showsRunInLog)
        if isScheduled { return }
        if settings.output == .json { return printJSON(status, report) }
        if printsTable {
            let table = ReportTable(report.projects, withUnchanged: settings.isVerbose).text(
                width: console.width
            )
            if !table.isEmpty { console.print(table) }
        }
        // The commands in it are to be copied whole, however wide the terminal is.
        if !report.findings.isEmpty { console.print(ReportText.findings(report.findings)) }
        let summary = ReportText.summary(report, duration: duration)
        console.print(printsTable ? summary.wrapped(toColumns: console.width, indent: "    ") : summary)
    }

    func print(_ preview: RunPreview, status: ExitStatus) {
        progress.end()
        if settings.output == .json { return printJSON(status, preview.report, preview) }
        let text = ReportText.preview(preview)
        if !text.isEmpty { console.print(text) }
        for failure in preview.report.failures { printOnError(failure) }
    }

    /// Why there is no result.
    func print(error: any Error, status: ExitStatus) {
        progress.end()
        let failure = RunFailure.describe(error, status: status)
        let report = RunReport(projects: [], failures: [failure])
        if settings.output == .json, !isScheduled { printJSON(status, report) }
        printOnError(failure)
        guard command == .sync else { return }
        let duration = ContinuousClock().now - begin
        log.write(RunLog.end(status, report, duration: duration, line: line), isShown: showsRunInLog)
    }

    private func printOnError(_ failure: SyncFailure) {
        log.write(RunLog.failure(failure), isShown: showsRunInLog)
        if !showsRunInLog { console.log("gitlab-sync: \(failure.message)\n    next step: \(failure.hint)") }
    }

    private func printJSON(_ status: ExitStatus, _ report: RunReport, _ preview: RunPreview? = nil) {
        let document = ResultJSON(
            result: status.name,
            run: ResultJSON.Run(
                command: command.rawValue,
                started: start.formatted(.iso8601),
                seconds: (ContinuousClock().now - begin).seconds,
                exitCode: status.rawValue,
                notLookedAt: report.projects.count { !$0.isLookedAt }
            ),
            projects: report.projects.map { ResultJSON.Project($0, isPreview: preview != nil) },
            errors: report.failures,
            guards: report.findings.map { finding in
                ResultJSON.Guard(
                    id: finding.id,
                    code: finding.kind.rawValue,
                    message: finding.message,
                    approve: finding.approval
                )
            },
            groups: preview.map { $0.groupSettings.map(ResultJSON.Group.init) }
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
                message: "another gitlab-sync holds the state directory (\(held.holder))",
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
