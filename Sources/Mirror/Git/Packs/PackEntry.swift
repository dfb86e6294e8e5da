/// An object in a pack: its header, and where its compressed bytes lie.
///
/// https://git-scm.com/docs/pack-format#_pack_pack_files_have_the_following_format
struct PackEntry {
    let header: Header

    /// The slot of the object that a delta is to be applied to; nil for a whole object.
    let base: Int?

    /// Where the compressed bytes are in the pack.
    let content: Range<Int>

    /// What stands before the compressed bytes.
    struct Header {
        /// What a delta names its base by.
        enum Base: Hashable {
            /// Not a delta.
            case none
            /// How many bytes before the entry its base begins (`OFS_DELTA`).
            case distance(Int)
            /// The base's name (`REF_DELTA`).
            case object(ObjectID)
        }

        private static let blob: UInt8 = 3
        private static let offsetDelta: UInt8 = 6
        private static let referenceDelta: UInt8 = 7
        /// Type and size of an object below 2^63 bytes.
        private static let longestSize = 10

        let base: Base

        /// How many bytes the header takes.
        let length: Int

        /// Type and size, as they stand in the pack.
        private let typeAndSize: [UInt8]

        /// Whether it is a whole blob.
        var isBlob: Bool { typeAndSize[0] >> 4 & 7 == Self.blob }

        /// The size of a whole object, or else of the delta, in bytes.
        var size: Int {
            // Four bits of the first byte, then seven of each, the lowest first.
            var size = Int(typeAndSize[0] & 0xF)
            for (index, byte) in typeAndSize.dropFirst().enumerated() {
                size |= Int(byte & 0x7F) << (4 + 7 * index)
            }
            return size
        }

        /// Reads a header from the first of `bytes`; nil if it is none.
        init?(_ bytes: UnsafeRawBufferPointer) {
            guard let end = bytes.prefix(Self.longestSize).firstIndex(where: { $0 & 0x80 == 0 }) else {
                return nil
            }
            let rest = UnsafeRawBufferPointer(rebasing: bytes[(end + 1)...])
            typeAndSize = Array(bytes[...end])
            switch bytes[0] >> 4 & 7 {
            case 1...4:
                base = .none
                length = end + 1
            case Self.offsetDelta:
                guard let (distance, count) = Self.distance(rest) else { return nil }
                base = .distance(distance)
                length = end + 1 + count
            case Self.referenceDelta:
                guard rest.count >= 20 else { return nil }
                base = .object(ObjectID(bytes: rest))
                length = end + 1 + 20
            default: return nil
            }
        }

        /// The header for a pack in which the base begins `distance` bytes before the entry.
        func bytes(atDistance distance: Int) -> [UInt8] {
            var bytes = typeAndSize
            bytes[0] = bytes[0] & 0x8F | Self.offsetDelta << 4
            // Seven bits a byte, the highest first; each byte but the last stands for one more than it says.
            var rest = distance
            var digits = [UInt8(rest & 0x7F)]
            while rest >> 7 > 0 {
                rest = rest >> 7 - 1
                digits.append(UInt8(rest & 0x7F) | 0x80)
            }
            return bytes + digits.reversed()
        }

        /// The header of a whole object.
        var bytes: [UInt8] { typeAndSize }

        private static func distance(_ bytes: UnsafeRawBufferPointer) -> (Int, count: Int)? {
            var distance = 0
            // Eight digits are enough for any file, and never overflow.
            for (index, byte) in bytes.prefix(8).enumerated() {
                distance = distance << 7 | Int(byte & 0x7F)
                if byte & 0x80 == 0 { return (distance, index + 1) }
                distance += 1
            }
            return nil
        }
    }
}
