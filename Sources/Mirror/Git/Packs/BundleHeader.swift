import Foundation

/// What a git bundle of version 2 begins with: its refs, then an empty line, then a pack.
///
/// https://git-scm.com/docs/gitformat-bundle
struct BundleHeader: Equatable {
    private static let signature = "# v2 git bundle\n"

    /// The branches and tags.
    var refs: [RefName: ObjectID]

    /// What HEAD is; nil if it is nothing.
    var head: ObjectID?

    /// The header of a bundle of `refs`.
    init(refs: [RefName: ObjectID], head: RefName?) {
        self.refs = refs
        self.head = head.flatMap { refs[$0] }
    }

    /// Reads the header of the bundle at `path`; nil if it is none, or one that needs commits that it does not hold.
    init?(bundleAt path: String) {
        guard let content = try? Data(contentsOf: URL(filePath: path), options: .mappedIfSafe),
            content.starts(with: Self.signature.utf8)
        else { return nil }
        refs = [:]
        var rest = content.dropFirst(Self.signature.utf8.count)
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = rest[..<end]
            rest = rest[(end + 1)...]
            if line.isEmpty { return }
            guard line.count > 41, let id = ObjectID(hex: String(decoding: line.prefix(40), as: UTF8.self)),
                let name = String(validating: line.dropFirst(41), as: UTF8.self)
            else { return nil }
            if name == "HEAD" { head = id } else { refs[RefName(rawValue: name)] = id }
        }
        return nil
    }

    /// The header as it is written.
    var bytes: [UInt8] {
        var lines = refs.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.rawValue)\n" }
        if let head { lines.append("\(head) HEAD\n") }
        return Array((Self.signature + lines.joined() + "\n").utf8)
    }
}
