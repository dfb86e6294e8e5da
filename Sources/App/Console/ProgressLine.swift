import Foundation
import Mirror
import Synchronization

/// The live line of a run on a terminal: how many projects are done, how fast, how long it will take, and which is being worked on.
final class ProgressLine: Sendable {
    private struct State {
        var total = 0
        var done = 0
        var current = ""
        let start = ContinuousClock().now
    }

    private let state = Mutex(State())
    private let console: Console

    init(console: Console) {
        self.console = console
    }

    func note(_ event: SyncEvent) {
        let line = state.withLock { state in
            switch event {
            case .planned(let projects): state.total = projects
            case .started(let path): state.current = path
            case .finished: state.done += 1
            }
            return Self.text(state)
        }
        console.show(liveLine: String(line.prefix(console.width - 1)))
    }

    func end() {
        console.show(liveLine: "")
    }

    private static func text(_ state: State) -> String {
        let elapsed = (ContinuousClock().now - state.start).seconds
        let rate = elapsed > 0 ? Double(state.done) / elapsed : 0
        var line = "\(state.done)/\(state.total)"
        if state.done > 0, rate > 0 {
            let left = Int((Double(state.total - state.done) / rate).rounded(.up))
            line += "  \(String(format: "%.1f", rate))/s  ETA \(left) s"
        }
        return line + "  " + state.current.escapedForDisplay
    }
}
