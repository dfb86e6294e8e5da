import Crypto

/// Compares an object that passes by with what its pointer says of it.
struct LFSChecksum {
    private let pointer: LFSPointer
    private var hash = SHA256()

    /// How many bytes have passed.
    private(set) var count = 0

    init(_ pointer: LFSPointer) {
        self.pointer = pointer
    }

    /// Takes the next bytes.
    ///
    /// - Throws: ``LFSError`` `damaged` as soon as there are too many.
    mutating func take(_ bytes: [UInt8]) throws {
        count += bytes.count
        guard count <= pointer.size else {
            throw LFSError(.damaged, "more than the \(pointer.size) bytes of \(pointer.oid) came")
        }
        hash.update(data: bytes)
    }

    /// Judges what has passed.
    ///
    /// - Throws: ``LFSError``: `unreachable` if the end is missing, `damaged` if it is another object.
    func finish() throws {
        guard count == pointer.size else {
            throw LFSError(.unreachable, "\(pointer.oid) was cut off after \(count) of \(pointer.size) bytes")
        }
        let digest = hash.finalize().hexadecimal
        guard digest == pointer.oid else {
            throw LFSError(.damaged, "what came as \(pointer.oid) has the SHA-256 \(digest)")
        }
    }
}
