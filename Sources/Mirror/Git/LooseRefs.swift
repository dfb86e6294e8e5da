import Foundation

/// The refs of a repository that are files of their own, below `refs/`.
struct LooseRefs {
    /// The repository's folder, with a slash at its end.
    let repository: String

    /// The names of all loose refs.
    var names: [RefName] {
        FolderWalk.files(below: repository + "refs").compactMap { path in
            // Such a file is a lock, never a ref: git allows no name that ends so.
            path.hasSuffix(".lock") ? nil : RefName(rawValue: "refs/" + path)
        }
    }

    /// Where the ref points; nil if it is symbolic or damaged.
    func target(of name: RefName) -> ObjectID? {
        let descriptor = open(repository + name.rawValue, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(byteCount: 64, alignment: 1) { bytes in
            let count = read(descriptor, bytes.baseAddress, bytes.count)
            guard count >= 40, count == 40 || bytes[40] == UInt8(ascii: "\n") else { return nil }
            return ObjectID(hex: UnsafeRawBufferPointer(rebasing: bytes[..<40]))
        }
    }

    /// Removes the files of `names` and the folders that become empty.
    ///
    /// As git does, it leaves `refs/heads` and its like where they are.
    func remove(_ names: [RefName]) throws(GitError) {
        var folders: Set<RefName> = []
        for name in names {
            guard unlink(repository + name.rawValue) == 0 || errno == ENOENT else {
                throw GitError(errno: errno, "the loose ref '\(name)' cannot be removed")
            }
            folders.formUnion(name.folders.dropFirst(2))
        }
        // The deepest first; one that is still in use stays.
        for folder in folders.sorted(by: { $0 > $1 }) { rmdir(repository + folder.rawValue) }
    }
}
