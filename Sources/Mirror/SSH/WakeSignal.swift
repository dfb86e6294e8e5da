import Foundation

/// Ends a `poll` of another thread at once: that thread polls `descriptor` for input.
final class WakeSignal: Sendable {
    let descriptor: Int32
    private let writer: Int32

    init() throws(SSHError) {
        var ends: [Int32] = [-1, -1]
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        guard socketpair(AF_UNIX, type, 0, &ends) == 0 else { throw SSHError(system: "socketpair") }
        descriptor = ends[0]
        writer = ends[1]
    }

    deinit {
        close(descriptor)
        close(writer)
    }

    /// May be called by any thread.
    ///
    /// A full buffer is a wake-up too.
    func send() {
        var byte: UInt8 = 0
        _ = Foundation.send(writer, &byte, 1, Int32(MSG_NOSIGNAL))
    }

    func clear() {
        var bytes = [UInt8](repeating: 0, count: 64)
        while read(descriptor, &bytes, bytes.count) == bytes.count {}
    }
}

extension SSHError {
    /// The failure of a system call that should not fail, such as for want of descriptors.
    init(system function: StaticString) {
        self.init(.other, "\(function) failed: \(String(cString: strerror(errno)))")
    }
}
