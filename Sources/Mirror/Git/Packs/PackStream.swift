import Crypto

/// Writes a pack: header, entries, and the checksum that makes it valid.
///
/// Memory: one buffer, whatever the size of the pack.
struct PackStream: ~Copyable {
    private static let bufferSize = 128 * 1024

    /// What was written so far, in bytes.
    private(set) var offset = 0

    private let send: (UnsafeRawBufferPointer) throws -> Void
    private let buffer: UnsafeMutableRawBufferPointer
    private var used = 0
    private var checksum = Insecure.SHA1()

    /// Begins a pack with `count` objects.
    ///
    /// - Parameters:
    ///   - count: how many entries will be written.
    ///   - send: takes the bytes, which are valid during the call.
    /// - Throws: what `send` throws.
    init(count: Int, send: @escaping (UnsafeRawBufferPointer) throws -> Void) throws {
        self.send = send
        buffer = .allocate(byteCount: Self.bufferSize, alignment: 8)
        try write(
            Array("PACK".utf8) + [0, 0, 0, 2]
                + (0..<4).map { UInt8(truncatingIfNeeded: count >> (24 - 8 * $0)) }
        )
    }

    deinit {
        buffer.deallocate()
    }

    /// Adds bytes.
    mutating func write(_ bytes: [UInt8]) throws {
        try bytes.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) throws in try write(bytes) }
    }

    /// Adds bytes.
    mutating func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes
        while !rest.isEmpty {
            if used == Self.bufferSize { try flush() }
            let count = min(rest.count, Self.bufferSize - used)
            UnsafeMutableRawBufferPointer(rebasing: buffer[used..<used + count])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: rest.prefix(count)))
            used += count
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
        offset += bytes.count
    }

    /// Adds the checksum: only now a receiver takes the pack.
    consuming func finish() throws {
        try flush()
        try Array(checksum.finalize()).withUnsafeBytes { (bytes: UnsafeRawBufferPointer) throws in
            try send(bytes)
        }
    }

    private mutating func flush() throws {
        let bytes = UnsafeRawBufferPointer(rebasing: buffer.prefix(used))
        checksum.update(bufferPointer: bytes)
        try send(bytes)
        used = 0
    }

    /// The pack without objects, for a receiver that has them all.
    static let empty: [UInt8] = {
        let header = Array("PACK".utf8) + [0, 0, 0, 2, 0, 0, 0, 0]
        return header + Array(Insecure.SHA1.hash(data: header))
    }()
}
