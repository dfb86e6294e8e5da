public import Foundation

/// Holds a state directory for one run.
///
/// The lock is the kernel's (`flock`) on a file that is never removed: it ends with the process, however that ends.
public struct RunLock: ~Copyable, Sendable {
    private let descriptor: Int32

    /// Another run holds the directory.
    public struct Held: Error, Hashable, Sendable {
        /// What the holder wrote about itself: process, host and start.
        public let holder: String
    }

    /// Takes the lock, creating the directory if it is not there.
    ///
    /// - Parameters:
    ///   - directory: The state directory.
    ///   - name: The lock file's name; one directory can have locks for several purposes.
    /// - Throws: ``Held`` if another process has it, `CocoaError` if the directory cannot be written.
    public init(in directory: URL, name: String = "lock") throws {
        try FileManager.default.createDirectory(
            at: directory,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let path = directory.appending(component: name).path(percentEncoded: false)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw CocoaError(.fileWriteNoPermission, userInfo: [NSFilePathErrorKey: path])
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw Held(holder: Self.holder(of: path))
        }
        self.descriptor = descriptor
        let start = Date().formatted(.iso8601)
        let holder = Array("process \(getpid()) on \(ProcessInfo.processInfo.hostName) since \(start)\n".utf8)
        ftruncate(descriptor, 0)
        _ = holder.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    /// Keeps runs out of a state directory while it is read; several readers may do so together.
    ///
    /// Nothing is written, so it works on a read-only disk.
    ///
    /// - Returns: nil if no run was ever made here, so that there is no lock to take.
    /// - Throws: ``Held`` if a run is under way, `CocoaError` if the lock file cannot be read.
    static func reading(_ directory: URL) throws -> RunLock? {
        let path = directory.appending(component: "lock").path(percentEncoded: false)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else {
            throw CocoaError(.fileReadNoPermission, userInfo: [NSFilePathErrorKey: path])
        }
        guard flock(descriptor, LOCK_SH | LOCK_NB) == 0 else {
            let holder = try? String(contentsOfFile: path, encoding: .utf8)
            close(descriptor)
            throw Held(
                holder: (holder ?? "").trimmingCharacters(in: .whitespacesAndNewlines).escapedForDisplay
            )
        }
        return RunLock(descriptor: descriptor)
    }

    private init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    deinit {
        // A child process that is just being started holds a copy of the descriptor until it executes its program: closing
        // ours alone would leave the lock with it.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}

extension RunLock {
    /// What the process that holds the lock wrote about itself; nil if nobody holds it.
    ///
    /// Only looks: no file is made, and a lock that nobody holds is given back at once.
    static func holder(in directory: URL, name: String = "lock") -> String? {
        let path = directory.appending(component: name).path(percentEncoded: false)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard flock(descriptor, LOCK_SH | LOCK_NB) != 0 else {
            flock(descriptor, LOCK_UN)
            return nil
        }
        return holder(of: path)
    }

    private static func holder(of path: String) -> String {
        let text = try? String(contentsOfFile: path, encoding: .utf8)
        return (text ?? "").trimmingCharacters(in: .whitespacesAndNewlines).escapedForDisplay
    }
}
