import CLibGit2

extension Repository {
    /// The names of the repository's packs.
    func packNames() -> Set<String> {
        Set(PackFolder(repository: handle.pointer).paths().map(Self.name))
    }

    /// Reads the blobs of some packs, and those outside of packs, whose size in bytes is in `sizes`.
    ///
    /// Of all other objects at most the header is read.
    ///
    /// - Parameters:
    ///   - packs: The names of the packs.
    ///   - sizes: How large a blob may be.
    ///   - read: Makes of a blob's content what is wanted of it; the bytes are valid during the call.
    /// - Returns: What `read` made, without its nils.
    /// - Throws: ``GitError`` if a pack or an object cannot be read.
    func smallBlobs<Value: Sendable>(
        in packs: Set<String>,
        sizes: Range<Int>,
        _ read: (UnsafeRawBufferPointer) -> Value?
    ) throws(GitError) -> [Value] {
        let database = try Handle<ObjectDatabaseKind>("git_repository_odb") {
            git_repository_odb(&$0, handle.pointer)
        }
        let folder = PackFolder(repository: handle.pointer)
        var values: [Value] = []
        func take(_ id: ObjectID) throws(GitError) {
            let object = try RawObject(id, in: database.pointer)
            guard object.type == GIT_OBJECT_BLOB, let value = read(object.bytes) else { return }
            values.append(value)
        }
        for path in folder.paths() where packs.contains(Self.name(path)) {
            var candidates = try BlobCandidates(PackFile(path: path))
            while let (id, isKnown) = try candidates.next(sizes: sizes) {
                let isSmall = isKnown ? true : try isBlob(id, sizes, in: database.pointer)
                if isSmall { try take(id) }
            }
        }
        for id in folder.looseObjects {
            if try isBlob(id, sizes, in: database.pointer) { try take(id) }
        }
        return values
    }

    private static func name(_ path: String) -> String {
        String(path.split(separator: "/").last ?? "")
    }

    /// Whether an object is a blob of such a size, by its header.
    private func isBlob(_ id: ObjectID, _ sizes: Range<Int>, in database: OpaquePointer) throws(GitError)
        -> Bool
    {
        var (size, type, raw) = (0, GIT_OBJECT_INVALID, id.raw)
        try check("git_odb_read_header") { git_odb_read_header(&size, &type, database, &raw) }
        return type == GIT_OBJECT_BLOB && sizes.contains(size)
    }
}
