import Foundation

/// The content of a repository's `packed-refs`: any number of refs in one sorted text.
///
/// https://git-scm.com/docs/git-pack-refs
struct PackedRefs: Equatable {
    /// Where a ref points.
    struct Entry: Hashable {
        /// The object that the ref names.
        var id: ObjectID
        /// What an annotated tag is of, through all tags of tags.
        var peeled = Peeled.unknown
    }

    /// What is known of the object behind a ref.
    enum Peeled: Hashable {
        /// The file was written by something that did not look.
        case unknown
        /// The ref names no tag object.
        case isNoTag
        /// The ref names a tag object of this one.
        case to(ObjectID)
    }

    private static let header = "# pack-refs with: peeled fully-peeled sorted \n"

    /// The refs.
    var entries: [RefName: Entry] = [:]

    /// No refs.
    init() {}

    /// Reads the content of a file.
    ///
    /// - Throws: ``GitError`` for anything that is not understood: what we do not understand, we must not write anew.
    init(_ content: Data) throws(GitError) {
        var failure: GitError?
        content.withUnsafeBytes { bytes in
            do throws(GitError) {
                try read(bytes)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) throws(GitError) {
        var isFullyPeeled = false
        var last: RefName?
        entries.reserveCapacity(bytes.count / 80)
        var rest = bytes[...]
        while !rest.isEmpty {
            guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else {
                throw Self.damage("the last line has no end")
            }
            let line = UnsafeRawBufferPointer(rebasing: rest[..<end])
            rest = rest[(end + 1)...]
            switch line.first {
            case UInt8(ascii: "#"):
                isFullyPeeled = String(decoding: line, as: UTF8.self).split(separator: " ").contains(
                    "fully-peeled"
                )
            case UInt8(ascii: "^"):
                guard let name = last, let id = ObjectID(hex: UnsafeRawBufferPointer(rebasing: line[1...]))
                else { throw Self.damage("a peeled id without its ref") }
                entries[name]?.peeled = .to(id)
                last = nil
            default:
                let (id, name) = try Self.ref(in: line)
                entries[name] = Entry(id: id, peeled: isFullyPeeled ? .isNoTag : .unknown)
                last = name
            }
        }
    }

    private static func ref(in line: UnsafeRawBufferPointer) throws(GitError) -> (ObjectID, RefName) {
        guard line.count > 41, line[40] == UInt8(ascii: " "),
            let id = ObjectID(hex: UnsafeRawBufferPointer(rebasing: line[..<40])),
            let name = String(validating: line[41...], as: UTF8.self)
        else { throw damage("a line that is no ref") }
        return (id, RefName(rawValue: name))
    }

    private static func damage(_ what: String) -> GitError {
        GitError(.failed, "the mirror's packed-refs cannot be read: \(what)")
    }

    /// Writes the file's text as git does.
    ///
    /// An entry whose object could not be looked at is written as no tag, as git does with one that is broken.
    ///
    /// - Parameter changed: The names that must not collide with any other, because they are new.
    /// - Returns: The text.
    /// - Throws: ``GitError`` if one of `changed` cannot exist beside another ref.
    func content(changing changed: Set<RefName> = []) throws(GitError) -> [UInt8] {
        var text = Array(Self.header.utf8)
        text.reserveCapacity(text.count + entries.count * 80)
        // Names that the present one begins with: as the order is by bytes, all of these come right before it.
        var beginnings: [RefName] = []
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            while let last = beginnings.last, !name.rawValue.utf8.starts(with: last.rawValue.utf8) {
                beginnings.removeLast()
            }
            for other in beginnings where name.collides(with: other) {
                guard !changed.contains(name), !changed.contains(other) else {
                    throw GitError(
                        .failed,
                        "'\(other)' and '\(name)' cannot exist together".escapedForDisplay
                    )
                }
            }
            beginnings.append(name)
            append(name, entry, to: &text)
        }
        return text
    }

    private func append(_ name: RefName, _ entry: Entry, to text: inout [UInt8]) {
        entry.id.appendHex(to: &text)
        text.append(UInt8(ascii: " "))
        text += name.rawValue.utf8
        text.append(UInt8(ascii: "\n"))
        if case .to(let id) = entry.peeled {
            text.append(UInt8(ascii: "^"))
            id.appendHex(to: &text)
            text.append(UInt8(ascii: "\n"))
        }
    }
}
