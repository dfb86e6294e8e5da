import Foundation
import Logging

/// A project that the mirrors or the database know.
struct RestorableProject: Sendable {
    /// The number at the source.
    let id: Int

    /// The full path at the source, as it was last seen.
    let path: String

    /// The mirror of the project; nil if there is none.
    var project: MirrorPlace.Mirror?

    /// The mirror of the wiki; nil if there is none.
    var wiki: MirrorPlace.Mirror?

    /// Whether the project was gone at the source when a run looked for it.
    var isGone = false
}

/// What a state directory knows of one source: its mirrors, and of the database what helps.
struct RestoreCatalog: Sendable {
    /// The projects, by their paths.
    var projects: [RestorableProject] = []

    /// The full paths of the source's groups, as far as they are known besides those of the projects.
    var groups: [String] = []

    /// Projects that stand where a younger one does.
    var superseded: [RestorableProject] = []

    /// What was noted of changes; empty without a database.
    var ledger = Ledger()

    /// Reads the mirrors of one source, and a snapshot of the database.
    ///
    /// - Throws: ``SyncFailure`` `configuration` if there are no mirrors, or those of several sources and none is named.
    static func read(_ settings: RestoreSettings) async throws -> RestoreCatalog {
        let place = try place(settings)
        var known: [KnownCopy] = []
        var catalog = RestoreCatalog()
        do {
            let read = try await StateDatabase.withSnapshot(of: settings.stateDirectory) { database in
                try await database.knowledge { place.isOf(sourceAt: $0, state: settings.stateDirectory) }
            }
            if let read {
                catalog.ledger = read.ledger
                known = read.projects
                catalog.groups = read.groups
            }
        } catch {
            Logger.current.warning(
                "the state database cannot be read; paths come from the mirrors' descriptions",
                metadata: ["reason": "\(error)"]
            )
        }
        catalog.take(place.all, known)
        return catalog
    }

    private static func place(_ settings: RestoreSettings) throws -> MirrorPlace {
        let root = settings.stateDirectory.appending(component: "mirrors")
        if let source = settings.source {
            let place = MirrorPlace(state: settings.stateDirectory, server: source)
            if !place.all.isEmpty { return place }
        }
        let folders = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).sorted()
        let places = folders.map { (name: $0, place: MirrorPlace(folder: root.appending(component: $0))) }
            .filter { !$0.place.all.isEmpty }
        if settings.source == nil, let only = places.first, places.count == 1 { return only.place }
        let folder = root.path.escapedForDisplay
        let names = places.map { "'\($0.name.escapedForDisplay)'" }.joined(separator: ", ")
        throw SyncFailure(
            code: "configuration",
            message: places.isEmpty
                ? "there are no mirrors in '\(folder)'" : "the mirrors in '\(folder)' are those of \(names)",
            hint: places.isEmpty
                ? "give --state-dir the folder that sync used"
                : "say which with --local URL, the source's base URL"
        )
    }

    private mutating func take(_ mirrors: [MirrorPlace.Mirror], _ known: [KnownCopy]) {
        let copies = Dictionary(known.map { ($0.sourceID, $0) }) { $1 }
        var byID: [Int: RestorableProject] = [:]
        for mirror in mirrors {
            // The path of a project that moved and did not change stands in the database only.
            guard let path = copies[mirror.projectID]?.sourcePath ?? mirror.projectPath else { continue }
            var project = byID[mirror.projectID] ?? RestorableProject(id: mirror.projectID, path: path)
            if mirror.isWiki { project.wiki = mirror } else { project.project = mirror }
            byID[mirror.projectID] = project
        }
        for copy in known where byID[copy.sourceID] == nil {
            byID[copy.sourceID] = RestorableProject(id: copy.sourceID, path: copy.sourcePath)
        }
        for id in byID.keys { byID[id]?.isGone = copies[id]?.isGone ?? false }
        // Of two at one path the older one was deleted before the other was made.
        let order = byID.values.sorted { ($0.isGone ? 1 : 0, -$0.id) < ($1.isGone ? 1 : 0, -$1.id) }
        var taken: Set<String> = []
        for project in order {
            if taken.insert(project.path.lowercased()).inserted {
                projects.append(project)
            } else {
                superseded.append(project)
            }
        }
        projects.sort { $0.path < $1.path }
    }
}
