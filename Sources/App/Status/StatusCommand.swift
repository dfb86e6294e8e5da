import ArgumentParser
import Foundation
import Mirror

/// `gitlab-sync status`: how fresh every copy is, and why not.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract:
            "Shows the last run and how fresh each copy is, with the reason and the next step where one is not equal.",
        discussion: """
            It reads the state directory only, also beside a run, and asks no server. Without --stale the exit code is 0.

            EXAMPLES
              gitlab-sync status --stale 26h || echo "look at the copies"
              gitlab-sync status --html /var/www/gitlab-sync.html
              gitlab-sync status --output json | jq '.repositories[] | select(.isStale)'
            """
    )

    @Option(
        help: ArgumentHelp(
            "Exit code 1 if a copy was last equal longer ago than this, or never: 90m, 26h, 8d.",
            valueName: "age"
        )
    )
    var stale: String?

    @Option(help: ArgumentHelp("Also write the page that --report-dir of a run writes.", valueName: "file"))
    var html: String?

    @Option(
        help: ArgumentHelp("Also write the metrics for Prometheus' textfile collector.", valueName: "file")
    )
    var metrics: String?

    @Flag(help: "Show every repository, not only those that are not equal or stale.")
    var all = false

    @OptionGroup var file: FileOptions

    @OptionGroup var state: StateOptions

    func run() async throws {
        let console = Console()
        let isStale: Bool
        do {
            isStale = try await show(on: console)
        } catch {
            let status = ExitStatus(error)
            let failure = RunFailure.describe(error, status: status)
            console.log("gitlab-sync: \(failure.message)\n    next step: \(failure.hint)")
            throw ExitCode(status.rawValue)
        }
        if isStale { throw ExitCode(ExitStatus.different.rawValue) }
    }

    /// Prints and writes the report.
    ///
    /// - Returns: Whether `--stale` was given and a copy is stale.
    private func show(on console: Console) async throws -> Bool {
        let resolver = try SettingsResolver(
            flags: GivenFlags(file, state),
            environment: ProcessInfo.processInfo.environment
        )
        let limit = try stale.map { try Values.age(Setting(origin: "--stale", value: $0)) }
        let directory = try resolver.stateDirectory()
        console.noteIfAbsent(directory)
        let report = try await StatusReport.read(from: directory)
        let files = ReportFiles(report, staleAfter: limit)
        if let html { try files.writePage(to: URL(filePath: html)) }
        if let metrics { try files.writeMetrics(to: URL(filePath: metrics)) }
        switch try resolver.console().output {
        case .json: console.print(try StatusJSON(report, staleAfter: limit).text())
        case .text:
            console.print(StatusText.text(report, staleAfter: limit ?? ReportFiles.usualLimit, showsAll: all))
        }
        guard let limit else { return false }
        if report.repositories.isEmpty {
            // A tool that never ran has no fresh copy either; a shard that has no project ends its runs all the same.
            return !report.runs.contains { run in
                run.repositories != nil
                    && run.ended.map { report.time.timeIntervalSince($0) <= limit } ?? false
            }
        }
        return report.repositories.contains { $0.isStale(after: limit, at: report.time) }
    }
}
