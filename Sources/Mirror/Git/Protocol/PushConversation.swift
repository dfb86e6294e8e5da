/// One push over one channel.
struct PushConversation: ~Copyable {
    /// What the target has.
    let advertised: RefAdvertisement

    private let channel: any GitChannel
    private var conversation: GitConversation

    /// Reads what the target has.
    init(_ channel: any GitChannel) throws {
        self.channel = channel
        conversation = GitConversation(channel)
        advertised = try conversation.readAdvertisement()
    }

    /// Ends the conversation without a push.
    consuming func decline() throws {
        try channel.decline()
    }

    /// Makes the changes.
    ///
    /// - Throws: ``GitError`` `changedMeanwhile`, before anything is sent, if a ref is not at its old tip; else what ended the push.
    consuming func push(_ changes: [RefChange], pack: PreparedPack) throws -> PushResult {
        for change in changes where advertised.refs[change.name] != change.old {
            let present = advertised.refs[change.name].map { "\($0)" } ?? "not there"
            throw GitError(
                .changedMeanwhile,
                "'\(change.name.rawValue.escapedForDisplay)' is \(present), which is not what it was a moment ago"
            )
        }
        try conversation.write(PushRequest(changes, capabilities: advertised.capabilities).packets)
        var sentBytes = 0
        do {
            try pack.write { bytes in
                try channel.write(bytes)
                sentBytes += bytes.count
            }
        } catch let error as ConnectionError where error.code == .remoteClosed {
            // The server ended in the middle of the pack; what it said before tells why.
        }
        channel.closeWrite()
        var report = PushReport()
        try report.read(from: &conversation)
        var result = report.result(for: changes)
        result.packs = [pack.kind: 1]
        result.sentBytes = sentBytes
        return result
    }
}
