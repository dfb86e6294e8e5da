/// What the header of a commit or a tag refers to.
///
/// libgit2's own parser refuses a commit whose author is malformed, and with it the whole history; what links the
/// objects can be read all the same.
struct ObjectLinks {
    /// A commit's tree.
    private(set) var tree: ObjectID?

    /// A commit's parents.
    private(set) var parents: [ObjectID] = []

    /// What a tag names.
    private(set) var target: ObjectID?

    /// When a commit was made, in seconds since 1970; 0 where that cannot be read.
    private(set) var time = 0

    /// Reads the header of a commit or a tag.
    init(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > rest.startIndex {
            let line = rest[..<end]
            if line.starts(with: "tree ".utf8) {
                tree = Self.id(line.dropFirst(5))
            } else if line.starts(with: "parent ".utf8) {
                if let id = Self.id(line.dropFirst(7)) { parents.append(id) }
            } else if line.starts(with: "object ".utf8) {
                target = Self.id(line.dropFirst(7))
            } else if line.starts(with: "committer ".utf8) {
                // `committer NAME <MAIL> SECONDS ZONE`
                let words = line.split(separator: UInt8(ascii: " ")).suffix(2)
                time = words.first.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
            }
            rest = rest[(end + 1)...]
        }
    }

    private static func id(_ digits: Slice<UnsafeRawBufferPointer>) -> ObjectID? {
        ObjectID(hex: String(decoding: digits, as: UTF8.self))
    }
}
