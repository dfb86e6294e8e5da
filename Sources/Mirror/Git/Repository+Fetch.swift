import CLibGit2

/// What a fetch brought.
public struct FetchResult: Hashable, Sendable {
    /// What the server advertised on the connection that brought the objects.
    public let advertised: RefListing

    /// The refs that the mirror now holds, which are those of the server that were wanted.
    public let refs: [RefName: ObjectID]

    /// The size of the pack that came, in bytes.
    public let receivedBytes: Int
}

extension Repository {
    /// Downloads the wanted refs and makes the mirror's own equal to them.
    ///
    /// A ref that is rewritten or deleted keeps its old tip as an archived ref first, so nothing that was
    /// once in the mirror becomes unreachable.
    ///
    /// - Parameters:
    ///   - remote: Where to fetch from.
    ///   - archive: The folder of refs for old tips.
    ///   - isWanted: Which refs to mirror, of those that a mirror may carry. All others are left as they are.
    ///   - onProgress: Called on the repository's queue as objects arrive.
    /// - Returns: What the server has, and what the mirror now has.
    /// - Throws: `CancellationError` if the task is cancelled, otherwise ``GitError`` or ``ConnectionError``.
    public nonisolated func fetch(
        from remote: GitRemote,
        archive: ArchiveFolder,
        where isWanted: @Sendable (RefName) -> Bool,
        onProgress: @Sendable (TransferProgress) -> Void = { _ in }
    ) async throws -> FetchResult {
        try await fetch(
            from: remote,
            through: IncomingPack(),
            archive: archive,
            where: isWanted,
            onProgress: onProgress
        )
    }

    /// Fetches as ``fetch(from:archive:where:onProgress:)``, with a pack that others may follow.
    nonisolated func fetch(
        from remote: GitRemote,
        through incoming: IncomingPack,
        archive: ArchiveFolder,
        where isWanted: @Sendable (RefName) -> Bool,
        onProgress: @Sendable (TransferProgress) -> Void = { _ in }
    ) async throws -> FetchResult {
        // Whoever follows must not wait for what does not come.
        defer { incoming.stop() }
        return try await remote.talk(to: .uploadPack) { channel in
            try await self.fetch(
                over: channel,
                through: incoming,
                archive: archive,
                where: isWanted,
                onProgress: onProgress
            )
        }
    }

    private func fetch(
        over channel: any GitChannel,
        through incoming: IncomingPack,
        archive: ArchiveFolder,
        where isWanted: (RefName) -> Bool,
        onProgress: (TransferProgress) -> Void
    ) throws -> FetchResult {
        var conversation = GitConversation(channel)
        let advertised = try conversation.readAdvertisement()
        let wanted = advertised.listing.mirrored(where: isWanted)
        let bytes = try receive(
            Set(wanted.values),
            advertised,
            over: &conversation,
            through: incoming,
            onProgress: onProgress
        )
        let own = try refs().filter { $0.key.mayBeMirrored && isWanted($0.key) }
        let changes = RefChange.changes(from: own, to: wanted)
        try keepOldTips(of: changes, in: archive)
        try apply(changes)
        if let head = advertised.listing.head, wanted[head] != nil { try setHead(to: head) }
        return FetchResult(advertised: advertised.listing, refs: wanted, receivedBytes: bytes)
    }

    /// Downloads the present tips of `names` from `remote`; no ref changes.
    ///
    /// It makes tips that only the target holds available, so that they can be kept before they are overwritten there.
    public nonisolated func fetchTips(of names: [RefName], from remote: GitRemote) async throws {
        try await remote.talk(to: .uploadPack) { channel in
            try await self.fetchTips(of: names, over: channel)
        }
    }

    private func fetchTips(of names: [RefName], over channel: any GitChannel) throws {
        var conversation = GitConversation(channel)
        let advertised = try conversation.readAdvertisement()
        let tips = Set(names.compactMap { advertised.refs[$0] })
        _ = try receive(tips, advertised, over: &conversation, through: IncomingPack()) { _ in }
    }

    /// Asks for what is missing of `tips` and stores the pack that comes.
    ///
    /// - Returns: The size of the pack, in bytes; 0 if nothing was missing.
    private func receive(
        _ tips: Set<ObjectID>,
        _ advertised: RefAdvertisement,
        over conversation: inout GitConversation,
        through incoming: IncomingPack,
        onProgress: (TransferProgress) -> Void
    ) throws -> Int {
        let missing = try missing(of: tips)
        guard !missing.isEmpty else {
            incoming.stop()
            try conversation.decline()
            return 0
        }
        // Archived tips are no haves: a target that does not have them could not complete the pack.
        let haves = try Set(refs().filter(\.key.mayBeMirrored).values)
        try conversation.request(
            FetchRequest(wants: missing, haves: haves, capabilities: advertised.capabilities).packets
        )
        try readAcknowledgement(from: &conversation)
        let receiver = try PackReceiver(repository: handle.pointer)
        try incoming.begin(.init(advertised: advertised.listing, haves: haves), path: receiver.path)
        reading: while true {
            switch try conversation.readBand() {
            case .data(let bytes):
                onProgress(try receiver.append(bytes))
                incoming.advance(bytes)
            case .text: continue
            case .end: break reading
            }
        }
        incoming.complete(trailer: receiver.lastBytes)
        try receiver.commit()
        return receiver.receivedBytes
    }

    /// The answer to all haves and the `done` after them: one line, `ACK` of a common commit or `NAK`.
    private func readAcknowledgement(from conversation: inout GitConversation) throws {
        guard case .data(let bytes) = try conversation.readPacket() else {
            throw GitError(.protocolViolation, "the server did not answer to what we have")
        }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("ACK ") || line.hasPrefix("NAK") { return }
        let words = line.hasPrefix("ERR ") ? String(line.dropFirst(4)) : line
        throw GitError(.closedByServer, ServerText.cleaned(words))
    }
}
