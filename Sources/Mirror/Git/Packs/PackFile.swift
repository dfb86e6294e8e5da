import Foundation

/// A pack on disk with its index.
///
/// Objects are numbered by their place in the pack: slot 0 is the first.
final class PackFile {
    /// Long enough for the header of any entry: type and size, then a base.
    private static let longestHeader = 64
    private static let windowSize = 256 * 1024
    private static let trailerSize = 20

    /// Where the pack lies.
    let path: String

    /// The size of the pack, in bytes, with header and trailer.
    let size: Int

    /// The number of objects.
    var count: Int { index.count }

    private let index: PackIndex
    private let descriptor: Int32
    /// Where each slot begins.
    private let offsets: [Int]
    /// Where each slot stands in the index.
    private let positions: [UInt32]
    private let window: UnsafeMutableRawBufferPointer
    private var windowRange = 0..<0

    /// Opens the pack at `path`, which ends in `.pack`, and its index beside it.
    ///
    /// - Throws: ``GitError`` if one of the two cannot be read.
    init(path: String) throws(GitError) {
        index = try PackIndex(path: path.dropLast(".pack".count) + ".idx")
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw GitError(errno: errno, "'\(path)'") }
        var status = stat()
        fstat(descriptor, &status)
        size = Int(status.st_size)
        self.path = path
        let index = index
        let order = (0..<index.count).map { (offset: index.offset(at: $0), position: UInt32($0)) }
            .sorted { $0.offset < $1.offset }
        offsets = order.map(\.offset)
        positions = order.map(\.position)
        window = .allocate(byteCount: Self.windowSize, alignment: 8)
    }

    deinit {
        close(descriptor)
        window.deallocate()
    }

    /// The object in a slot.
    func id(in slot: Int) -> ObjectID { index.id(at: Int(positions[slot])) }

    /// The slot of an object; nil if the pack does not hold it.
    func slot(of id: ObjectID) -> Int? {
        index.position(of: id).flatMap { slot(at: index.offset(at: $0)) }
    }

    /// The slot that begins at `offset`.
    private func slot(at offset: Int) -> Int? {
        var (low, high) = (0, offsets.count)
        while low < high {
            let middle = (low + high) / 2
            if offsets[middle] < offset { low = middle + 1 } else { high = middle }
        }
        return low < offsets.count && offsets[low] == offset ? low : nil
    }

    /// Reads the header of the entry in a slot.
    ///
    /// - Throws: ``GitError`` if there is no entry, or if its base is not in the pack.
    func entry(in slot: Int) throws(GitError) -> PackEntry {
        let start = offsets[slot]
        let end = slot + 1 < offsets.count ? offsets[slot + 1] : size - Self.trailerSize
        guard start < end, end <= size else { throw corruption(at: start) }
        let header = try bytes(at: start, count: min(Self.longestHeader, end - start))
        guard let parsed = PackEntry.Header(header), parsed.length < end - start else {
            throw corruption(at: start)
        }
        let base: Int?
        switch parsed.base {
        case .none: base = nil
        case .distance(let distance):
            guard let slot = self.slot(at: start - distance) else { throw corruption(at: start) }
            base = slot
        case .object(let id):
            guard let slot = self.slot(of: id) else { throw corruption(at: start) }
            base = slot
        }
        return PackEntry(header: parsed, base: base, content: start + parsed.length..<end)
    }

    /// Hands a range of the pack to `body`, piece by piece.
    func read<Failure: Error>(
        _ range: Range<Int>,
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws {
        var start = range.lowerBound
        while start < range.upperBound {
            let piece = try bytes(at: start, count: min(Self.windowSize, range.upperBound - start))
            try body(piece)
            start += piece.count
        }
    }

    /// The bytes at `offset`, valid until the next call.
    private func bytes(at offset: Int, count: Int) throws(GitError) -> UnsafeRawBufferPointer {
        if !(windowRange.lowerBound <= offset && offset + count <= windowRange.upperBound) {
            var filled = 0
            while filled < count {
                let room = UnsafeMutableRawBufferPointer(rebasing: window[filled...])
                let result = pread(descriptor, room.baseAddress, room.count, off_t(offset + filled))
                if result < 0, errno == EINTR { continue }
                guard result >= 0 else { throw GitError(errno: errno, "'\(path)'") }
                guard result > 0 else { throw corruption(at: offset) }
                filled += result
            }
            windowRange = offset..<offset + filled
        }
        let start = offset - windowRange.lowerBound
        return UnsafeRawBufferPointer(rebasing: window[start..<start + count])
    }

    private func corruption(at offset: Int) -> GitError {
        GitError(.failed, "the pack '\(path.escapedForDisplay)' is damaged at byte \(offset)")
    }
}
