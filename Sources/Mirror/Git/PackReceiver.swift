import CLibGit2

/// Stores and indexes a pack while it comes in.
///
/// Nothing of the pack is visible in the repository before ``commit()``.
final class PackReceiver {
    private let writer: UnsafeMutablePointer<git_odb_writepack>
    private var statistics = git_indexer_progress()

    /// The size of what came in, in bytes.
    private(set) var receivedBytes = 0

    /// Begins to receive a pack.
    ///
    /// - Parameter repository: Must outlive the receiver.
    /// - Throws: ``GitError`` if the repository cannot be written.
    init(repository: OpaquePointer) throws(GitError) {
        let database = try Handle<ObjectDatabaseKind>("git_repository_odb") {
            git_repository_odb(&$0, repository)
        }
        var writer: UnsafeMutablePointer<git_odb_writepack>?
        // The repository keeps its object database open, which the writer uses.
        try check("git_odb_write_pack") { git_odb_write_pack(&writer, database.pointer, nil, nil) }
        guard let writer else { preconditionFailure("git_odb_write_pack succeeded without a result") }
        self.writer = writer
    }

    deinit {
        writer.pointee.free(writer)
    }

    /// Takes the next bytes of the pack.
    func append(_ bytes: UnsafeRawBufferPointer) throws(GitError) -> TransferProgress {
        try check("git_odb_writepack.append") {
            writer.pointee.append(writer, bytes.baseAddress, bytes.count, &statistics)
        }
        receivedBytes += bytes.count
        return TransferProgress(statistics, receivedBytes: receivedBytes)
    }

    /// Completes the pack, adding the bases that a thin pack leaves out, and makes its objects visible.
    func commit() throws(GitError) {
        try check("git_odb_writepack.commit") { writer.pointee.commit(writer, &statistics) }
    }
}
