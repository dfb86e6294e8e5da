@testable import Mirror

/// What a source puts into its packs.
enum PackFuzzing {
    /// The header of an entry: what is written for a delta is read as what it was.
    static func entry(_ bytes: [UInt8]) {
        let header = bytes.withUnsafeBytes { PackEntry.Header($0) }
        guard let header else { return }
        require(header.length <= bytes.count, "a header of \(header.length) bytes in \(bytes.count)")
        guard case .distance(let distance) = header.base else { return }
        let written = header.bytes(atDistance: distance)
        let read = written.withUnsafeBytes { PackEntry.Header($0) }
        require(read?.base == .distance(distance), "the distance \(distance) is not read again")
        require(written.count == read?.length, "the header is longer than it says")
    }

    /// A commit, a tag or a tree.
    static func object(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            let links = ObjectLinks(bytes)
            require(links.parents.count <= bytes.count / 48, "more parents than there is room for")
            var cursor = TreeCursor(bytes, keptAliveBy: nil)
            var count = 0
            while let entry = cursor.entry {
                require(entry.matches(entry) && !entry.precedes(entry), "an entry is not itself")
                require(!(entry.isTree && entry.isSubmodule), "a folder that is a submodule")
                count += 1
                cursor.advance()
            }
            require(count <= bytes.count / 22, "more entries than there is room for")
        }
    }
}
