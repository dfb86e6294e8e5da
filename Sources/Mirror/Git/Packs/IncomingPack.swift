import Foundation

/// A pack on its way from the source, as others may follow it: byte for byte, and while it still comes in.
///
/// The file into which it is received is the buffer, so a slow follower neither holds the source up nor takes memory.
/// What libgit2 changes in that file when the pack is complete (the header of a thin pack, and what it appends) is never
/// read from it.
///
/// `@unchecked Sendable`: all state is behind the monitor.
final class IncomingPack: @unchecked Sendable {
    private static let headerSize = 12
    private static let trailerSize = 20
    private static let pieceSize = 256 * 1024

    private enum State {
        /// Nothing has come.
        case waiting
        /// So many bytes are in the file.
        case growing(Int)
        /// All is there, with this checksum at its end.
        case complete(Int, trailer: [UInt8])
        /// Nothing comes, or nothing more.
        case ended
    }

    /// What the source advertised, and what was here before.
    struct Beginning {
        /// The refs of the source.
        let advertised: RefListing
        /// The tips that the source was told of: what the pack leaves out hangs on them.
        let haves: Set<ObjectID>
    }

    private let monitor = Monitor()
    private var state = State.waiting
    private var start: Beginning?
    private var header: [UInt8] = []
    private var descriptor: Int32 = -1

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Whether all of it has come.
    var isComplete: Bool {
        monitor.withLock { if case .complete = state { true } else { false } }
    }

    /// What the pack hangs on; nil if there is no pack.
    var beginning: Beginning? {
        monitor.withLock { start }
    }

    /// Says that a pack comes, into the file at `path`.
    func begin(_ beginning: Beginning, path: String) throws(GitError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw GitError(errno: errno, "'\(path)'") }
        monitor.withLock {
            self.descriptor = descriptor
            start = beginning
            state = .growing(0)
            monitor.wakeAll()
        }
    }

    /// Says that these bytes are in the file.
    func advance(_ bytes: UnsafeRawBufferPointer) {
        monitor.withLock {
            guard case .growing(let count) = state else { return }
            header += bytes.prefix(max(0, Self.headerSize - header.count))
            state = .growing(count + bytes.count)
            monitor.wakeAll()
        }
    }

    /// Says that all bytes are in the file, of which these are the last.
    func complete(trailer: [UInt8]) {
        monitor.withLock {
            guard case .growing(let count) = state, count >= Self.headerSize + Self.trailerSize else {
                return end()
            }
            state = .complete(count, trailer: trailer)
            monitor.wakeAll()
        }
    }

    /// Says that nothing comes, or, unless it is complete, nothing more.
    func stop() {
        monitor.withLock {
            if case .complete = state { return }
            end()
        }
    }

    private func end() {
        state = .ended
        monitor.wakeAll()
    }

    /// Waits for the first byte.
    ///
    /// - Returns: What the source advertised; nil if there is no pack.
    func waitForBeginning() -> Beginning? {
        monitor.withLock {
            while true {
                switch state {
                case .waiting, .growing(0): monitor.wait()
                case .growing, .complete: return start
                case .ended: return nil
                }
            }
        }
    }

    /// Hands the pack to `send` as it comes in; its checksum, which makes it valid, only when all has come.
    ///
    /// - Throws: ``GitError`` `cutOff` if the pack does not come to its end, otherwise what `send` throws.
    func follow(_ send: (UnsafeRawBufferPointer) throws -> Void) throws {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 8)
        defer { buffer.deallocate() }
        var position = 0
        while true {
            let (end, trailer) = try waitForBytes(after: position)
            if position == 0 {
                try monitor.withLock { header }.withUnsafeBytes(send)
                position = Self.headerSize
            }
            while position < end {
                let room = UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(end - position))
                let count = pread(descriptor, room.baseAddress, room.count, off_t(position))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else {
                    throw GitError(.failed, "a pack that is being received cannot be read")
                }
                try send(UnsafeRawBufferPointer(rebasing: room.prefix(count)))
                position += count
            }
            if let trailer {
                try trailer.withUnsafeBytes(send)
                return
            }
        }
    }

    /// Waits until more than `position` bytes, the last ones not counted, can be read.
    private func waitForBytes(after position: Int) throws(GitError) -> (end: Int, trailer: [UInt8]?) {
        try monitor.withLock { () throws(GitError) in
            while true {
                switch state {
                case .growing(let count) where count - Self.trailerSize > max(position, Self.headerSize):
                    return (count - Self.trailerSize, nil)
                case .waiting, .growing: monitor.wait()
                case .complete(let count, let trailer): return (count - Self.trailerSize, trailer)
                case .ended: throw GitError(.cutOff, "the source's pack was cut off")
                }
            }
        }
    }
}
