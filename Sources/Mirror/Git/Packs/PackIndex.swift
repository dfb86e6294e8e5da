import CLibGit2
import Foundation

/// The index of a pack (`.idx`, version 2): which objects the pack holds, and where.
///
/// https://git-scm.com/docs/pack-format#_version_2_pack_idx_files_support_packs_larger_than_4_gib_and
final class PackIndex {
    private static let signature: UInt32 = 0xFF74_4F63
    private static let fanoutStart = 8
    private static let namesStart = 8 + 256 * 4
    private static let largeOffsetFlag: UInt32 = 0x8000_0000

    /// The number of objects.
    let count: Int

    private let file: MappedFile
    private let offsetsStart: Int
    private let largeOffsetsStart: Int
    private var bytes: UnsafeRawBufferPointer { file.bytes }

    /// Maps the index at `path`.
    ///
    /// - Throws: ``GitError`` if it cannot be read or is no index of version 2.
    init(path: String) throws(GitError) {
        let file = try MappedFile(path: path)
        let size = file.bytes.count
        guard size >= Self.namesStart, file.bytes.bigEndian(UInt32.self, at: 0) == Self.signature,
            file.bytes.bigEndian(UInt32.self, at: 4) == 2
        else {
            throw GitError(.failed, "'\(path.escapedForDisplay)' is no pack index of version 2")
        }
        let count = Int(file.bytes.bigEndian(UInt32.self, at: Self.namesStart - 4))
        self.offsetsStart = Self.namesStart + count * (20 + 4)
        self.largeOffsetsStart = offsetsStart + count * 4
        guard size >= largeOffsetsStart + 40 else {
            throw GitError(.failed, "the pack index '\(path.escapedForDisplay)' is cut off")
        }
        self.file = file
        self.count = count
    }

    /// The object at a position of the index, which is sorted by name.
    func id(at position: Int) -> ObjectID {
        ObjectID(
            bytes: UnsafeRawBufferPointer(rebasing: bytes[(Self.namesStart + position * 20)...].prefix(20))
        )
    }

    /// Where the object at a position of the index begins in the pack, in bytes.
    func offset(at position: Int) -> Int {
        let offset = bytes.bigEndian(UInt32.self, at: offsetsStart + position * 4)
        guard offset & Self.largeOffsetFlag != 0 else { return Int(offset) }
        let start = largeOffsetsStart + Int(offset & ~Self.largeOffsetFlag) * 8
        // A place beyond the table leads nowhere: reading the entry then fails.
        guard start + 8 <= bytes.count else { return Int.max }
        return Int(truncatingIfNeeded: bytes.bigEndian(UInt64.self, at: start) & UInt64(Int.max))
    }

    /// Where in the index an object stands; nil if the pack does not hold it.
    func position(of id: ObjectID) -> Int? {
        var raw = id.raw
        return withUnsafeBytes(of: &raw.id) { wanted in
            let first = Int(wanted[0])
            var low = first == 0 ? 0 : fanout(first - 1)
            var high = min(fanout(first), count)
            while low < high {
                let middle = (low + high) / 2
                let name = bytes.baseAddress.unsafelyUnwrapped + Self.namesStart + middle * 20
                let order = memcmp(name, wanted.baseAddress.unsafelyUnwrapped, 20)
                if order == 0 { return middle }
                if order < 0 { low = middle + 1 } else { high = middle }
            }
            return nil
        }
    }

    /// How many objects have names whose first byte is at most `byte`.
    private func fanout(_ byte: Int) -> Int {
        Int(bytes.bigEndian(UInt32.self, at: Self.fanoutStart + byte * 4))
    }
}

extension UnsafeRawBufferPointer {
    /// The number at `offset` in network byte order.
    func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int) -> Number
    {
        Number(bigEndian: loadUnaligned(fromByteOffset: offset, as: type))
    }
}
