import Foundation

/// Everything that changes in one simulated GitLab, behind one lock.
struct LabState: Sendable {
    var world: World
    var tokens: [String: LabToken] = [:]
    var faults: [LabFault] = []
    /// What goes wrong with the git sessions of projects that have no faults of their own.
    var gitFaults: GitFaults?
    var requests: [LabRequest] = []
    var sessions: [GitSession] = []
    /// Which session has which place in `sessions`.
    var sessionIndex: [String: Int] = [:]
    var jobs: [UUID: Task<Void, Never>] = [:]
    /// The passwords for LFS that were given out.
    var lfsTokens: Set<String> = []
    var lfsAuthentications: [LFSAuthentication.Entry] = []
    /// What goes wrong with `git-lfs-authenticate`.
    var lfsAuthenticationFault: LFSAuthentication.Fault?
    var endpoints = Endpoints()

    private var time = 1_700_000_000

    /// Where the server can be reached, once it runs.
    struct Endpoints {
        var url = URL(filePath: "/")
        var sshPort = 0
    }

    init(firstID: Int) { world = World(firstID: firstID) }

    /// The fault for a request, which is thereby used up once.
    mutating func takeFault(for request: LabRequest) -> LabFault.Kind? {
        guard let index = faults.firstIndex(where: { $0.matches(request) }) else { return nil }
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
}
