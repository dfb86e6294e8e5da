import Dispatch
import Foundation
import Mirror
import Synchronization

/// The live line of a run on a terminal: how many projects are done, how fast, how long it will take, and which is being worked on.
final class ProgressLine: Sendable {
    private struct State {
        var text = ProgressText()
        var isEnded = false
        let start = ContinuousClock().now
        var drawn: ContinuousClock.Instant?
    }

    /// Bytes come in thousands of small pieces: no reader sees more than some lines a second.
    private static let shortestPause = Duration.milliseconds(100)

    /// The line is drawn as often at least, since the time left is another also while nothing happens.
    ///
    /// Not more often: a line that is drawn just when the terminal becomes narrower leaves a piece of the one before.
    private static let longestPause = 5.0

    /// What stays free at the end of a row: a full one would make some terminals begin the next, and so would the `^C` that they show.
    private static let margin = 3

    private let state = Mutex(State())
    private let console: Console
    // Unsafe only by their type: Dispatch's own objects may be used on any thread.
    nonisolated(unsafe) private let occasions: [any DispatchSourceProtocol]

    init(console: Console) {
        self.console = console
        if console.showsLiveLine {
            let timer = DispatchSource.makeTimerSource()
            timer.schedule(deadline: .now() + Self.longestPause, repeating: Self.longestPause)
            occasions = [DispatchSource.makeSignalSource(signal: SIGWINCH), timer]
        } else {
            occasions = []
        }
        for occasion in occasions {
            occasion.setEventHandler { [weak self] in self?.drawAgain() }
            occasion.activate()
        }
    }

    deinit {
        for occasion in occasions { occasion.cancel() }
    }

    func note(_ event: SyncEvent) {
        guard console.showsLiveLine else { return }
        state.withLock { state in
            var isUrgent = true
            switch event {
            case .planned(let projects): state.text.total = projects
            case .started(let path): state.text.current.append(path)
            case .received(let bytes):
                state.text.bytes += bytes
                isUrgent = false
            case .finished(let reports):
                state.text.done = min(state.text.done + 1, state.text.total)
                // Who verifies reports at the end, and only counts till then.
                let path = reports.first?.source ?? state.text.current.first
                if let index = state.text.current.firstIndex(where: { $0 == path }) {
                    state.text.current.remove(at: index)
                }
            }
            draw(&state, isUrgent: isUrgent)
        }
    }

    /// Removes the line, for good.
    func end() {
        state.withLock { state in
            state.isEnded = true
            console.show(liveLine: "")
        }
    }

    /// Draws again for another width, and as time goes by: what takes long has events from time to time only.
    private func drawAgain() {
        state.withLock { state in
            if state.drawn != nil { draw(&state, isUrgent: true) }
        }
    }

    private func draw(_ state: inout State, isUrgent: Bool) {
        let now = ContinuousClock().now
        guard !state.isEnded else { return }
        if !isUrgent, let drawn = state.drawn, now - drawn < Self.shortestPause { return }
        state.drawn = now
        console.show(liveLine: state.text.line(after: now - state.start, width: console.width - Self.margin))
    }
}
