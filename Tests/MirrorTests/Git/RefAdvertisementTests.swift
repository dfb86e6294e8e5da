import Testing

@testable import Mirror

/// What a server says first.
struct RefAdvertisementTests {
    private let zeros = String(repeating: "0", count: 40)
    private let one = String(repeating: "1", count: 40)
    private let two = String(repeating: "2", count: 40)

    private func read(_ stream: [UInt8], standardError: String = "") throws -> RefAdvertisement {
        var conversation = GitConversation(ScriptedChannel(stream, piecesOf: 7, standardError: standardError))
        return try conversation.readAdvertisement()
    }

    private func failure(_ stream: [UInt8], standardError: String = "") throws -> GitError {
        try #require(#expect(throws: GitError.self) { _ = try read(stream, standardError: standardError) })
    }

    @Test func refsCapabilitiesAndHead() throws {
        let advertisement = try read(
            Packets.section(
                "\(one) HEAD\0report-status side-band-64k symref=HEAD:refs/heads/main object-format=sha1 agent=git/2.39\n",
                "\(one) refs/heads/main\n",
                "\(two) refs/tags/v1\n",
                "\(one) refs/tags/v1^{}\n",
                "\(two) refs/merge-requests/1/head\n"
            )
        )

        #expect(advertisement.isComplete)
        #expect(advertisement.listing.head == .branch("main"))
        #expect(
            advertisement.capabilities.isSuperset(of: ["report-status", "side-band-64k", "agent=git/2.39"])
        )
        #expect(
            advertisement.refs.mapValues(\.description)
                == [
                    .branch("main"): one, RefName(rawValue: "refs/tags/v1"): two,
                    RefName(rawValue: "refs/merge-requests/1/head"): two,
                ]
        )
        #expect(
            Set(advertisement.listing.mirrored { _ in true }.keys.map(\.rawValue)) == [
                "refs/heads/main", "refs/tags/v1",
            ]
        )
    }

    @Test func anEmptyRepositoryHasNoRefsButCapabilities() throws {
        let advertisement = try read(
            Packets.section("\(zeros) capabilities^{}\0report-status push-options\n")
        )

        #expect(advertisement.refs.isEmpty)
        #expect(advertisement.listing.head == nil)
        #expect(advertisement.capabilities == ["report-status", "push-options"])
    }

    @Test func nothingButAFlushIsAnEmptyRepositoryToo() throws {
        let advertisement = try read(PacketWriter.flush)
        #expect(advertisement.refs.isEmpty)
        #expect(advertisement.capabilities.isEmpty)
    }

    @Test func theFirstLineMayBeARefAndLinesMayHaveNoLineBreak() throws {
        let advertisement = try read(
            Packets.section("version 1", "\(one) refs/heads/a\0ofs-delta", "\(two) refs/heads/b with blank")
        )
        #expect(advertisement.refs.count == 2)
        #expect(advertisement.capabilities == ["ofs-delta"])
    }

    @Test func aRefusalIsTheServersWords() throws {
        let error = try failure(Packets.line("ERR \u{1B}access denied\n"))
        #expect(error.code == .closedByServer)
        #expect(error.message == "\\u{1B}access denied")
    }

    @Test func aServerThatOnlyWritesOnStandardErrorIsQuoted() throws {
        let error = try failure(
            [],
            standardError: "remote: \nremote: ====\nremote: ERROR: Your SSH key has expired.\n"
        )
        #expect(error.code == .closedByServer)
        #expect(error.message == "Your SSH key has expired.")
        #expect(try failure([]).message == "the server ended the conversation without a word")
    }

    @Test func anEndInTheMiddleIsNoListing() throws {
        let whole = Packets.section("\(one) refs/heads/a\0x\n", "\(two) refs/heads/b\n")
        for end in whole.indices { #expect(try failure(Array(whole[..<end])).code == .closedByServer) }
    }

    @Test func shallowAndSHA256RepositoriesAreNotMirrored() throws {
        let shallow = try failure(Packets.section("\(one) refs/heads/a\0x\n", "shallow \(two)\n"))
        #expect(shallow.code == .unsupportedRepository)
        let long = try failure(
            Packets.section("\(String(repeating: "a", count: 64)) refs/heads/a\0object-format=sha256\n")
        )
        #expect(long.code == .unsupportedObjectFormat)
        #expect(long.message.contains("sha256"))
    }

    @Test func aCapabilityCannotActUponATerminal() throws {
        let error = try failure(Packets.section("\(one) refs/heads/a\0object-format=\u{1B}[2Jx\n"))
        #expect(error.message.contains("\\u{1B}[2Jx"))
    }

    @Test(arguments: ["This account is not available\n", "\n", "SSH-2.0-x\r\n"])
    func aGreetingIsNoGit(text: String) throws {
        let error = try failure(Array(text.utf8) + Packets.section("\(one) refs/heads/a\0x\n"))
        #expect(error.code == .protocolViolation)
    }

    @Test(arguments: ["zzzz refs/heads/a", "1111 refs/heads/a", "", "refs/heads/a"])
    func aLineThatIsNoRefIsNoListing(line: String) throws {
        #expect(try failure(Packets.section(line)).code == .protocolViolation)
        #expect(try failure(Packets.section(one + "refs/heads/a")).code == .protocolViolation)
    }

    @Test func aRemoteIsListedAndTakesItsLeave() async throws {
        for size in [1, 3, 1000] {
            let channel = ScriptedChannel(
                Packets.section("\(one) refs/heads/a\0symref=HEAD:refs/heads/a\n", "\(two) refs/heads/b\n"),
                piecesOf: size
            )
            let listing = try await ScriptedProvider.remote(channel).refs()

            #expect(listing.refs.count == 2)
            #expect(listing.head == .branch("a"))
            #expect(channel.written == "0000")
            #expect(channel.isClosed)
        }
    }

    @Test func aRemoteThatBreaksOffIsAnError() async throws {
        let channel = ScriptedChannel(
            Packets.line("\(one) refs/heads/a\0x\n"),
            standardError: "GitLab: gone\n"
        )
        let error = await #expect(throws: GitError.self) {
            _ = try await ScriptedProvider.remote(channel).refs()
        }
        #expect(error?.message == "gone")
        #expect(channel.isClosed)
    }
}
