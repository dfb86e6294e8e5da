/// What a server says first: its refs, and what it can do (protocol version 0).
///
/// https://git-scm.com/docs/gitprotocol-pack#_reference_discovery
struct RefAdvertisement {
    private(set) var refs: [RefName: ObjectID] = [:]
    private(set) var capabilities: Set<String> = []
    private(set) var isComplete = false
    private var unreadableNames: [String] = []
    private var head: RefName?
    private var isFirst = true

    /// The refs and where HEAD points.
    var listing: RefListing { RefListing(refs: refs, head: head, unreadableNames: unreadableNames) }

    /// Takes the next packet.
    ///
    /// - Throws: ``GitError`` with the server's words if it refuses, or if the repository is of a kind that cannot be mirrored.
    mutating func take(_ packet: PacketBuffer.Packet) throws(GitError) {
        guard case .data(let bytes) = packet else {
            isComplete = true
            return
        }
        var line = bytes[...]
        if line.last == UInt8(ascii: "\n") { line.removeLast() }
        // Only a line that is no ref is looked at as text: there may be a hundred thousand that are.
        var ref = Self.ref(in: line)
        if ref == nil, try takeNotice(Self.text(line)) { return }
        if isFirst {
            isFirst = false
            let parts = line.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
            line = parts[0]
            if parts.count > 1 { try readCapabilities(Self.text(parts[1])) }
            ref = Self.ref(in: line)
        }
        guard let (id, name) = ref else {
            throw GitError(
                .protocolViolation,
                "what the server sent is not a list of refs: '\(ServerText.cleaned(Self.text(line)))'"
            )
        }
        // HEAD is told by its capability; `^{}` entries are what annotated tags point at.
        guard name.starts(with: "refs/".utf8), !name.suffix(3).elementsEqual("^{}".utf8) else { return }
        if let text = String(validating: UnsafeRawBufferPointer(rebasing: name), as: UTF8.self) {
            refs[RefName(rawValue: text)] = id
        } else {
            // A repaired name would be that of another ref.
            unreadableNames.append(ServerText.cleaned(Self.text(name)))
        }
    }

    /// Takes a line that is no ref.
    ///
    /// - Returns: Whether it was one of those that may come before the refs.
    private func takeNotice(_ line: String) throws(GitError) -> Bool {
        if line.hasPrefix("ERR ") {
            throw GitError(.closedByServer, ServerText.cleaned(String(line.dropFirst(4))))
        }
        if line.hasPrefix("shallow ") {
            throw GitError(
                .unsupportedRepository,
                "the repository is shallow: a part of its history is missing on the server"
            )
        }
        return line.hasPrefix("version ")
    }

    private static func text(_ bytes: Slice<UnsafeRawBufferPointer>) -> String {
        String(decoding: UnsafeRawBufferPointer(rebasing: bytes), as: UTF8.self)
    }

    /// The id and the name in a line `<40 digits> <name>`.
    private static func ref(
        in line: Slice<UnsafeRawBufferPointer>
    ) -> (id: ObjectID, name: Slice<UnsafeRawBufferPointer>)? {
        guard line.count > 40, line[line.startIndex + 40] == UInt8(ascii: " "),
            let id = ObjectID(hex: UnsafeRawBufferPointer(rebasing: line.prefix(40)))
        else { return nil }
        return (id, line.dropFirst(41))
    }

    private mutating func readCapabilities(_ text: String) throws(GitError) {
        for capability in text.split(separator: " ") {
            capabilities.insert(String(capability))
            if capability.hasPrefix("symref=HEAD:") {
                head = RefName(rawValue: String(capability.dropFirst("symref=HEAD:".count)))
            }
            if capability.hasPrefix("object-format="), capability != "object-format=sha1" {
                let format = ServerText.cleaned(String(capability.dropFirst("object-format=".count)))
                throw GitError(
                    .unsupportedObjectFormat,
                    "the repository names its objects by \(format), only SHA-1 can be mirrored"
                )
            }
        }
    }
}
