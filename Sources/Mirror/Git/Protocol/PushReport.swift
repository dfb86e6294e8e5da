/// What a server's receive-pack reports: of the pack, of each ref, and in words.
struct PushReport {
    private static let longestText = 64 * 1024

    private var lines: [String] = []
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
        } catch let error as GitError where error.code == .closedByServer && (!lines.isEmpty || !text.isEmpty)
        {
            // Gone after its last word, or in the middle of it: what was said counts.
            guard lines.isEmpty else { return }
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
            var text = String(decoding: line, as: UTF8.self)
            if text.last == "\n" { text.removeLast() }
            lines.append(text)
        }
    }

    private var serverText: String { ServerText.cleaned(String(decoding: text, as: UTF8.self)) }

    /// What became of each of `changes`.
    ///
    /// A ref that the report does not name counts as refused.
    func result(for changes: [RefChange]) -> PushResult {
        var result = PushResult(serverText: serverText)
        var reasons: [RefName: String] = [:]
        var unpackFailure: String?
        for line in lines {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            switch words.first {
            case "unpack" where line != "unpack ok": unpackFailure = String(line.dropFirst("unpack ".count))
            case "ok" where words.count > 1: result.accepted.insert(RefName(rawValue: words[1]))
            case "ng" where words.count > 1:
                reasons[RefName(rawValue: words[1])] = words.count > 2 ? words[2] : "refused without a reason"
            default: continue
            }
        }
        result.isPackRefused = unpackFailure != nil
        result.accepted.formIntersection(changes.map(\.name))
        for change in changes where !result.accepted.contains(change.name) {
            let reason = reasons[change.name] ?? "the server did not report on this ref"
            result.rejected[change.name] =
                [reason, unpackFailure].compactMap(\.self).joined(separator: ": ").escapedForDisplay
        }
        return result
    }
}
