import Mirror

/// The table at the end of a run on a terminal.
struct ReportTable {
    private static let header = ["STATUS", "SOURCE", "TARGET", "CHANGES"]
    private static let (source, target, changes) = (1, 2, 3)
    private static let gap = 2
    /// Paths are cut down to this, and no further while there is another way.
    private static let shortestPath = 12

    private let rows: [[String]]
    private let remarks: [String]

    /// A table of what changed; what is as it was shows as a number in the summary, unless it is asked for.
    init(_ reports: [ProjectReport], withUnchanged: Bool = false) {
        let shown = reports.filter { withUnchanged || $0.status != .unchanged }
        rows = shown.map { report in
            [
                report.status.rawValue, ReportText.name(report), report.target.escapedForDisplay,
                ReportText.facts(report),
            ]
        }
        let failures = reports.compactMap { report in
            report.failure.map {
                ["\(ReportText.name(report)): \($0.code): \($0.message)", "    next step: \($0.hint)"]
            }
        }
        let notes = shown.flatMap { report in
            report.notes.map { "\(ReportText.name(report)): note: \($0.code): \($0.message)" }
        }
        remarks = failures.flatMap(\.self) + notes
    }

    /// The table, and below it what failed and why, in at most `width` columns; empty if there is nothing to tell.
    ///
    /// Paths give way first; where that is not enough, the targets, which follow from the sources.
    func text(width: Int) -> String {
        guard !rows.isEmpty else { return "" }
        var columns = Array(Self.header.indices)
        var widths = columns.map { column in
            ([Self.header] + rows).map { $0[column].columns }.max() ?? 0
        }
        func excess() -> Int {
            columns.reduce(Self.gap * (columns.count - 1)) { $0 + widths[$1] } - width
        }
        func narrow(_ column: Int, to shortest: Int, by share: Int) {
            widths[column] = max(min(widths[column], shortest), widths[column] - max(0, share))
        }
        // The wider path gives way first, then both alike.
        let wider = widths[Self.source] > widths[Self.target] ? Self.source : Self.target
        narrow(
            wider,
            to: Self.shortestPath,
            by: min(excess(), abs(widths[Self.source] - widths[Self.target]))
        )
        narrow(Self.target, to: Self.shortestPath, by: (excess() + 1) / 2)
        narrow(Self.source, to: Self.shortestPath, by: excess())
        narrow(Self.target, to: Self.shortestPath, by: excess())
        if excess() > 0 {
            columns.removeAll { $0 == Self.target }
            widths[Self.source] = ([Self.header] + rows).map { $0[Self.source].columns }.max() ?? 0
            narrow(Self.source, to: Self.shortestPath, by: excess())
            narrow(Self.changes, to: Self.shortestPath, by: excess())
        }
        let lines = ([Self.header] + rows).map { row in
            columns.map { column in
                let cell =
                    column == Self.changes
                    ? row[column].clipped(toColumns: widths[column])
                    : row[column].clippedAtStart(toColumns: widths[column])
                return cell.padded(toColumns: widths[column])
            }
            .joined(separator: String(repeating: " ", count: Self.gap)).trimmingEnd
            .clipped(toColumns: width)
        }
        return (lines + remarks.map { $0.wrapped(toColumns: width, indent: "    ") }).joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmingEnd: String { String(reversed().drop { $0 == " " }.reversed()) }
}
