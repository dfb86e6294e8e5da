import Synchronization

/// The same bytes again and again.
final class Pieces: Sendable {
    private let bytes: [UInt8]
    private let most: Int
    private let count = Mutex(0)

    init(_ bytes: [UInt8], most: Int) {
        self.bytes = bytes
        self.most = most
    }

    var taken: Int { count.withLock(\.self) }

    func next() -> [UInt8]? {
        count.withLock { count in
            guard count < most else { return nil }
            count += 1
            return bytes
        }
    }
}
