/// What a server's receive-pack reports: of the pack, of each ref, and in words.
struct PushReport {
    private static let longestText = 64 * 1024

    /// The refs that the server took.
    private var accepted: Set<RefName> = []
    /// The refs that it refused, with its reasons.
    private var reasons: [RefName: String] = [:]
    private var unpackFailure: String?
    private var isEmpty = true
    private var text: [UInt8] = []

    /// Reads to the end of the report.
    ///
    /// - Throws: ``GitError`` with the server's words if the conversation ended without a report.
    mutating func read(from conversation: inout GitConversation) throws {
        var report = PacketBuffer()
        do {
            reading: while true {
                switch try conversation.readBand() {
                case .data(let bytes):
                    try take(Array(bytes), into: &report)
                case .text(let bytes):
                    if text.count < Self.longestText { text += bytes }
                case .end: break reading
                }
            }
        } catch let error as GitError where error.code == .closedByServer && (!isEmpty || !text.isEmpty) {
            // Gone after its last word, or in the middle of it: what was said counts.
            guard isEmpty else { return }
            throw GitError(
                .closedByServer,
                [serverText, error.message].filter { !$0.isEmpty }.joined(separator: " ")
            )
        }
    }

    private mutating func take(_ bytes: [UInt8], into report: inout PacketBuffer) throws(GitError) {
        report.append(bytes)
        while let packet = try report.next() {
            guard case .data(let line) = packet else { continue }
            isEmpty = false
            take(line: line.last == UInt8(ascii: "\n") ? line.dropLast() : line[...])
        }
    }

    /// Takes `unpack <result>`, `ok <ref>` or `ng <ref> <reason>`.
    private mutating func take(line: Slice<UnsafeRawBufferPointer>) {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2).map(Self.text)
        guard words.count > 1 else { return }
        switch words[0] {
        case "unpack": unpackFailure = words[1] == "ok" ? nil : words.dropFirst().joined(separator: " ")
        case "ok": accepted.insert(RefName(rawValue: words[1]))
        case "ng":
            reasons[RefName(rawValue: words[1])] = words.count > 2 ? words[2] : "refused without a reason"
        default: return
        }
    }

    private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes), as: UTF8.self)
    }

    private var serverText: String { ServerText.cleaned(String(decoding: text, as: UTF8.self)) }

    /// What became of each of `changes`.
    ///
    /// A ref that the report does not name counts as refused.
    func result(for changes: [RefChange]) -> PushResult {
        var result = PushResult(serverText: serverText)
        result.isPackRefused = unpackFailure != nil
        result.accepted = accepted.intersection(changes.lazy.map(\.name))
        for change in changes where !result.accepted.contains(change.name) {
            let reason = reasons[change.name] ?? "the server did not report on this ref"
            result.rejected[change.name] =
                [reason, unpackFailure].compactMap(\.self).joined(separator: ": ").escapedForDisplay
        }
        return result
    }
}
