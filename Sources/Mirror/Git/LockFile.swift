import Foundation

/// A file of a repository that is written anew under its lock, as all of git's programs do it: `<name>.lock` is made,
/// filled, and renamed.
struct LockFile: ~Copyable {
    private let path: String
    private let lockPath: String
    private let descriptor: Int32
    private var isCommitted = false

    /// Takes the lock.
    ///
    /// - Throws: ``GitError`` if somebody else has it.
    init(of path: String) throws(GitError) {
        let lockPath = path + ".lock"
        let descriptor = open(lockPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        // Before anything is stored: a value that is whole would give back a lock that is not its own.
        guard descriptor >= 0 else { throw GitError(errno: errno, "'\(lockPath)' cannot be made") }
        self.path = path
        self.lockPath = lockPath
        self.descriptor = descriptor
    }

    /// Makes `content` the file's content, for good: it is on disk before the name points at it.
    consuming func commit(_ content: [UInt8]) throws(GitError) {
        var rest = content[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 || errno == EINTR else { throw failure() }
            rest = rest.dropFirst(max(count, 0))
        }
        guard fsync(descriptor) == 0, rename(lockPath, path) == 0 else { throw failure() }
        isCommitted = true
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw failure() }
        defer { close(folder) }
        guard fsync(folder) == 0 else { throw failure() }
    }

    private borrowing func failure() -> GitError {
        GitError(errno: errno, "'\(path)' cannot be written")
    }

    deinit {
        close(descriptor)
        if !isCommitted { unlink(lockPath) }
    }
}
