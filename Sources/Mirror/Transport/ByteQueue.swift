/// Bytes that come in at one end and go out at the other.
struct ByteQueue {
    private var storage: [UInt8] = []
    private var head = 0

    var count: Int { storage.count - head }
    var isEmpty: Bool { count == 0 }

    mutating func append(_ bytes: UnsafeRawBufferPointer) {
        if head > 0, storage.count + bytes.count > storage.capacity {
            storage.removeFirst(head)
            head = 0
        }
        storage.append(contentsOf: bytes)
    }

    /// Moves as many bytes as fit to `buffer`, and returns how many.
    mutating func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        let taken = min(count, buffer.count)
        guard taken > 0 else { return 0 }
        storage.withUnsafeBytes { source in
            buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[head..<(head + taken)]))
        }
        head += taken
        if head == storage.count {
            storage.removeAll(keepingCapacity: true)
            head = 0
        }
        return taken
    }

    mutating func removeAll() {
        storage = []
        head = 0
    }
}
