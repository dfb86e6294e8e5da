import CLibGit2

/// What a server said of each ref of a push.
public struct PushResult: Hashable, Sendable {
    /// The refs that the server took.
    public var accepted: Set<RefName> = []

    /// The refs that the server refused, each with git's reason, for example `pre-receive hook declined`.
    public var rejected: [RefName: String] = [:]

    /// What the server's hooks wrote, cleaned and on one line; empty if nothing.
    public var serverText = ""
}

extension Repository {
    /// Makes `changes` on the repository at `remote`.
    ///
    /// A change whose ref is not at `old` on the server when the push begins stops the whole push before anything is
    /// sent, and each command carries the old id: a ref that moves later is refused by the server.
    ///
    /// - Throws: ``GitError`` or ``SSHError`` if the push as a whole failed, `CancellationError` if the task is cancelled. A refused
    ///   ref is no error: it stands in the result.
    public nonisolated func push(_ changes: [RefChange], to remote: GitRemote) async throws -> PushResult {
        guard !changes.isEmpty else { return PushResult() }
        return try await remote.talk(to: .receivePack) { channel in
            try await self.push(changes, over: channel)
        }
    }

    private func push(_ changes: [RefChange], over channel: any GitChannel) throws -> PushResult {
        var conversation = GitConversation(channel)
        let advertised = try conversation.readAdvertisement()
        for change in changes where advertised.refs[change.name] != change.old {
            let present = advertised.refs[change.name].map { "\($0)" } ?? "not there"
            throw GitError(
                .changedMeanwhile,
                "'\(change.name.rawValue.escapedForDisplay)' is \(present), which is not what it was a moment ago"
            )
        }
        try conversation.write(PushRequest(changes, capabilities: advertised.capabilities).packets)
        var report = PushReport()
        do {
            let tips = changes.compactMap(\.new)
            if !tips.isEmpty { try sendPack(of: tips, without: advertised.refs.values, over: channel) }
        } catch let error as SSHError where error.code == .remoteClosed {
            // The server ended in the middle of the pack; what it said before tells why.
        }
        channel.closeWrite()
        try report.read(from: &conversation)
        return report.result(for: changes)
    }

    /// Sends all that `tips` reach and the server does not have.
    private func sendPack(
        of tips: [ObjectID],
        without present: some Sequence<ObjectID>,
        over channel: any GitChannel
    ) throws {
        let builder = try PackBuilder(repository: handle.pointer)
        for id in present { try builder.hide(id) }
        for tip in Set(tips) { try builder.add(tip) }
        try builder.write { bytes in try channel.write(bytes) }
    }
}
