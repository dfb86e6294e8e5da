/// Makes a pack of objects that lie in other packs, without unpacking any of them.
///
/// Compressed bytes are copied as they are; a delta stays a delta, and its base comes along if it was not asked for.
/// Memory: some 20 bytes for each object of the packs it reads from.
final class PackCopier {
    /// An object in one of the packs.
    private struct Place: Hashable {
        var pack: Int
        var slot: Int
    }

    /// What is known of an object.
    private enum Mark: UInt8 {
        case unwanted
        /// To be copied, and not yet in the order.
        case wanted
        /// Waits for its base.
        case waiting
        /// In the order.
        case placed
    }

    private let packs: [PackFile]
    private var marks: [[Mark]]
    private var order: [Place] = []

    /// A copier out of `packs`; of an object that is in several, the first has the say.
    init(packs: [PackFile]) {
        self.packs = packs
        self.marks = packs.map { Array(repeating: .unwanted, count: $0.count) }
    }

    /// A copier out of the packs at `paths`.
    ///
    /// - Throws: ``GitError`` if one of them or its index cannot be read.
    convenience init(paths: [String]) throws(GitError) {
        self.init(packs: try paths.map { path throws(GitError) in try PackFile(path: path) })
    }

    /// Takes every object of all packs.
    ///
    /// - Throws: ``GitError`` as ``take(_:)``.
    func takeAll() throws(GitError) {
        for (number, pack) in packs.enumerated() {
            for slot in 0..<pack.count {
                let place = Place(pack: number, slot: slot)
                if number == 0 || first(having: pack.id(in: slot), before: number) == nil {
                    self[place] = .wanted
                }
            }
        }
        try arrange()
    }

    /// Takes these objects, and the bases of those that are deltas.
    ///
    /// - Throws: ``GitError`` `notInPacks` if one of them is in no pack, or if the packs' deltas lead in a circle;
    ///   another one if a pack is damaged.
    func take(_ ids: some Sequence<ObjectID>) throws(GitError) {
        for id in ids {
            guard let place = place(of: id) else {
                throw GitError(.notInPacks, "the object \(id) is in no pack")
            }
            if self[place] == .unwanted { self[place] = .wanted }
        }
        try arrange()
    }

    /// Writes the pack.
    func write(_ send: (UnsafeRawBufferPointer) throws -> Void) throws {
        try withoutActuallyEscaping(send) { send in
            var stream = try PackStream(count: order.count, send: send)
            var starts = packs.map { Array(repeating: 0, count: $0.count) }
            for place in order {
                let pack = packs[place.pack]
                let entry = try pack.entry(in: place.slot)
                let start = stream.offset
                starts[place.pack][place.slot] = start
                if let base = base(of: entry, in: place.pack) {
                    try stream.write(entry.header.bytes(atDistance: start - starts[base.pack][base.slot]))
                } else {
                    try stream.write(entry.header.bytes)
                }
                try pack.read(entry.content) { bytes in try stream.write(bytes) }
            }
            try stream.finish()
        }
    }

    /// Puts everything wanted in an order in which bases come before what is made from them.
    private func arrange() throws(GitError) {
        for pack in packs.indices {
            for slot in 0..<packs[pack].count where marks[pack][slot] == .wanted {
                try arrange(Place(pack: pack, slot: slot))
            }
        }
    }

    private func arrange(_ place: Place) throws(GitError) {
        // Chains of deltas may be thousands long: no recursion.
        var chain = [place]
        while let place = chain.last {
            let base = base(of: try packs[place.pack].entry(in: place.slot), in: place.pack)
            if let base, self[base] != .placed {
                guard self[base] != .waiting else {
                    throw GitError(.notInPacks, "the deltas of several packs lead in a circle")
                }
                self[place] = .waiting
                chain.append(base)
            } else {
                self[place] = .placed
                order.append(place)
                chain.removeLast()
            }
        }
    }

    /// Where the base of an entry is taken from.
    private func base(of entry: PackEntry, in pack: Int) -> Place? {
        guard let slot = entry.base else { return nil }
        return first(having: packs[pack].id(in: slot), before: pack) ?? Place(pack: pack, slot: slot)
    }

    private func place(of id: ObjectID) -> Place? { first(having: id, before: packs.count) }

    private func first(having id: ObjectID, before end: Int) -> Place? {
        for number in 0..<end {
            if let slot = packs[number].slot(of: id) { return Place(pack: number, slot: slot) }
        }
        return nil
    }

    private subscript(place: Place) -> Mark {
        get { marks[place.pack][place.slot] }
        set { marks[place.pack][place.slot] = newValue }
    }
}
