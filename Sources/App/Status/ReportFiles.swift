import Foundation
import Mirror

/// The files that tell others how things stand: a page, a JSON document, metrics.
///
/// Each is replaced as a whole.
struct ReportFiles {
    /// After how long a copy is stale where nobody says: a daily run and two hours.
    static let usualLimit: TimeInterval = 26 * 3600

    private let report: StatusReport
    private let limit: TimeInterval

    init(_ report: StatusReport, staleAfter limit: TimeInterval?) {
        self.report = report
        self.limit = limit ?? Self.usualLimit
    }

    /// Writes all of them into a folder, which is made if it is not there.
    func write(to folder: URL) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try writePage(to: folder.appending(component: "index.html"))
        try write(
            try StatusJSON(report, staleAfter: limit).text() + "\n",
            to: folder.appending(component: "status.json")
        )
        try writeMetrics(to: folder.appending(component: "gitlab_sync.prom"))
    }

    func writePage(to file: URL) throws {
        try write(StatusPage(report, staleAfter: limit).text, to: file)
    }

    func writeMetrics(to file: URL) throws {
        try write(PrometheusText(report).text, to: file)
    }

    /// Web servers and collectors run as other users: the file may be read by all, as far as its folder lets them.
    private func write(_ text: String, to file: URL) throws {
        let path = file.path(percentEncoded: false)
        do {
            let next = file.deletingLastPathComponent().appending(
                component: ".\(file.lastPathComponent).\(getpid())"
            )
            try Data(text.utf8).write(to: next)
            chmod(next.path(percentEncoded: false), 0o644)
            guard rename(next.path(percentEncoded: false), path) == 0 else {
                let reason = String(cString: strerror(errno))
                unlink(next.path(percentEncoded: false))
                throw SyncFailure(
                    code: "report-file",
                    message: "'\(path.escapedForDisplay)': \(reason)",
                    hint: Self.hint
                )
            }
        } catch let error as CocoaError {
            throw SyncFailure(
                code: "report-file",
                message: "'\(path.escapedForDisplay)' cannot be written: \(error.localizedDescription)",
                hint: Self.hint
            )
        }
    }

    private static let hint = "name a folder that this user may write"
}
