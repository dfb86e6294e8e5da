import CLibGit2
import Foundation

extension Repository {
    /// Copies all that `tips` reach into another bare repository, which checks every object while it is indexed.
    ///
    /// - Throws: ``GitError`` if something is missing here or cannot be written there.
    func copyObjects(of tips: Set<ObjectID>, intoRepositoryAt path: String) throws {
        let flags = GIT_REPOSITORY_OPEN_NO_SEARCH.rawValue | GIT_REPOSITORY_OPEN_BARE.rawValue
        let other = try Handle<RepositoryKind>("git_repository_open_ext") {
            git_repository_open_ext(&$0, path, flags, nil)
        }
        let pack = try packOfEverything(tips)
        let receiver = try PackReceiver(repository: other.pointer)
        try pack.write { bytes in
            try Task.checkCancellation()
            _ = try receiver.append(bytes)
        }
        try receiver.commit()
    }

    /// Writes a git bundle with all that its refs reach.
    ///
    /// The file appears when it is whole, and on disk.
    ///
    /// - Throws: ``GitError`` if something is missing here, or if the file cannot be written.
    func writeBundle(_ header: BundleHeader, to path: String) throws {
        let partial = path + ".partial"
        let descriptor = Foundation.open(partial, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw GitError(errno: errno, "'\(partial)'") }
        defer { close(descriptor) }
        do {
            try header.bytes.withUnsafeBytes { try Self.write($0, to: descriptor, partial) }
            try packOfEverything(Set(header.refs.values)).write { bytes in
                try Task.checkCancellation()
                try Self.write(bytes, to: descriptor, partial)
            }
            guard fsync(descriptor) == 0, rename(partial, path) == 0 else {
                throw GitError(errno: errno, "'\(path)'")
            }
        } catch {
            unlink(partial)
            throw error
        }
    }

    private static func write(
        _ bytes: UnsafeRawBufferPointer,
        to descriptor: Int32,
        _ path: String
    ) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Foundation.write(
                descriptor,
                UnsafeRawBufferPointer(rebasing: rest).baseAddress,
                rest.count
            )
            guard count > 0 || errno == EINTR else { throw GitError(errno: errno, "'\(path)'") }
            rest = rest.dropFirst(max(count, 0))
        }
    }
}
