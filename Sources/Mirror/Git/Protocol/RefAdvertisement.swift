/// What a server says first: its refs, and what it can do (protocol version 0).
///
/// https://git-scm.com/docs/gitprotocol-pack#_reference_discovery
struct RefAdvertisement {
    private(set) var refs: [RefName: ObjectID] = [:]
    private(set) var capabilities: Set<String> = []
    private(set) var isComplete = false
    private var head: RefName?
    private var isFirst = true

    /// The refs and where HEAD points.
    var listing: RefListing { RefListing(refs: refs, head: head) }

    /// Takes the next packet.
    ///
    /// - Throws: ``GitError`` with the server's words if it refuses, or if the repository is of a kind that cannot be mirrored.
    mutating func take(_ packet: PacketBuffer.Packet) throws(GitError) {
        guard case .data(let bytes) = packet else {
            isComplete = true
            return
        }
        var line = String(decoding: bytes, as: UTF8.self)[...]
        if line.last == "\n" { line.removeLast() }
        if line.hasPrefix("ERR ") {
            throw GitError(.closedByServer, ServerText.cleaned(String(line.dropFirst(4))))
        }
        if line.hasPrefix("shallow ") {
            throw GitError(
                .unsupportedRepository,
                "the repository is shallow: a part of its history is missing on the server"
            )
        }
        if line.hasPrefix("version ") { return }
        if isFirst {
            isFirst = false
            let parts = line.split(separator: "\0", maxSplits: 1, omittingEmptySubsequences: false)
            line = parts[0]
            if parts.count > 1 { try readCapabilities(parts[1]) }
        }
        try takeRef(line)
    }

    private mutating func readCapabilities(_ text: Substring) throws(GitError) {
        for capability in text.split(separator: " ") {
            capabilities.insert(String(capability))
            if capability.hasPrefix("symref=HEAD:") {
                head = RefName(rawValue: String(capability.dropFirst("symref=HEAD:".count)))
            }
            if capability.hasPrefix("object-format="), capability != "object-format=sha1" {
                let format = ServerText.cleaned(String(capability.dropFirst("object-format=".count)))
                throw GitError(
                    .unsupportedRepository,
                    "the repository names its objects by \(format), only SHA-1 can be mirrored"
                )
            }
        }
    }

    private mutating func takeRef(_ line: Substring) throws(GitError) {
        let digits = line.prefix { $0 != " " }
        guard let id = ObjectID(hex: String(digits)), line.dropFirst(digits.count).first == " " else {
            throw GitError(
                .protocolViolation,
                "what the server sent is not a list of refs: '\(ServerText.cleaned(String(line)))'"
            )
        }
        let name = RefName(rawValue: String(line.dropFirst(digits.count + 1)))
        // HEAD is told by its capability; `^{}` entries are what annotated tags point at.
        guard name.rawValue.hasPrefix("refs/"), !name.rawValue.hasSuffix("^{}") else { return }
        refs[name] = id
    }
}
