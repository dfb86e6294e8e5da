import Foundation
import Glibc

/// An open file without a name, for the input and output of a child process.
///
/// Unlike a pipe it never fills, and its end does not depend on who else inherited it.
final class ScratchFile: Sendable {
    let descriptor: Int32

    init(containing bytes: Data = Data()) throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "lab-\(UUID().uuidString)").path
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LabError("cannot create a file in the temporary directory") }
        unlink(path)
        guard !bytes.isEmpty else { return }
        let written = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard written == bytes.count else { throw LabError("cannot write a temporary file") }
    }

    deinit { close(descriptor) }

    /// Everything in the file.
    func contents() -> Data {
        let size = max(0, Int(lseek(descriptor, 0, SEEK_END)))
        var bytes = Data(count: size)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, size, 0) }
        return bytes.prefix(max(0, count))
    }
}
