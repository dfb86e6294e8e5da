import Foundation
import Logging
import Mirror

/// Tells others of one run, beside and after it; what goes wrong is a warning in the log and no more.
struct RunNotifier: Sendable {
    private let notifier: Notifier
    private let log: EventLog
    private let console: Console
    private let start: Task<Void, Never>

    /// Says that a run begins, while it begins.
    ///
    /// - Returns: Nil if nobody is to be told anything, or nobody knows who and where the state lies: the run says what is wrong.
    init?(_ resolver: SettingsResolver, log: EventLog, console: Console) {
        guard let settings = try? resolver.notifications(), !settings.isEmpty,
            let stateDirectory = try? resolver.stateDirectory()
        else { return nil }
        console.hide(Redactor(settings.secrets))
        let notifier = Notifier(settings, stateDirectory: stateDirectory) { console.redacted($0) }
        self.notifier = notifier
        self.log = log
        self.console = console
        let isLockedOut = notifier.isRunUnderWay
        start = Task {
            if !isLockedOut { Self.warn(await notifier.begin(), log) }
        }
    }

    /// Says how it ended, unless a signal stopped it or another one was under way: the next run tells.
    func end(_ status: ExitStatus, _ news: RunNews) async {
        await start.value
        guard ![.locked, .interrupted, .terminated].contains(status) else { return }
        Self.warn(await notifier.end(news, log: console.lastLines()), log)
    }

    private static func warn(_ failures: [SyncFailure], _ log: EventLog) {
        for failure in failures {
            log.write(LogLine(.warning, failure.code, failure.message, ["hint": .text(failure.hint)]))
        }
    }
}
