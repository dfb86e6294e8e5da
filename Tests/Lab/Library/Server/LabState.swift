import Foundation

/// Everything that changes in one simulated GitLab, behind one lock.
struct LabState: Sendable {
    var world: World
    var tokens: [String: LabToken] = [:]
    var faults: [LabFault] = []
    var storm: LabStorm?
    /// The full path of a group whose listings lack their last project.
    var hidesLastProjectOf: String?
    /// What goes wrong with the git sessions of projects that have no faults of their own.
    var gitFaults: GitFaults?
    var requests: [LabRequest] = []
    var sessions: [GitSession] = []
    /// Which session has which place in `sessions`.
    var sessionIndex: [String: Int] = [:]
    var jobs: [UUID: Task<Void, Never>] = [:]
    var endpoints = Endpoints()
    /// Why nothing can be written, if nothing can.
    var readOnly: ReadOnlyReason?
    /// Whether the rules for branches cannot be changed by anybody.
    var locksProtection = false
    /// Whether what follows pushes in the background waits.
    var holdsJobs = false

    private var time = 1_700_000_000

    /// Where the server can be reached, once it runs.
    struct Endpoints {
        var url = URL(filePath: "/")
        var sshPort = 0
    }

    init(firstID: Int) { world = World(firstID: firstID) }

    /// The fault for a request, which is thereby used up once.
    mutating func takeFault(for request: LabRequest) -> LabFault.Kind? {
        guard let index = faults.firstIndex(where: { $0.matches(request) }) else { return storm?.strike() }
        let kind = faults[index].kind
        if let remaining = faults[index].remaining {
            faults[index].remaining = remaining - 1
            if remaining <= 1 { faults.remove(at: index) }
        }
        return kind
    }

    /// Changes a session; one that the journal no longer has is left alone.
    mutating func updateSession(_ id: String, _ change: (inout GitSession) -> Void) {
        guard let index = sessionIndex[id] else { return }
        change(&sessions[index])
    }

    func session(_ id: String) -> GitSession? { sessionIndex[id].map { sessions[$0] } }

    /// A later second for every commit, so that no two commits are the same.
    mutating func tick() -> Int {
        time += 1
        return time
    }

    mutating func add(_ session: GitSession) {
        sessionIndex[session.id] = sessions.count
        sessions.append(session)
    }

    /// Lets the next reads of what was just made answer 404, by number as by path.
    mutating func lag(_ project: LabProject, reads: Int) {
        lag("projects", project.id, project.fullPath, reads, text: "404 Project Not Found")
    }

    /// Lets the next reads of what was just made answer 404, by number as by path.
    mutating func lag(_ group: LabGroup, reads: Int) {
        lag("groups", group.id, group.fullPath, reads, text: "404 Group Not Found")
    }

    private mutating func lag(_ kind: String, _ id: Int, _ fullPath: String, _ reads: Int, text: String) {
        guard reads > 0 else { return }
        let places = ["/\(kind)/\(id)", "/\(kind)/\(fullPath.replacing("/", with: "%2F"))"]
        let body = JSON.object([.init(name: "message", value: .string(text))])
        faults.append(
            LabFault(.status(404, body.description), times: reads) { request in
                request.method == "GET" && places.contains { request.path.hasSuffix($0) }
            }
        )
    }
}
