/// Collects pkt-lines for sending.
struct PacketWriter {
    /// What was collected.
    private(set) var bytes: [UInt8] = []

    /// `0000`, which ends a section.
    static let flush = Array("0000".utf8)

    /// Adds a packet with `text`, which must be shorter than 65,516 bytes.
    mutating func add(_ text: String) {
        let length = String(text.utf8.count + 4, radix: 16)
        bytes += String(repeating: "0", count: 4 - length.count).utf8
        bytes += length.utf8
        bytes += text.utf8
    }

    /// Adds a flush packet.
    mutating func addFlush() {
        bytes += Self.flush
    }
}
