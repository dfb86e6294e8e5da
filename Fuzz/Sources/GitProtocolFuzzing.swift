@testable import Mirror

/// What a git server sends.
enum GitProtocolFuzzing {
    /// A list of refs, in pieces: how they are cut must not matter.
    static func refs(_ bytes: [UInt8]) {
        guard let first = bytes.first else { return }
        let whole = advertisement(bytes.dropFirst(), piece: PacketBuffer.capacity)
        let pieces = advertisement(bytes.dropFirst(), piece: Int(first) + 1)
        require(whole == pieces, "\(whole) is not \(pieces)")
        if case .success(let listing) = whole {
            let wanted = listing.mirrored { _ in true }
            require(wanted.keys.allSatisfy(\.mayBeMirrored), "a ref that is not mirrored")
            require(RefChange.changes(from: wanted, to: wanted).isEmpty, "a change to the same")
            require(RefChange.changes(from: [:], to: wanted).count == wanted.count, "a ref is not created")
        }
    }

    private static func advertisement(
        _ bytes: ArraySlice<UInt8>,
        piece: Int
    ) -> Result<RefListing, FuzzedFailure> {
        var buffer = PacketBuffer()
        var advertisement = RefAdvertisement()
        var rest = bytes
        do throws(GitError) {
            while !rest.isEmpty, !advertisement.isComplete {
                buffer.append(Array(rest.prefix(piece)))
                rest = rest.dropFirst(piece)
                while !advertisement.isComplete, let packet = try buffer.next() {
                    try advertisement.take(packet)
                }
            }
        } catch {
            check(error)
            return .failure(FuzzedFailure(code: error.code))
        }
        return .success(advertisement.listing)
    }

    /// The answer to a push: each ref is accepted or refused, never both, never neither.
    static func pushReport(_ bytes: [UInt8]) {
        var conversation = GitConversation(FuzzedChannel(bytes))
        var report = PushReport()
        let names = ["refs/heads/main", "refs/heads/a", "refs/tags/v1"].map { RefName(rawValue: $0) }
        do {
            try report.read(from: &conversation)
        } catch {
            if let error = error as? GitError { check(error) }
            return
        }
        let result = report.result(for: names.map { RefChange(name: $0, old: nil, new: nil) })
        require(result.accepted.isDisjoint(with: result.rejected.keys), "a ref is both accepted and refused")
        require(
            result.accepted.union(result.rejected.keys) == Set(names),
            "a ref is neither accepted nor refused"
        )
        checkDisplay(result.serverText)
        result.rejected.values.forEach(checkDisplay)
    }

    /// Words for people: one line that no terminal acts upon.
    static func serverText(_ bytes: [UInt8]) {
        let text = ServerText.cleaned(String(decoding: bytes, as: UTF8.self))
        checkDisplay(text)
        require(text.count <= 501, "\(text.count) characters")
    }

    private static func check(_ error: GitError) {
        checkDisplay(error.message)
    }

    static func checkDisplay(_ text: String) {
        require(
            text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f },
            "'\(text)' has control characters"
        )
    }
}

/// Why reading failed, without the words, which quote as much as had come in.
private struct FuzzedFailure: Error, Hashable {
    let code: GitError.Code
}

/// A server that says what it is told to say.
private final class FuzzedChannel: GitChannel {
    /// One thread only ever touches it.
    private nonisolated(unsafe) var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) {
        rest = bytes[...]
    }

    let standardError = "remote: fatal: the end"

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(SSHError) -> Int {
        let piece = rest.prefix(buffer.count)
        rest = rest.dropFirst(piece.count)
        buffer.copyBytes(from: piece)
        return piece.count
    }

    func readAvailable(upTo limit: Int) async throws -> [UInt8]? { nil }
    func write(_ bytes: UnsafeRawBufferPointer) throws(SSHError) {}
    func closeWrite() {}
    func waitForExit() throws(SSHError) -> CommandExit? { nil }
    func close() {}
    func cancel() {}
}
