import Testing

@testable import Mirror

/// What we ask git servers for, to the byte.
struct RequestTests {
    private let agent = "agent=gitlab-sync/\(ProductVersion.current)"

    private func text(_ packets: PacketWriter) -> String { String(decoding: packets.bytes, as: UTF8.self) }

    @Test func aFetchAsksForEverythingInOneRound() throws {
        let (a, b) = (try ObjectID.repeating("a"), try ObjectID.repeating("b"))
        let request = FetchRequest(
            wants: [a, b],
            haves: [b, a],
            capabilities: ["side-band-64k", "thin-pack", "ofs-delta", "no-progress", "shallow", "multi_ack"]
        )

        let first = "want \(a) side-band-64k thin-pack ofs-delta no-progress \(agent)\n"
        let length = String(first.utf8.count + 4, radix: 16)
        #expect(
            text(request.packets)
                == "00\(length)\(first)0032want \(b)\n00000032have \(b)\n0032have \(a)\n0009done\n"
        )
    }

    /// upload-pack says it again for each have that is a parent of the first one that it knows.
    @Test func acknowledgementsBeforeThePackArePassedOver() throws {
        let line = Packets.line("ACK \(try ObjectID.repeating("a"))\n")
        var conversation = GitConversation(
            ScriptedChannel(line + line + line + Packets.band(1, "PACK".utf8) + PacketWriter.flush)
        )
        guard case .data(let bytes) = try conversation.readBand() else {
            Issue.record("no data")
            return
        }
        #expect(Array(bytes) == Array("PACK".utf8))
        guard case .end = try conversation.readBand() else {
            Issue.record("no end")
            return
        }
    }

    @Test func aFetchIntoAnEmptyMirrorHasNothing() throws {
        let a = try ObjectID.repeating("a")
        let request = FetchRequest(wants: [a], haves: [ObjectID](), capabilities: [])
        let first = "want \(a) \(agent)\n"
        #expect(text(request.packets) == "00\(String(first.utf8.count + 4, radix: 16))\(first)00000009done\n")
    }

    @Test func aPushNamesOldAndNewAndSkipsPipelines() throws {
        let (a, b) = (try ObjectID.repeating("a"), try ObjectID.repeating("b"))
        let zeros = String(repeating: "0", count: 40)
        let request = PushRequest(
            [
                RefChange(name: .branch("gone"), old: a, new: nil),
                RefChange(name: .branch("main"), old: a, new: b),
                RefChange(name: .branch("new"), old: nil, new: b),
            ],
            capabilities: [
                "report-status", "side-band-64k", "quiet", "push-options", "atomic", "delete-refs",
            ]
        )

        let first = "\(a) \(zeros) refs/heads/gone\0 report-status side-band-64k quiet push-options \(agent)"
        #expect(
            text(request.packets)
                == "00\(String(first.utf8.count + 4, radix: 16))\(first)0065\(a) \(b) refs/heads/main"
                + "0064\(zeros) \(b) refs/heads/new0000000bci.skip0000"
        )
    }

    @Test func aServerWithoutPushOptionsIsSentNone() throws {
        let request = PushRequest(
            [RefChange(name: .branch("main"), old: nil, new: try .repeating("b"))],
            capabilities: ["report-status"]
        )
        #expect(text(request.packets).hasSuffix("report-status \(agent)0000"))
        #expect(!text(request.packets).contains("ci.skip"))
    }
}
