import CLibGit2
import Foundation

extension Repository {
    /// From how many packs on some are joined: each fetch adds one, and every look-up asks them all.
    static let manyPacks = 50

    /// Joins packs when there are many of them.
    ///
    /// A pack that is as large as all smaller ones together stays, so each byte is rewritten only a few times in a
    /// mirror's life. The repository must not be used afterwards.
    ///
    /// - Parameter limit: the number of packs from which on something is done.
    /// - Returns: How many packs were joined.
    /// - Throws: ``GitError`` if the new pack cannot be written; the old ones then stay.
    @discardableResult
    func joinPacks(from limit: Int = manyPacks) throws(GitError) -> Int {
        let folder = PackFolder(repository: handle.pointer)
        let paths = folder.paths()
        guard paths.count >= limit else { return 0 }
        var rest = paths.reduce(0) { $0 + PackFolder.size(of: $1) }
        let joined = Array(
            paths.drop { path in
                let size = PackFolder.size(of: path)
                rest -= size
                return size >= rest
            }
        )
        guard joined.count > 1 else { return 0 }
        let copier = try PackCopier(paths: joined)
        try copier.takeAll()
        let receiver = try PackReceiver(repository: handle.pointer)
        do {
            try copier.write { bytes in _ = try receiver.append(bytes) }
        } catch let error as GitError {
            throw error
        } catch {
            throw GitError(.failed, "\(error)")
        }
        try receiver.commit()
        // If all were joined before, the new pack may be one of the old ones under its old name.
        let added = Set(folder.paths()).subtracting(paths)
        guard !added.isEmpty else { return 0 }
        for path in joined { folder.remove(path) }
        return joined.count
    }
}
