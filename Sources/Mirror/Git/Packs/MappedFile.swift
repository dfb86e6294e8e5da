import Foundation

/// The bytes of a file, as the kernel maps them: only what is looked at is read.
final class MappedFile {
    let bytes: UnsafeRawBufferPointer

    /// Maps the file at `path`, which must not be cut while it is mapped.
    ///
    /// - Throws: ``GitError`` that names the file and the system's reason.
    init(path: String) throws(GitError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw GitError(errno: errno, "'\(path)'") }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw GitError(errno: errno, "'\(path)'") }
        let size = Int(status.st_size)
        guard size > 0 else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let start = mmap(nil, size, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED else {
            throw GitError(errno: errno, "'\(path)'")
        }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit {
        if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
    }
}
