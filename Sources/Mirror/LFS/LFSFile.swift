import Foundation

/// An open file of an LFS object.
///
/// `@unchecked Sendable`: it is read and written by one task at a time.
final class LFSFile: @unchecked Sendable {
    private static let pieceSize = 256 << 10

    private let path: String
    private let descriptor: Int32

    /// Opens a file to read.
    init(reading path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LFSError(errno: errno, path) }
    }

    /// Opens a file to read and write, making it and its folder if need be.
    init(writing path: String) throws {
        self.path = path
        try Self.makeFolder(of: path)
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LFSError(errno: errno, path) }
    }

    deinit {
        close(descriptor)
    }

    /// The next piece; nil at the end of the file.
    func next() throws -> [UInt8]? {
        while true {
            var count = 0
            let piece = [UInt8](unsafeUninitializedCapacity: Self.pieceSize) { buffer, initialized in
                count = read(descriptor, buffer.baseAddress, buffer.count)
                initialized = max(count, 0)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw LFSError(errno: errno, path) }
            return count == 0 ? nil : piece
        }
    }

    /// Adds bytes at the end.
    func append(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw LFSError(errno: errno, path) }
            rest = rest.dropFirst(count)
        }
    }

    /// Makes the file empty.
    func truncate() throws {
        guard ftruncate(descriptor, 0) == 0, lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw LFSError(errno: errno, path)
        }
    }

    /// Gives the file its name, when all of it is on the disk.
    func commit(as name: String) throws {
        try Self.makeFolder(of: name)
        guard fsync(descriptor) == 0, rename(path, name) == 0 else { throw LFSError(errno: errno, name) }
    }

    private static func makeFolder(of path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw LFSError(.file, "'\(folder.path(percentEncoded: false))': \(error.localizedDescription)")
        }
    }
}
