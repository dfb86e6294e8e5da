import Foundation
import Mirror

/// How far a run has come, in one line.
struct ProgressText {
    /// The projects in scope; 0 while they are still counted.
    var total = 0
    var done = 0
    /// The projects that are worked on, the latest at the end.
    var current: [String] = []
    /// What came from the source so far, in bytes.
    var bytes = 0

    /// The line in at most `width` columns: the count always, the rest as far as there is room, names last.
    func line(after elapsed: Duration, width: Int) -> String {
        guard total > 0 else { return "listing projects".clipped(toColumns: width) }
        var line = "\(done)/\(total)".clipped(toColumns: width)
        for part in [rate(after: elapsed), remaining(after: elapsed)].compactMap(\.self)
        where line.columns + 2 + part.columns <= width {
            line += "  " + part
        }
        let room = width - line.columns - 2
        if let latest = current.last, room >= Self.shortestName {
            line += "  " + latest.escapedForDisplay.clippedAtStart(toColumns: room)
        }
        return line
    }

    private static let shortestName = 10

    /// Bytes of git's data in a second, on average.
    private func rate(after elapsed: Duration) -> String? {
        guard bytes > 0, elapsed > .zero else { return nil }
        return Int64(Double(bytes) / elapsed.seconds).formatted(.byteCount(style: .decimal)) + "/s"
    }

    /// How long it will take if the rest is like what is done.
    private func remaining(after elapsed: Duration) -> String? {
        guard done > 0, done < total else { return nil }
        let seconds = Int((elapsed.seconds / Double(done) * Double(total - done)).rounded(.up))
        let text =
            switch seconds {
            case ..<60: "\(seconds) s"
            case ..<3600: "\(seconds / 60) min \(seconds % 60) s"
            default: "\(seconds / 3600) h \(seconds % 3600 / 60) min"
            }
        return "ETA " + text
    }
}
