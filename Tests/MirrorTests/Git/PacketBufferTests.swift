import Testing

@testable import Mirror

struct PacketBufferTests {
    /// Cuts what comes in `pieces` into packets; a flush is nil.
    private func cut(_ pieces: [[UInt8]]) throws(GitError) -> [[UInt8]?] {
        var buffer = PacketBuffer()
        var packets: [[UInt8]?] = []
        for piece in pieces {
            buffer.append(piece)
            while let packet = try buffer.next() {
                switch packet {
                case .flush: packets.append(nil)
                case .data(let bytes): packets.append(Array(bytes))
                }
            }
        }
        return packets
    }

    @Test func packetsAreTheSameWhereverTheStreamIsSplit() throws {
        let stream =
            Packets.line("hello\n") + Packets.line("") + PacketWriter.flush + Packets.line([0, 1, 255])
            + Packets.line("end")
        let expected: [[UInt8]?] = [Array("hello\n".utf8), [], nil, [0, 1, 255], Array("end".utf8)]

        #expect(try cut([stream]) == expected)
        #expect(try cut(stream.map { [$0] }) == expected)
        for position in stream.indices {
            #expect(
                try cut([Array(stream[..<position]), Array(stream[position...])]) == expected,
                "\(position)"
            )
        }
    }

    @Test func theLongestPacketPasses() throws {
        let content = [UInt8](repeating: 7, count: 65_516)
        let stream = Packets.line(content) + Packets.line(content) + Packets.line("x")
        #expect(try cut([stream]) == [content, content, Array("x".utf8)])
    }

    @Test(arguments: [
        "fff1", "ffff", "0001", "0002", "0003", "zzzz", "-001", " 004", "SSH-2.0", "Welcome to host!\n",
        "00\u{0}4",
    ])
    func whatIsNoLengthIsNoGit(text: String) throws {
        let error = #expect(throws: GitError.self) { try cut([Array(text.utf8)]) }
        #expect(error?.code == .protocolViolation)
        #expect(error?.message.contains(String(text.prefix(4)).escapedForDisplay.trimmingPrefix(" ")) == true)
    }

    @Test func hexadecimalDigitsComeInEitherCase() throws {
        #expect(
            try cut([Array("000Ahello\n000ahello\n".utf8)]) == [Array("hello\n".utf8), Array("hello\n".utf8)]
        )
    }

    @Test func anIncompletePacketWaits() throws {
        for text in ["", "0", "000", "000ahell"] { #expect(try cut([Array(text.utf8)]).isEmpty) }
    }

    @Test func theWriterWritesWhatTheBufferReads() throws {
        var writer = PacketWriter()
        writer.add("want ünï\n")
        writer.add(String(repeating: "x", count: 5000))
        writer.addFlush()

        #expect(String(decoding: writer.bytes.prefix(4), as: UTF8.self) == "000f")
        #expect(
            try cut([writer.bytes]) == [
                Array("want ünï\n".utf8), [UInt8](repeating: UInt8(ascii: "x"), count: 5000), nil,
            ]
        )
    }
}
