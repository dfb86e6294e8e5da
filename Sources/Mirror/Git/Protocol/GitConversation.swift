/// One conversation with a git service, on the blocking side: from a repository's own queue.
struct GitConversation: ~Copyable {
    /// A packet of a side band.
    ///
    /// The bytes are valid until the next one is read.
    enum Band {
        /// The content.
        case data(UnsafeRawBufferPointer)
        /// Text for people.
        case text(UnsafeRawBufferPointer)
        /// A flush packet: the end.
        case end
    }

    private let channel: any GitChannel
    private var buffer = PacketBuffer()

    init(_ channel: any GitChannel) {
        self.channel = channel
    }

    /// Reads the server's refs, which it sends first.
    mutating func readAdvertisement() throws -> RefAdvertisement {
        var advertisement = RefAdvertisement()
        while !advertisement.isComplete {
            try advertisement.take(try readPacket())
        }
        return advertisement
    }

    /// Waits for the next packet.
    ///
    /// - Throws: ``GitError`` with what the server wrote on standard error if it ended instead.
    mutating func readPacket() throws -> PacketBuffer.Packet {
        while true {
            if let packet = try buffer.next() { return packet }
            let channel = channel
            let hasMore = try buffer.fill { (room: UnsafeMutableRawBufferPointer) throws(ConnectionError) in
                try channel.read(into: room)
            }
            guard hasMore else { throw GitError(endOf: channel) }
        }
    }

    /// Waits for the next packet and splits the number of its side band off.
    ///
    /// Acknowledgements are passed over: upload-pack repeats its first one for each have that is a parent of it.
    mutating func readBand() throws -> Band {
        var packet = try readPacket()
        while case .data(let bytes) = packet, bytes.starts(with: "ACK ".utf8) { packet = try readPacket() }
        guard case .data(let bytes) = packet else { return .end }
        switch bytes.first {
        case 1: return .data(UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
        case 2: return .text(UnsafeRawBufferPointer(rebasing: bytes.dropFirst()))
        case 3:
            throw GitError(
                .closedByServer,
                ServerText.cleaned(String(decoding: bytes.dropFirst(), as: UTF8.self))
            )
        default: throw GitError(.protocolViolation, "the server sent a packet of an unknown side band")
        }
    }

    func write(_ packets: PacketWriter) throws {
        try channel.write(packets.bytes)
    }

    /// Asks for something; the answer comes next.
    ///
    /// All haves and the `done` go in one round, so a stateless server need not be told again what it was told before.
    func request(_ packets: PacketWriter) throws {
        try channel.write(packets.bytes)
        if channel.isStateless { channel.closeWrite() }
    }

    /// Ends the conversation, as nothing is wanted.
    func decline() throws {
        try channel.decline()
    }
}

extension GitError {
    /// The server ended the conversation: its own words say why, if it wrote any.
    init(endOf channel: any GitChannel) {
        let words = ServerText.cleaned(channel.standardError)
        self.init(.closedByServer, words.isEmpty ? "the server ended the conversation without a word" : words)
    }
}
