import Foundation

/// Groups and projects of one simulated GitLab.
///
/// It checks nothing: the rules are the API's.
struct World: Sendable {
    private(set) var groups: [Int: LabGroup] = [:]
    private(set) var projects: [Int: LabProject] = [:]
    var snippets: [Int: LabSnippet] = [:]
    private var groupIDs: [String: Int] = [:]
    private var projectIDs: [String: Int] = [:]
    private var movedProjectIDs: [String: Int] = [:]
    private var lastID: Int

    init(firstID: Int) { lastID = firstID - 1 }

    mutating func makeID() -> Int {
        lastID += 1
        return lastID
    }

    static func timestamp(_ date: Date = Date()) -> String {
        date.formatted(
            .iso8601.year().month().day().timeZone(separator: .omitted).time(includingFractionalSeconds: true)
        )
    }

    static func date(_ timestamp: String) -> Date? {
        try? Date.ISO8601FormatStyle(includingFractionalSeconds: true).parse(timestamp)
    }

    static func day(_ date: Date = Date()) -> String { date.formatted(.iso8601.year().month().day()) }

    // MARK: Looking up

    func group(_ fullPath: String) -> LabGroup? { groupIDs[fullPath.lowercased()].flatMap { groups[$0] } }

    func project(_ fullPath: String) -> LabProject? {
        projectIDs[fullPath.lowercased()].flatMap { projects[$0] }
    }

    func projectMoved(from fullPath: String) -> LabProject? {
        movedProjectIDs[fullPath.lowercased()].flatMap { projects[$0] }
    }

    /// Whether `path` is taken by a group or a project, in any case of its letters.
    func isTaken(_ fullPath: String) -> Bool {
        groupIDs[fullPath.lowercased()] != nil || projectIDs[fullPath.lowercased()] != nil
    }

    func fullPath(_ path: String, in parentID: Int?) -> String {
        parentID.flatMap { groups[$0] }.map { "\($0.fullPath)/\(path)" } ?? path
    }

    func fullName(of group: LabGroup) -> String {
        guard let parent = group.parentID.flatMap({ groups[$0] }) else { return group.name }
        return "\(fullName(of: parent)) / \(group.name)"
    }

    // MARK: Changing

    mutating func addGroup(
        name: String,
        path: String,
        parentID: Int?,
        visibility: Visibility,
        kind: LabGroup.Kind = .group
    ) -> LabGroup {
        let group = LabGroup(
            id: makeID(),
            parentID: parentID,
            name: name,
            path: path,
            fullPath: fullPath(path, in: parentID),
            visibility: visibility,
            attributes: LabGroup.defaultAttributes,
            kind: kind,
            createdAt: World.timestamp()
        )
        groups[group.id] = group
        groupIDs[group.fullPath.lowercased()] = group.id
        return group
    }

    mutating func addProject(
        name: String,
        path: String,
        namespaceID: Int,
        visibility: Visibility,
        objectFormat: String = "sha1"
    ) -> LabProject {
        let now = World.timestamp()
        let project = LabProject(
            id: makeID(),
            namespaceID: namespaceID,
            name: name,
            path: path,
            fullPath: fullPath(path, in: namespaceID),
            visibility: visibility,
            attributes: LabProject.defaultAttributes,
            objectFormat: objectFormat,
            createdAt: now,
            lastActivityAt: now
        )
        projects[project.id] = project
        projectIDs[project.fullPath.lowercased()] = project.id
        movedProjectIDs[project.fullPath.lowercased()] = nil
        return project
    }

    /// Changes attributes that are not part of a path.
    @discardableResult
    mutating func updateProject<Value>(_ id: Int, _ change: (inout LabProject) throws -> Value) rethrows
        -> Value?
    {
        guard var project = projects[id] else { return nil }
        let value = try change(&project)
        projects[id] = project
        return value
    }

    /// Changes attributes that are not part of a path.
    mutating func updateGroup(_ id: Int, _ change: (inout LabGroup) -> Void) {
        guard var group = groups[id] else { return }
        change(&group)
        groups[id] = group
    }

    /// Renames or moves a project; its old path leads to it until something else takes it.
    mutating func moveProject(_ id: Int, path: String, namespaceID: Int, leavesRedirect: Bool = true) {
        guard var project = projects[id] else { return }
        let old = project.fullPath.lowercased()
        project.path = path
        project.namespaceID = namespaceID
        project.fullPath = fullPath(path, in: namespaceID)
        projects[id] = project
        if projectIDs[old] == id { projectIDs[old] = nil }
        if leavesRedirect, old != project.fullPath.lowercased() { movedProjectIDs[old] = id }
        projectIDs[project.fullPath.lowercased()] = id
        movedProjectIDs[project.fullPath.lowercased()] = nil
    }

    /// Renames or moves a group with everything below it.
    mutating func moveGroup(_ id: Int, path: String, parentID: Int?) {
        guard var group = groups[id] else { return }
        groupIDs[group.fullPath.lowercased()] = nil
        group.path = path
        group.parentID = parentID
        group.fullPath = fullPath(path, in: parentID)
        groups[id] = group
        groupIDs[group.fullPath.lowercased()] = id
        for child in groups.values where child.parentID == id {
            moveGroup(child.id, path: child.path, parentID: id)
        }
        for project in projects.values where project.namespaceID == id {
            moveProject(project.id, path: project.path, namespaceID: id)
        }
    }

    mutating func removeProject(_ id: Int) {
        guard let project = projects.removeValue(forKey: id) else { return }
        projectIDs[project.fullPath.lowercased()] = nil
        snippets = snippets.filter { $0.value.projectID != id }
        movedProjectIDs = movedProjectIDs.filter { $0.value != id }
    }

    mutating func removeGroup(_ id: Int) {
        for child in groups.values where child.parentID == id { removeGroup(child.id) }
        for project in projects.values where project.namespaceID == id { removeProject(project.id) }
        guard let group = groups.removeValue(forKey: id) else { return }
        groupIDs[group.fullPath.lowercased()] = nil
    }
}
