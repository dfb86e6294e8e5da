/// The text that stands in a repository for an object in LFS.
///
/// https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
struct LFSPointer: Hashable, Sendable, Codable {
    /// How many bytes a blob may have to be a pointer: no shorter text names an object, and no longer one is read as a pointer.
    static let sizes = 100..<1024

    /// The versions of the one format; two of them are older names of it.
    private static let versions: Set<String> = [
        "https://git-lfs.github.com/spec/v1", "https://hawser.github.com/spec/v1",
        "http://git-media.io/v/2",
    ]
    private static let method = "sha256:"

    /// The SHA-256 of the object, 64 lower-case hexadecimal digits.
    let oid: String

    /// The size of the object, in bytes.
    let size: Int

    /// A pointer to an object; nil if `oid` is no SHA-256 or `size` is negative.
    init?(oid: some StringProtocol, size: Int) {
        let isDigest = oid.utf8.count == 64 && oid.utf8.allSatisfy { "0123456789abcdef".utf8.contains($0) }
        guard isDigest, size >= 0 else { return nil }
        self.oid = String(oid)
        self.size = size
    }

    /// Reads the content of a blob; nil if it is no pointer.
    init?(_ bytes: UnsafeRawBufferPointer) {
        guard Self.sizes.contains(bytes.count), bytes.starts(with: "version ".utf8),
            let text = String(validating: bytes, as: UTF8.self)
        else { return nil }
        var values: [Substring: Substring] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: " ", maxSplits: 1)
            guard parts.count == 2, values.updateValue(parts[1], forKey: parts[0]) == nil else { return nil }
        }
        guard let version = values["version"], Self.versions.contains(String(version)),
            let oid = values["oid"], oid.hasPrefix(Self.method),
            let size = values["size"].flatMap({ Int($0) })
        else { return nil }
        self.init(oid: oid.dropFirst(Self.method.count), size: size)
    }
}
