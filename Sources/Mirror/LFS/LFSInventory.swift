import Crypto
import Foundation

/// The LFS objects that a mirror's repository names, and which of them the mirror keeps.
struct LFSInventory: Sendable {
    /// Every object that a pointer in the mirror names, in the order of their names.
    let pointers: [LFSPointer]
    let folder: LFSFolder

    /// Reads what a mirror names, with the help of what runs noted; nothing is written.
    ///
    /// - Throws: ``GitError`` if the mirror cannot be read.
    init(ofMirrorAt path: String, _ repository: Repository) async throws {
        let place = URL(filePath: path, directoryHint: .isDirectory).appending(component: "lfs")
        let record = LFSRecord.latest(in: place)
        let packs = await repository.packNames()
        let found = try await repository.smallBlobs(
            in: packs.subtracting(record?.packs ?? []),
            sizes: LFSPointer.sizes
        ) { LFSPointer($0) }
        let known = record.map { $0.done.union($0.open) } ?? []
        pointers = known.union(found).sorted { $0.oid < $1.oid }
        folder = LFSFolder(url: place)
    }

    /// Those that the mirror lacks.
    var unkept: [LFSPointer] { pointers.filter { !folder.has($0) } }

    /// Those that the mirror has.
    var kept: [LFSPointer] { pointers.filter(folder.has) }

    /// SHA-256 over the lines `<oid> <size>`, each with a line break at its end; 64 hexadecimal digits.
    var digest: String {
        var hash = SHA256()
        for pointer in pointers { hash.update(data: Data("\(pointer.oid) \(pointer.size)\n".utf8)) }
        return hash.finalize().hexadecimal
    }

    /// The sum of the objects' sizes, in bytes.
    var bytes: Int { pointers.reduce(0) { $0 + $1.size } }

    /// Reads every object that the mirror keeps.
    ///
    /// - Returns: Those whose content is not theirs.
    /// - Throws: `CancellationError`.
    func damaged() throws -> [LFSPointer] {
        try kept.filter { pointer in
            try Task.checkCancellation()
            do {
                var checksum = LFSChecksum(pointer)
                let file = try LFSFile(reading: folder.path(of: pointer))
                while let piece = try file.next() { try checksum.take(piece) }
                try checksum.finish()
                return false
            } catch is LFSError {
                return true
            }
        }
    }
}

extension LFSError {
    /// Some objects' names, for people: the first ones, and how many more there are.
    static func names(of pointers: [LFSPointer]) -> String {
        pointers.listed(upTo: 5, \.oid)
    }
}
