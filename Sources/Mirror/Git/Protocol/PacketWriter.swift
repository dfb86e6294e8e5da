/// Collects pkt-lines for sending.
struct PacketWriter {
    /// What was collected.
    private(set) var bytes: [UInt8] = []

    /// `0000`, which ends a section.
    static let flush = Array("0000".utf8)

    private static let digits = Array("0123456789abcdef".utf8)

    /// Adds a packet with `text`, which must be shorter than 65,516 bytes.
    mutating func add(_ text: String) {
        addPacket { $0 += text.utf8 }
    }

    /// Adds a packet with what `write` appends, which must be shorter than 65,516 bytes.
    ///
    /// For the packets that go out by the hundred thousand: no text is made for each.
    mutating func addPacket(_ write: (inout [UInt8]) -> Void) {
        let start = bytes.count
        bytes += Self.flush
        write(&bytes)
        var length = bytes.count - start
        for position in stride(from: start + 3, through: start, by: -1) {
            bytes[position] = Self.digits[length & 15]
            length >>= 4
        }
    }

    /// Adds a flush packet.
    mutating func addFlush() {
        bytes += Self.flush
    }
}
