import Foundation

/// A pack file that is sent as it is.
struct StoredPack {
    private static let pieceSize = 256 * 1024

    /// Where the pack lies.
    let path: String

    /// Hands the file to `send`, piece by piece.
    ///
    /// - Throws: ``GitError`` if the file cannot be read, otherwise what `send` throws.
    func write(_ send: (UnsafeRawBufferPointer) throws -> Void) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw GitError(errno: errno, "'\(path)'") }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: Self.pieceSize, alignment: 8)
        defer { buffer.deallocate() }
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw GitError(errno: errno, "'\(path)'") }
            if count == 0 { return }
            try send(UnsafeRawBufferPointer(rebasing: buffer.prefix(count)))
        }
    }
}
