import Foundation

/// Where the mirrors of one source server lie in the state directory.
///
/// A mirror is named by its project's number, never by its path: a number survives renames, and no name that a
/// server sends can lead out of the directory. The `description` file in each mirror says which project it is.
struct MirrorPlace: Sendable {
    private let folder: URL

    /// What lies in the folder, looked up once: a run over thousands of projects has nothing else to ask of the disk.
    private let names: Set<String>

    init(state: URL, server: URL) {
        self.init(folder: Self.folder(state: state, server: server))
    }

    private static func folder(state: URL, server: URL) -> URL {
        let name = [
            server.host()?.lowercased(), server.port.map { "\($0)" },
            server.path().isEmpty ? nil : server.path(),
        ]
        .compactMap(\.self).joined(separator: "_")
        let safeName = String(
            name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" }
        )
        // `.` and `..` are no folders of their own.
        let isFolder = !safeName.allSatisfy { $0 == "." }
        return state.appending(components: "mirrors", isFolder ? safeName : safeName + "_")
    }

    /// The mirrors that lie in `folder`.
    init(folder: URL) {
        self.folder = folder
        let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))
        self.names = Set(names ?? [])
    }

    /// Whether these are the mirrors of the server with the base URL `url`.
    func isOf(sourceAt url: String, state: URL) -> Bool {
        URL(string: url).map { MirrorPlace.folder(state: state, server: $0).path == folder.path } ?? false
    }

    /// Every mirror that is there, by the numbers of the projects.
    var all: [Mirror] {
        names.compactMap { name in
            name.wholeMatch(of: /([0-9]+)(\.wiki)?\.git/).flatMap { match in
                Int(match.1).map { mirror(ofProject: $0, isWiki: match.2 != nil) }
            }
        }
        .sorted { ($0.projectID, $0.isWiki ? 1 : 0) < ($1.projectID, $1.isWiki ? 1 : 0) }
    }

    /// The bare repository of the project with the number `id`, or of its wiki.
    func mirror(ofProject id: Int, isWiki: Bool) -> Mirror {
        mirror(named: isWiki ? "\(id).wiki.git" : "\(id).git", ofProject: id, isWiki: isWiki)
    }

    /// The bare repository of a snippet, beside that of its project.
    func mirror(ofProject id: Int, snippet: Int) -> Mirror {
        mirror(named: "\(id).snippet-\(snippet).git", ofProject: id, isWiki: false)
    }

    private func mirror(named name: String, ofProject id: Int, isWiki: Bool) -> Mirror {
        let marker = name + ".incomplete"
        return Mirror(
            projectID: id,
            isWiki: isWiki,
            path: folder.appending(component: name).path(percentEncoded: false),
            isComplete: names.contains(name) && !names.contains(marker),
            marker: folder.appending(component: marker)
        )
    }

    /// One mirror, and whether it holds what the last run fetched.
    struct Mirror: Sendable {
        /// The project's number at the source.
        let projectID: Int

        /// Whether it is the project's wiki.
        let isWiki: Bool

        /// Where the bare repository lies.
        let path: String

        /// Whether the mirror was there, with nothing left to fetch, when the run began.
        ///
        /// A copy may be equal while its mirror is not: the target takes a pack that is sent on before the mirror has
        /// indexed it.
        let isComplete: Bool

        private static let objectsOfLFS = "/lfs/objects"

        /// What ends the description of a wiki's mirror.
        static let wikiSuffix = " (wiki)"

        /// The full path that the mirror's project had when it was last fetched; nil if there is no mirror.
        var projectPath: String? {
            guard let text = try? String(contentsOfFile: path + "/description", encoding: .utf8) else {
                return nil
            }
            let path = text.trimmingCharacters(in: .whitespacesAndNewlines)
            return path.hasSuffix(Self.wikiSuffix) ? String(path.dropLast(Self.wikiSuffix.count)) : path
        }

        /// The size of its packs, in bytes; 0 if it is not there.
        var size: Int {
            let folder = path + "/objects/pack"
            return FolderWalk.files(in: folder).reduce(0) { size, name in
                var status = stat()
                return lstat("\(folder)/\(name)", &status) == 0 ? size + Int(status.st_size) : size
            }
        }

        /// A file beside the mirror while it is being changed.
        fileprivate let marker: URL

        /// Notes that the mirror is being changed, for a next run after this one is killed.
        func markIncomplete() throws {
            try FileManager.default.createDirectory(
                at: marker.deletingLastPathComponent(),
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try Data().write(to: marker)
        }

        /// Takes a damaged mirror out of the way, for whoever wants to look at it.
        ///
        /// - Returns: The place for a new one.
        func settingAside() throws -> Mirror {
            let place = "\(path).damaged-\(Int(Date().timeIntervalSince1970))"
            let manager = FileManager.default
            try manager.moveItem(atPath: path, toPath: place)
            // LFS objects have their own checksums, and may be all that is left of them.
            if manager.fileExists(atPath: place + Self.objectsOfLFS) {
                try manager.createDirectory(
                    atPath: path + "/lfs",
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
                try manager.moveItem(atPath: place + Self.objectsOfLFS, toPath: path + Self.objectsOfLFS)
            }
            return Mirror(projectID: projectID, isWiki: isWiki, path: path, isComplete: false, marker: marker)
        }

        /// Notes that everything that was fetched is in the mirror.
        func markComplete() {
            try? FileManager.default.removeItem(at: marker)
        }
    }
}
