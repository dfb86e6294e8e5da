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
    var links: ObjectLinks { ObjectLinks(bytes) }
}
