import CLibGit2

/// What came of reading the objects of a repository.
struct ObjectCheck: Sendable {
    /// How many objects were read whole.
    var objects = 0

    /// What is missing or damaged, in words.
    var damage: [String] = []
}

extension Repository {
    /// How many things are said that are wrong with one repository.
    private static let longestDamageReport = 20

    /// Reads every object that the refs reach, and compares each with its name.
    ///
    /// As much work as `git fsck`: every object is decompressed and hashed.
    ///
    /// - Returns: What was found; damage is no error.
    /// - Throws: `CancellationError`, or ``GitError`` if the refs cannot be read.
    func checkObjects() throws -> ObjectCheck {
        let refs = try refs()
        var check = ObjectCheck()
        let found: [ObjectID]
        do {
            found = try objects(of: Set(refs.values), without: [])
        } catch {
            check.damage.append(error.message)
            check.damage += incomplete(refs)
            return check
        }
        let database = try Handle<ObjectDatabaseKind>("git_repository_odb") {
            git_repository_odb(&$0, handle.pointer)
        }
        for id in found where check.damage.count < Self.longestDamageReport {
            try Task.checkCancellation()
            do {
                // libgit2 compares what it reads with the object's name.
                _ = try RawObject(id, in: database.pointer)
                check.objects += 1
            } catch {
                check.damage.append("the object \(id): \(error.message)")
            }
        }
        return check
    }

    /// Which refs reach something that is not here.
    private func incomplete(_ refs: [RefName: ObjectID]) -> [String] {
        refs.sorted { $0.key < $1.key }.filter { _, tip in
            (try? objects(of: [tip], without: [])) == nil
        }
        .prefix(Self.longestDamageReport).map { "'\($0.key.rawValue.escapedForDisplay)' is not complete" }
    }
}
