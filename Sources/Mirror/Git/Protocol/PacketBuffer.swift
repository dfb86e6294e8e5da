/// Cuts a stream of bytes into pkt-lines, the packets of git's protocol.
///
/// https://git-scm.com/docs/protocol-common#_pkt_line_format
struct PacketBuffer: ~Copyable {
    /// One packet.
    ///
    /// The bytes are valid until the buffer is changed.
    enum Packet {
        /// `0000`: the end of a section.
        case flush
        /// A packet with content.
        case data(UnsafeRawBufferPointer)
    }

    /// The longest packet that the protocol allows, with its length.
    private static let longestPacket = 65_520

    private let bytes: UnsafeMutableRawBufferPointer
    private var start = 0
    private var end = 0

    init() {
        bytes = .allocate(byteCount: 4 * Self.longestPacket, alignment: 1)
    }

    deinit {
        bytes.deallocate()
    }

    /// The bytes that are not cut yet: what a server said that is no pkt-line.
    var rest: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    /// Lets `read` fill the free end of the buffer.
    ///
    /// - Parameter read: Returns how many bytes it wrote; 0 for the end of the stream.
    /// - Returns: Whether there was something to read.
    /// - Throws: What `read` throws.
    mutating func fill<Failure: Error>(
        _ read: (UnsafeMutableRawBufferPointer) throws(Failure) -> Int
    ) throws(Failure) -> Bool {
        if start > 0 {
            bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
            (start, end) = (0, end - start)
        }
        let count = try read(UnsafeMutableRawBufferPointer(rebasing: bytes[end...]))
        end += count
        return count > 0
    }

    /// The room that ``append(_:)`` can take after all complete packets were taken out.
    static var capacity: Int { 3 * longestPacket }

    /// Adds bytes that were read elsewhere; at most ``capacity`` at a time.
    mutating func append(_ more: [UInt8]) {
        _ = fill { (room: UnsafeMutableRawBufferPointer) -> Int in
            room.copyBytes(from: more)
            return more.count
        }
    }

    /// The next packet, or nil if it has not come in whole.
    mutating func next() throws(GitError) -> Packet? {
        guard end - start >= 4 else { return nil }
        guard let length = Self.length(of: UnsafeRawBufferPointer(rebasing: bytes[start..<start + 4])),
            length == 0 || (4...Self.longestPacket).contains(length)
        else {
            throw GitError(.protocolViolation, "what the server sent is not git's protocol: '\(restText)'")
        }
        if length == 0 {
            start += 4
            return .flush
        }
        guard end - start >= length else { return nil }
        defer { start += length }
        return .data(UnsafeRawBufferPointer(rebasing: bytes[start + 4..<start + length]))
    }

    private var restText: String {
        String(ServerText.cleaned(String(decoding: rest.prefix(200), as: UTF8.self)))
    }

    private static func length(of digits: UnsafeRawBufferPointer) -> Int? {
        var length = 0
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): length = length << 4 | Int(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"):
                length = length << 4 | Int(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"):
                length = length << 4 | Int(digit - UInt8(ascii: "A") + 10)
            default: return nil
            }
        }
        return length
    }
}
