import CLibGit2

/// Stores and indexes a pack while it comes in.
///
/// Nothing of the pack is visible in the repository before ``commit()``.
final class PackReceiver {
    private static let trailerSize = 20

    private let writer: UnsafeMutablePointer<git_odb_writepack>
    private var statistics = git_indexer_progress()
    private var trailer: [UInt8] = []

    /// The size of what came in, in bytes.
    private(set) var receivedBytes = 0

    /// Where the pack lies until it is complete.
    let path: String

    /// The last bytes that came: of a complete pack, its checksum.
    var lastBytes: [UInt8] { trailer }

    /// Begins to receive a pack.
    ///
    /// - Parameter repository: Must outlive the receiver.
    /// - Throws: ``GitError`` if the repository cannot be written.
    init(repository: OpaquePointer) throws(GitError) {
        let database = try Handle<ObjectDatabaseKind>("git_repository_odb") {
            git_repository_odb(&$0, repository)
        }
        let folder = PackFolder(repository: repository)
        let others = folder.unfinished
        var writer: UnsafeMutablePointer<git_odb_writepack>?
        // The repository keeps its object database open, which the writer uses.
        try check("git_odb_write_pack") { git_odb_write_pack(&writer, database.pointer, nil, nil) }
        guard let writer else { preconditionFailure("git_odb_write_pack succeeded without a result") }
        // libgit2 does not tell the name of its temporary file.
        guard let name = folder.unfinished.subtracting(others).first else {
            writer.pointee.free(writer)
            throw GitError(.failed, "libgit2 did not create a file for the pack")
        }
        self.writer = writer
        self.path = folder.path(of: name)
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
        trailer = (trailer + bytes.suffix(Self.trailerSize)).suffix(Self.trailerSize)
        return TransferProgress(statistics, receivedBytes: receivedBytes)
    }

    /// Completes the pack, adding the bases that a thin pack leaves out, and makes its objects visible.
    func commit() throws(GitError) {
        try check("git_odb_writepack.commit") { writer.pointee.commit(writer, &statistics) }
    }
}
