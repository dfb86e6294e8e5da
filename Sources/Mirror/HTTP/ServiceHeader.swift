/// What a server of git over HTTP says before its refs: `# service=git-upload-pack` and a flush.
///
/// https://git-scm.com/docs/http-protocol#_smart_server_response
struct ServiceHeader {
    private let expected: [UInt8]
    private var seen = 0

    init(_ service: GitService) {
        let line = "# service=\(service.rawValue)\n"
        let length = String(line.utf8.count + 4, radix: 16)
        expected = Array((String(repeating: "0", count: 4 - length.count) + length + line + "0000").utf8)
    }

    /// Takes the header off the beginning of what came, piece by piece.
    ///
    /// - Returns: What comes after it.
    /// - Throws: ``ConnectionError`` `notGit` if something else stands there.
    mutating func removed(
        from bytes: UnsafeRawBufferPointer
    ) throws(ConnectionError) -> UnsafeRawBufferPointer {
        let count = min(bytes.count, expected.count - seen)
        guard bytes.prefix(count).elementsEqual(expected[seen..<seen + count]) else {
            throw ConnectionError(
                .notGit,
                "what the server sent is not a list of refs: \(EscapedText.quoted(String(decoding: bytes.prefix(100), as: UTF8.self)))"
            )
        }
        seen += count
        return UnsafeRawBufferPointer(rebasing: bytes.dropFirst(count))
    }
}
