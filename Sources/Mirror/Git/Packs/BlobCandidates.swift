/// The objects of a pack that may be small blobs, by the headers in the pack.
///
/// The header of a delta says how long the delta is, and not how large the object is: of a blob that is a delta, more must be read.
struct BlobCandidates {
    private enum Kind: UInt8 {
        case unknown
        case blob
        case other
    }

    private let pack: PackFile
    private var kinds: [Kind]
    private var slot = 0
    /// Deltas whose bases come after them.
    private var postponed: [Int] = []

    /// - Parameter pack: Where to look.
    init(_ pack: PackFile) {
        self.pack = pack
        kinds = Array(repeating: .unknown, count: pack.count)
    }

    /// The next object.
    ///
    /// - Parameter sizes: How large the blobs may be that are looked for.
    /// - Returns: Its name, and whether it is known to be such a blob; nil if there are no more.
    /// - Throws: ``GitError`` if the pack is damaged.
    mutating func next(sizes: Range<Int>) throws(GitError) -> (id: ObjectID, isKnown: Bool)? {
        while slot < pack.count {
            let current = slot
            slot += 1
            let entry = try pack.entry(in: current)
            if let base = entry.base {
                kinds[current] = kinds[base]
                if kinds[base] == .unknown { postponed.append(current) }
                if kinds[base] == .blob { return (pack.id(in: current), false) }
            } else {
                kinds[current] = entry.header.isBlob ? .blob : .other
                if entry.header.isBlob, sizes.contains(entry.header.size) {
                    return (pack.id(in: current), true)
                }
            }
        }
        // Bases that come later, and deltas on such deltas: whatever is no blob is told by its header.
        return postponed.popLast().map { (pack.id(in: $0), false) }
    }
}
