import Foundation

/// The text that stands in a repository for an LFS object.
struct LFSPointer: Sendable {
    let oid: String
    let size: Int

    var text: String { "version https://git-lfs.github.com/spec/v1\noid sha256:\(oid)\nsize \(size)\n" }

    init(oid: String, size: Int) {
        self.oid = oid
        self.size = size
    }

    init?(_ text: String) {
        let lines = text.split(separator: "\n").map(String.init)
        guard lines.first == "version https://git-lfs.github.com/spec/v1",
            let oid = lines.first(where: { $0.hasPrefix("oid sha256:") })?.dropFirst("oid sha256:".count),
            let size = lines.first(where: { $0.hasPrefix("size ") }).flatMap({ Int($0.dropFirst(5)) }),
            LFSStore.isID(String(oid))
        else { return nil }
        self.init(oid: String(oid), size: size)
    }
}
