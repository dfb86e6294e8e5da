import Foundation

/// What is asked of a file system; a value, so that tests have others than this machine's.
struct FileSystemProbe: Sendable {
    /// The bytes that an ordinary user may still write below a folder; nil if the system does not tell.
    var freeBytes: @Sendable (URL) -> Int?

    /// Whether two names that differ in the case of their letters are two files.
    ///
    /// - Throws: `CocoaError` or `POSIXError` if nothing can be written into the folder.
    var isCaseSensitive: @Sendable (URL) throws -> Bool

    /// This machine's.
    static let real = FileSystemProbe(
        freeBytes: { folder in
            var status = statvfs()
            guard statvfs(folder.path(percentEncoded: false), &status) == 0 else { return nil }
            return Int(status.f_bavail) * Int(status.f_frsize)
        },
        isCaseSensitive: { folder in
            let name = ".gitlab-sync-doctor-\(UUID().uuidString.lowercased())"
            let file = folder.appending(component: name).path(percentEncoded: false)
            let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
            close(descriptor)
            defer { unlink(file) }
            return access(folder.appending(component: name.uppercased()).path(percentEncoded: false), F_OK)
                != 0
        }
    )
}
