import Testing

@testable import Mirror

/// What receive-pack reports of a push.
struct PushReportTests {
    private let main = RefName.branch("main")
    private let topic = RefName.branch("topic")

    private func changes() throws -> [RefChange] {
        try [main, topic].map { RefChange(name: $0, old: nil, new: try .repeating("a")) }
    }

    /// The report of a server whose stream is `stream`, read in pieces of every size up to 9.
    private func result(_ stream: [UInt8], standardError: String = "") throws -> PushResult {
        var results: Set<PushResult> = []
        for size in 1...9 {
            var conversation = GitConversation(
                ScriptedChannel(stream, piecesOf: size, standardError: standardError)
            )
            var report = PushReport()
            try report.read(from: &conversation)
            results.insert(report.result(for: try changes()))
        }
        #expect(results.count == 1)
        return try #require(results.first)
    }

    private func report(_ lines: String...) -> [UInt8] {
        Packets.band(1, lines.flatMap { Packets.line($0) } + PacketWriter.flush) + PacketWriter.flush
    }

    @Test func acceptedAndRefusedRefs() throws {
        let result = try result(
            report("unpack ok\n", "ok refs/heads/main\n", "ng refs/heads/topic pre-receive hook declined\n")
        )

        #expect(result.accepted == [main])
        #expect(result.rejected == [topic: "pre-receive hook declined"])
        #expect(result.serverText.isEmpty)
    }

    @Test func theServersWordsComeAlong() throws {
        let result = try result(
            Packets.band(2, "GitLab: You are not allowed \u{1B}[1m".utf8)
                + Packets.band(2, "to do it.\n".utf8)
                + report("unpack ok\n", "ng refs/heads/main no\n", "ng refs/heads/topic no\n")
        )

        #expect(result.serverText == "You are not allowed \\u{1B}[1mto do it.")
        #expect(result.rejected == [main: "no", topic: "no"])
    }

    @Test func aReportMayBeSplitAnywhereOverItsBands() throws {
        let content =
            ["unpack ok\n", "ok refs/heads/main\n", "ok refs/heads/topic\n"].flatMap { Packets.line($0) }
            + PacketWriter.flush
        for position in content.indices {
            let stream =
                Packets.band(1, content[..<position]) + Packets.band(2, "hi\n".utf8)
                + Packets.band(1, content[position...])
            let result = try result(stream + PacketWriter.flush)
            #expect(result.accepted == [main, topic], "\(position)")
            #expect(result.serverText == "hi")
        }
    }

    @Test func aPackThatCouldNotBeUnpackedRefusesAll() throws {
        let result = try result(
            report(
                "unpack index-pack abnormal exit\n",
                "ng refs/heads/main unpacker error\n",
                "ng refs/heads/topic unpacker error\n"
            )
        )
        #expect(result.accepted.isEmpty)
        #expect(result.rejected[main] == "unpacker error: index-pack abnormal exit")
    }

    @Test func aRefThatIsNotReportedCountsAsRefused() throws {
        let result = try result(
            report(
                "unpack ok\n",
                "ok refs/heads/main\n",
                "ok refs/heads/other\n",
                "ng refs/heads/x\n",
                "nonsense\n"
            )
        )
        #expect(result.accepted == [main])
        #expect(result.rejected == [topic: "the server did not report on this ref"])
    }

    @Test func aRefusalWithoutAReasonIsARefusal() throws {
        let result = try result(report("unpack ok\n", "ok refs/heads/main\n", "ng refs/heads/topic\n"))
        #expect(result.rejected == [topic: "refused without a reason"])
    }

    @Test func hostileReasonsAreEscaped() throws {
        let result = try result(
            report("unpack ok\n", "ok refs/heads/main\n", "ng refs/heads/topic \u{1B}[2J\u{202E}\n")
        )
        #expect(result.rejected == [topic: "\\u{1B}[2J\\u{202E}"])
    }

    @Test func noReportIsAnErrorWithTheServersWords() throws {
        for (stream, words) in [
            ([], "the git server is not available"),
            (
                Packets.band(2, "fatal: out of disk\n".utf8),
                "fatal: out of disk the git server is not available"
            ),
            (Packets.band(3, "remote: GitLab: broken\n".utf8), "broken"),
        ] as [([UInt8], String)] {
            let error = #expect(throws: GitError.self) {
                _ = try result(stream, standardError: "remote: the git server is not available\n")
            }
            #expect(error?.code == .closedByServer)
            #expect(error?.message == words)
        }
    }

    @Test func aServerThatLeavesAfterItsReportIsBelieved() throws {
        let stream = Packets.band(1, Packets.line("unpack ok\n") + Packets.line("ok refs/heads/main\n"))
        let result = try result(stream)
        #expect(result.accepted == [main])
        #expect(result.rejected == [topic: "the server did not report on this ref"])
    }

    @Test func anUnknownSideBandIsNoGit() throws {
        let error = #expect(throws: GitError.self) { _ = try result(Packets.band(4, "x".utf8)) }
        #expect(error?.code == .protocolViolation)
    }

    @Test func wordsWithoutEndAreCut() throws {
        let flood = (0..<40).flatMap { _ in
            Packets.band(2, [UInt8](repeating: UInt8(ascii: "x"), count: 4000))
        }
        let channel = ScriptedChannel(
            flood + report("unpack ok\n", "ok refs/heads/main\n", "ok refs/heads/topic\n")
        )
        var conversation = GitConversation(channel)
        var read = PushReport()
        try read.read(from: &conversation)
        let result = read.result(for: try changes())
        #expect(result.accepted.count == 2)
        #expect(result.serverText.count == 501)
    }
}
