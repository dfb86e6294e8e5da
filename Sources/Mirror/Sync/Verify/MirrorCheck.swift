import Foundation

/// Reads all that a mirror holds: the checksums of its packs, and every object that its refs reach.
struct MirrorCheck {
    private let mirror: MirrorPlace.Mirror

    init(_ mirror: MirrorPlace.Mirror) {
        self.mirror = mirror
    }

    /// What came of it.
    struct Result: Sendable {
        /// How many objects were read whole.
        var objects = 0

        /// What is missing or damaged, in words.
        var damage: [String] = []

        /// The failure that names the damage; nil if there is none.
        func failure(of path: String) -> SyncFailure? {
            guard !damage.isEmpty else { return nil }
            return SyncFailure(
                code: "mirror-damaged",
                message: "the mirror '\(path.escapedForDisplay)': " + damage.joined(separator: "; "),
                hint: "while the source is there: move the mirror away, the next run fetches it anew; "
                    + "else look at the disk, and bring the mirror back from a backup"
            )
        }
    }

    /// Reads everything.
    ///
    /// - Returns: What was found; damage is no error.
    /// - Throws: `CancellationError`, or ``GitError`` if it is no repository.
    func run() async throws -> Result {
        var result = Result()
        let path = mirror.path
        result.damage = await Task.detached { PackChecksum.damagedFiles(inRepositoryAt: path) }.value
            .map { "the file '\($0)' is not what was written" }
        try Task.checkCancellation()
        let objects = try await Repository.reading(bareAt: path).checkObjects()
        result.objects = objects.objects
        result.damage += objects.damage
        return result
    }
}

extension MirrorPlace.Mirror {
    /// The refs that lie in the mirror, archived ones too, and where its HEAD points; nil if there is no mirror.
    ///
    /// - Throws: ``GitError`` if they cannot be read.
    var listing: RefListing? {
        get throws {
            guard FileManager.default.fileExists(atPath: path) else { return nil }
            let files = RefFiles(repository: path + "/")
            return RefListing(refs: try files.all(), head: files.head)
        }
    }
}
