import Foundation

/// All refs of a repository as they lie on disk.
///
/// Reading needs no lock: a ref is seen as it was or as it becomes.
struct RefFiles {
    /// The repository's folder, with a slash at its end.
    let repository: String

    var loose: LooseRefs { LooseRefs(repository: repository) }
    var packedPath: String { repository + "packed-refs" }

    /// The branch that HEAD names, whether it exists or not; nil if HEAD is an object or cannot be read.
    var head: RefName? {
        guard let text = try? String(contentsOfFile: repository + "HEAD", encoding: .utf8),
            let name = text.wholeMatch(of: /ref: (refs\/heads\/[^\n]+)\n?/)
        else { return nil }
        return RefName(rawValue: String(name.1))
    }

    /// Every direct ref.
    func all() throws(GitError) -> [RefName: ObjectID] {
        let loose = loose
        let names = loose.names
        // After the loose ones: one that is packed meanwhile is seen twice rather than never.
        var refs = try packed().entries.mapValues(\.id)
        for name in names { refs[name] = loose.target(of: name) }
        return refs
    }

    /// What is in `packed-refs`; nothing if there is no such file.
    func packed() throws(GitError) -> PackedRefs {
        do {
            return try PackedRefs(Data(contentsOf: URL(filePath: packedPath), options: .mappedIfSafe))
        } catch let error as GitError {
            throw error
        } catch CocoaError.fileReadNoSuchFile {
            return PackedRefs()
        } catch {
            throw GitError(.failed, "the mirror's packed-refs cannot be read: \(error)".escapedForDisplay)
        }
    }
}
