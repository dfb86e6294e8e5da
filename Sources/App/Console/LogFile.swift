import Foundation

/// A log file that is rotated by its size: `NAME`, then `NAME.1` and on, older and older.
///
/// Several processes may write to one file, each whole lines: every write happens under a lock on the file, and a file that another
/// process rotated away - or logrotate - is noticed by that the path leads elsewhere.
struct LogFile: ~Copyable {
    /// What made the last write impossible.
    struct Unwritable: Error, Equatable {
        let path: String
        let reason: String
    }

    private let path: String
    private let limit: Int
    private let count: Int
    private var descriptor: Int32 = -1

    /// - Parameters:
    ///   - path: Where it lies; its folder is made if it is not there.
    ///   - limit: The size in bytes that a file does not go beyond.
    ///   - count: How many old files are kept; must be greater than zero.
    init(path: String, limit: Int = 10_000_000, count: Int = 5) {
        self.path = path
        self.limit = limit
        self.count = count
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends text that ends with a newline.
    mutating func append(_ text: String) throws(Unwritable) {
        try lockCurrentFile()
        defer { flock(descriptor, LOCK_UN) }
        let bytes = Array(text.utf8)
        let size = Int(status(of: descriptor)?.st_size ?? 0)
        if size > 0, size + bytes.count > limit {
            try rotate()
        }
        guard bytes.withUnsafeBytes({ Foundation.write(descriptor, $0.baseAddress, $0.count) }) == bytes.count
        else {
            throw unwritable()
        }
    }

    /// Opens the file at the path if it is not the open one, and takes its lock.
    private mutating func lockCurrentFile() throws(Unwritable) {
        while true {
            if descriptor < 0 { try openFile() }
            guard flock(descriptor, LOCK_EX) == 0 else { throw unwritable() }
            var there = stat()
            if stat(path, &there) == 0, let mine = status(of: descriptor), mine.st_ino == there.st_ino,
                mine.st_dev == there.st_dev
            {
                return
            }
            close(descriptor)
            descriptor = -1
        }
    }

    private mutating func openFile() throws(Unwritable) {
        let folder = URL(filePath: path).deletingLastPathComponent()
        try? FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unwritable() }
    }

    /// Renames under the lock of the full file: whoever waits for that lock finds the path leading elsewhere.
    private mutating func rotate() throws(Unwritable) {
        for number in stride(from: count - 1, through: 1, by: -1) {
            rename("\(path).\(number)", "\(path).\(number + 1)")
        }
        guard rename(path, "\(path).1") == 0 else { throw unwritable() }
        close(descriptor)
        descriptor = -1
        try lockCurrentFile()
    }

    private func status(of descriptor: Int32) -> stat? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? status : nil
    }

    private func unwritable() -> Unwritable {
        Unwritable(path: path, reason: String(cString: strerror(errno)))
    }
}
