import CLibGit2

/// The content of an object, as the object database holds it.
final class RawObject {
    private let object: Handle<DatabaseObjectKind>

    /// Reads the object `id`.
    ///
    /// - Throws: ``GitError`` `notFound` if it is not there.
    init(_ id: ObjectID, in database: OpaquePointer) throws(GitError) {
        var raw = id.raw
        object = try Handle("git_odb_read") { git_odb_read(&$0, database, &raw) }
    }

    /// Whether it is a commit, a tree, a blob or a tag.
    var type: git_object_t { git_odb_object_type(object.pointer) }

    /// The content, valid as long as this object.
    var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: git_odb_object_data(object.pointer),
            count: git_odb_object_size(object.pointer)
        )
    }

    /// What the header of a commit or a tag names.
    ///
    /// libgit2's own parser refuses a commit whose author is malformed, and with it the whole history; what links the
    /// objects can be read all the same.
    func links() -> Links {
        var links = Links()
        let newline = UInt8(ascii: "\n")
        var rest = bytes[...]
        while let end = rest.firstIndex(of: newline), end > rest.startIndex {
            let line = rest[..<end]
            if line.starts(with: "tree ".utf8) {
                links.tree = Self.id(line.dropFirst(5))
            } else if line.starts(with: "parent ".utf8) {
                if let id = Self.id(line.dropFirst(7)) { links.parents.append(id) }
            } else if line.starts(with: "object ".utf8) {
                links.target = Self.id(line.dropFirst(7))
            } else if line.starts(with: "committer ".utf8) {
                // `committer NAME <MAIL> SECONDS ZONE`
                let words = line.split(separator: UInt8(ascii: " ")).suffix(2)
                links.time = words.first.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
            }
            rest = rest[(end + 1)...]
        }
        return links
    }

    private static func id(_ digits: Slice<UnsafeRawBufferPointer>) -> ObjectID? {
        ObjectID(hex: String(decoding: digits, as: UTF8.self))
    }

    /// What a commit or a tag refers to.
    struct Links {
        /// A commit's tree.
        var tree: ObjectID?
        /// A commit's parents.
        var parents: [ObjectID] = []
        /// What a tag names.
        var target: ObjectID?
        /// When a commit was made, in seconds since 1970; 0 where that cannot be read.
        var time = 0
    }
}
