/// A push of a pack that is still coming in from the source.
///
/// It has a queue of its own, as it waits for both servers while the repository's queue indexes the pack.
actor TeedPush {
    private let executor = BlockingExecutor(label: "teed push")
    private let incoming: IncomingPack

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    init(of incoming: IncomingPack) {
        self.incoming = incoming
    }

    /// Pushes the pack, if one comes and the target can take it.
    ///
    /// - Parameters:
    ///   - remote: The target.
    ///   - choose: Which refs to push, given what the source advertises and what the target has. Each must be new.
    /// - Returns: What the target said; nil if nothing was pushed.
    /// - Throws: ``GitError`` or ``ConnectionError`` if the push failed; `CancellationError`.
    nonisolated func push(
        to remote: GitRemote,
        choosing choose: @Sendable (RefListing, RefListing) -> [RefChange]
    ) async throws -> PushResult? {
        do {
            // The pack does not wait: what is not pushed while it comes in is pushed afterwards.
            return try await remote.talk(to: .receivePack, repeats: false) { channel in
                try await self.push(over: channel, choosing: choose)
            }
        } catch let error as GitError where error.code == .rateLimited {
            return nil
        }
    }

    private func push(
        over channel: any GitChannel,
        choosing choose: (RefListing, RefListing) -> [RefChange]
    ) throws -> PushResult? {
        let conversation = try PushConversation(channel)
        let present = conversation.advertised.listing
        guard let beginning = incoming.waitForBeginning(), beginning.fits(Set(present.refs.values)) else {
            try conversation.decline()
            return nil
        }
        let changes = choose(beginning.advertised, present)
        guard !changes.isEmpty else {
            try conversation.decline()
            return nil
        }
        var result = try conversation.push(changes, pack: .teed(incoming))
        result.bringsEverything = true
        return result
    }
}
