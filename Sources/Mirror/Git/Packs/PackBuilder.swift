import CLibGit2

/// Makes a pack with libgit2's packbuilder, which unpacks and compresses every object again.
///
/// Slow: only for objects that lie in no pack.
final class PackBuilder {
    private let builder: Handle<PackBuilderKind>

    /// Begins a pack of `objects`.
    ///
    /// - Parameters:
    ///   - repository: Must outlive the builder.
    ///   - objects: What the pack will hold.
    /// - Throws: ``GitError`` if one of the objects is not there.
    init(repository: OpaquePointer, objects: [ObjectID]) throws(GitError) {
        builder = try Handle("git_packbuilder_new") { git_packbuilder_new(&$0, repository) }
        // Callbacks of several packing threads would know nothing of our task.
        git_packbuilder_set_threads(builder.pointer, 1)
        for id in objects {
            var raw = id.raw
            try check("git_packbuilder_insert") { git_packbuilder_insert(builder.pointer, &raw, nil) }
        }
    }

    /// Hands the pack to `send`, piece by piece.
    func write(_ send: (UnsafeRawBufferPointer) throws -> Void) throws {
        try withoutActuallyEscaping(send) { send in
            let sink = Sink(send: send)
            let result = git_packbuilder_foreach(
                builder.pointer,
                { bytes, count, payload in
                    guard let payload else { return GIT_EUSER.rawValue }
                    return Unmanaged<Sink>.fromOpaque(payload).takeUnretainedValue().take(bytes, count)
                },
                Unmanaged.passUnretained(sink).toOpaque()
            )
            if let failure = sink.failure { throw failure }
            try check("git_packbuilder_foreach") { result }
        }
    }

    /// What the callback reaches through its payload.
    private final class Sink {
        private let send: (UnsafeRawBufferPointer) throws -> Void
        private(set) var failure: (any Error)?

        init(send: @escaping (UnsafeRawBufferPointer) throws -> Void) {
            self.send = send
        }

        func take(_ bytes: UnsafeMutableRawPointer?, _ count: Int) -> Int32 {
            do {
                try send(UnsafeRawBufferPointer(start: bytes, count: count))
                return GIT_OK.rawValue
            } catch {
                failure = error
                return GIT_EUSER.rawValue
            }
        }
    }
}
