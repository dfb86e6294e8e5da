import CLibGit2
import Foundation

/// The packs of a repository, as files.
struct PackFolder {
    private let objects: URL
    private var folder: URL { objects.appending(component: "pack") }

    /// The packs of the repository behind `repository`.
    init(repository: OpaquePointer) {
        let path = git_repository_path(repository).map { String(cString: $0) } ?? ""
        objects = URL(filePath: path).appending(component: "objects")
    }

    /// The paths of all packs, the largest first.
    ///
    /// A pack without an index is none: its removal was cut short.
    func paths() -> [String] {
        let names = Set(self.names)
        return names.filter { $0.hasSuffix(".pack") && names.contains("\($0.dropLast(".pack".count)).idx") }
            .map { path(of: $0) }
            .map { (path: $0, size: Self.size(of: $0)) }
            .sorted { ($0.size, $0.path) > ($1.size, $1.path) }
            .map(\.path)
    }

    /// The names of the files into which packs are being received.
    var unfinished: Set<String> { Set(names.filter { $0.hasPrefix("pack_git2_") }) }

    /// Where a file of the folder lies.
    func path(of name: String) -> String { folder.appending(component: name).path(percentEncoded: false) }

    /// Whether there are objects outside of packs.
    var hasLooseObjects: Bool {
        let names =
            (try? FileManager.default.contentsOfDirectory(atPath: objects.path(percentEncoded: false))) ?? []
        return names.contains { $0.count == 2 }
    }

    /// The objects outside of packs.
    var looseObjects: [ObjectID] {
        let manager = FileManager.default
        let folders = (try? manager.contentsOfDirectory(atPath: objects.path(percentEncoded: false))) ?? []
        return folders.filter { $0.count == 2 }.flatMap { folder in
            let names = try? manager.contentsOfDirectory(
                atPath: objects.appending(component: folder).path(percentEncoded: false)
            )
            return (names ?? []).compactMap { ObjectID(hex: folder + $0) }
        }
    }

    /// Removes a pack; its index first, as one without a pack would be an error to readers.
    func remove(_ path: String) {
        unlink(path.dropLast(".pack".count) + ".idx")
        unlink(path)
    }

    /// The size of a file, in bytes.
    static func size(of path: String) -> Int {
        var status = stat()
        return stat(path, &status) == 0 ? Int(status.st_size) : 0
    }

    private var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
    }
}
