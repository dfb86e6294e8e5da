import Dispatch
import Foundation

/// Calls a handler instead of what a signal does by default; a process has one watch at a time.
///
/// A signal's handler writes its number into a pipe. A dispatch source for signals would begin to listen some time after it was made,
/// and a signal that came before would be lost.
final class SignalWatch {
    /// One for the process, as signals are.
    private static let pipe = openPipe()

    private let source: any DispatchSourceRead

    /// A watch that no signal passes once this returns.
    ///
    /// - Parameters:
    ///   - signals: The signals' numbers.
    ///   - queue: Where the handler is called.
    ///   - handler: Gets the number.
    init(_ signals: [Int32], on queue: DispatchQueue, handler: @escaping @Sendable (Int32) -> Void) {
        let input = Self.pipe.input
        source = DispatchSource.makeReadSource(fileDescriptor: input, queue: queue)
        source.setEventHandler {
            var number: UInt8 = 0
            while read(input, &number, 1) == 1 { handler(Int32(number)) }
        }
        source.activate()
        for number in signals { Self.catchSignal(number) }
    }

    deinit {
        source.cancel()
    }

    private static func catchSignal(_ number: Int32) {
        var action = sigaction()
        action.sa_flags = SA_RESTART
        action.__sigaction_handler.sa_handler = { number in
            let code = errno
            var byte = UInt8(truncatingIfNeeded: number)
            _ = write(SignalWatch.pipe.output, &byte, 1)
            errno = code
        }
        sigaction(number, &action, nil)
    }

    private static func openPipe() -> (input: Int32, output: Int32) {
        var ends: [Int32] = [-1, -1]
        precondition(Foundation.pipe(&ends) == 0, "no file descriptor is left at the start")
        for end in ends {
            _ = fcntl(end, F_SETFD, FD_CLOEXEC)
            _ = fcntl(end, F_SETFL, O_NONBLOCK)
        }
        return (ends[0], ends[1])
    }
}
