import Foundation

/// Reads a file of configuration whole, also one that is a device or a pipe.
enum SmallFile {
    /// Why a file could not be read.
    struct Problem: Error {
        let code: Int32

        var isMissing: Bool { code == ENOENT || code == ENOTDIR }
        var reason: String { String(cString: strerror(code)) }
    }

    static func read(_ path: String) throws(Problem) -> Data {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Problem(code: errno) }
        defer { close(descriptor) }
        var data = Data()
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Foundation.read(descriptor, &buffer, buffer.count)
            if count == 0 { return data }
            if count < 0 {
                guard errno == EINTR else { throw Problem(code: errno) }
                continue
            }
            data.append(contentsOf: buffer[..<count])
        }
    }
}
