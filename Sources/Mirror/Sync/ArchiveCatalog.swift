public import Foundation

/// An old tip that is kept.
public struct ArchivedTip: Hashable, Sendable {
    /// The full path that the project had at the source when its mirror was last fetched.
    public let project: String

    /// Whether it is of the project's wiki.
    public var isWiki: Bool { repository.kind == .wiki }

    /// The mirror that keeps it: a bare repository.
    public let mirror: String

    let repository: SourceRepository

    /// The archived ref.
    public let place: RefName

    /// The branch or tag whose tip it was.
    public let ref: RefName

    /// The tip.
    public let tip: ObjectID

    /// When the run began that kept it.
    public let time: Date
}

/// The old tips that the mirrors of a state directory keep.
///
/// Reading takes no lock and changes nothing, so that it can be done beside a run.
public struct ArchiveCatalog: Sendable {
    private let places: [MirrorPlace]

    /// The catalog of a state directory, with the mirrors of all source servers.
    public init(stateDirectory: URL) {
        let root = stateDirectory.appending(component: "mirrors").path(percentEncoded: false)
        let servers = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        places = servers.sorted().map { MirrorPlace(folder: URL(filePath: "\(root)/\($0)")) }
    }

    init(_ place: MirrorPlace) {
        places = [place]
    }

    /// Every kept tip of the projects whose path matches `project`; nil stands for all.
    ///
    /// Ordered by project, then by time.
    ///
    /// - Throws: ``GitError`` if a mirror's refs cannot be read.
    public func tips(of project: Glob? = nil) throws -> [ArchivedTip] {
        var tips: [ArchivedTip] = []
        for mirror in places.flatMap(\.all) {
            guard let path = mirror.projectPath, project?.matches(path) != false else { continue }
            for (place, tip) in try RefFiles(repository: mirror.path + "/").all() {
                guard let (folder, ref) = ArchiveFolder.taking(apart: place) else { continue }
                tips.append(
                    ArchivedTip(
                        project: path,
                        mirror: mirror.path,
                        repository: SourceRepository(
                            id: mirror.projectID,
                            kind: mirror.isWiki ? .wiki : .project
                        ),
                        place: place,
                        ref: ref,
                        tip: tip,
                        time: folder.time
                    )
                )
            }
        }
        return tips.sorted { left, right in
            (left.project, left.isWiki ? 1 : 0, left.place) < (
                right.project, right.isWiki ? 1 : 0, right.place
            )
        }
    }
}
