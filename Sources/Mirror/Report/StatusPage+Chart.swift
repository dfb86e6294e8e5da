import Foundation

extension StatusPage {
    /// The last runs as bars: the height is the duration, the colour the result.
    static func chart(_ runs: [StatusReport.Run]) -> String {
        guard !runs.isEmpty else { return "" }
        let (width, height, gap) = (10.0, 48.0, 2.0)
        // The root lets runs of two seconds and of two hours stand side by side.
        let longest = max(1, runs.compactMap(\.seconds).max() ?? 1).squareRoot()
        let bars = runs.enumerated().map { index, run in
            let size = max(3, height * (run.seconds ?? 0).squareRoot() / longest)
            let (x, y) = (Double(index) * (width + gap), height - size)
            return
                "<rect class=\"\(kind(of: run))\" x=\"\(x)\" y=\"\(rounded(y))\" width=\"\(width)\" height=\"\(rounded(size))\">"
                + "<title>\(escaped(description(of: run)))</title></rect>"
        }
        let total = Double(runs.count) * (width + gap) - gap
        let good = runs.count { $0.result == "equal" }
        return """
            <figure>
            <svg viewBox="0 0 \(total) \(height)" width="\(total)" height="\(height)" role="img" \
            aria-label="\(good) of the last \(runs.count) runs left everything equal">\(bars.joined())</svg>
            <figcaption>The last \(runs.count) runs, the newest on the right; \(good) left everything equal</figcaption>
            </figure>
            """
    }

    private static func kind(of run: StatusReport.Run) -> String {
        switch run.result {
        case "equal": "good"
        case "held": "held"
        case nil, "stopped": "cut"
        default: "bad"
        }
    }

    private static func description(of run: StatusReport.Run) -> String {
        var words = [run.started.formatted(.iso8601), run.result ?? "under way, or killed"]
        if let duration = run.seconds { words.append(seconds(duration)) }
        if let good = run.good, let all = run.repositories {
            words.append("\(good) of \(all) as they should be")
        }
        if let changed = run.changed { words.append("\(changed) refs changed") }
        return words.joined(separator: ", ")
    }

    private static func rounded(_ number: Double) -> Double { (number * 10).rounded() / 10 }
}
