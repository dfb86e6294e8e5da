import Foundation

/// Goes through the entries of a tree in their order.
///
/// https://git-scm.com/book/en/v2/Git-Internals-Git-Objects#_tree_objects
struct TreeCursor {
    /// A file, a folder or a submodule.
    struct Entry {
        let id: ObjectID
        let name: UnsafeRawBufferPointer
        let isTree: Bool
        /// A submodule: a commit of another repository.
        let isSubmodule: Bool

        /// The order of git's trees: by bytes, a folder as if its name ended in a slash.
        func precedes(_ other: Entry) -> Bool { order(other) < 0 }

        /// Whether the two have the same name and are of the same kind.
        func matches(_ other: Entry) -> Bool { isTree == other.isTree && order(other) == 0 }

        private func order(_ other: Entry) -> Int32 {
            let common = min(name.count, other.name.count)
            if common > 0, let left = name.baseAddress, let right = other.name.baseAddress {
                let order = memcmp(left, right, common)
                if order != 0 { return order }
            }
            return Int32(byte(at: common)) - Int32(other.byte(at: common))
        }

        private func byte(at index: Int) -> UInt8 {
            index < name.count ? name[index] : isTree ? UInt8(ascii: "/") : 0
        }
    }

    /// The entry that the cursor stands on; nil at the end, or where the tree is malformed.
    private(set) var entry: Entry?

    private let bytes: UnsafeRawBufferPointer
    private let owner: AnyObject?
    private var position = 0

    /// Begins with the first entry of `bytes`, which `owner` keeps alive.
    init(_ bytes: UnsafeRawBufferPointer, keptAliveBy owner: AnyObject?) {
        self.bytes = bytes
        self.owner = owner
        advance()
    }

    /// Goes to the next entry.
    mutating func advance() {
        guard let space = bytes[position...].firstIndex(of: UInt8(ascii: " ")),
            let end = bytes[space...].firstIndex(of: 0), end + 21 <= bytes.count
        else {
            entry = nil
            return
        }
        // 40000 is a folder, 160000 a submodule; some old tools wrote 040000.
        let mode = bytes[position..<space].drop { $0 == UInt8(ascii: "0") }
        entry = Entry(
            id: ObjectID(bytes: UnsafeRawBufferPointer(rebasing: bytes[(end + 1)..<(end + 21)])),
            name: UnsafeRawBufferPointer(rebasing: bytes[(space + 1)..<end]),
            isTree: mode.first == UInt8(ascii: "4"),
            isSubmodule: mode.count == 6 && mode.starts(with: "16".utf8)
        )
        position = end + 21
    }
}
