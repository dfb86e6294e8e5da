import Foundation
import Synchronization

/// One simulated GitLab without its sockets: state, repositories, rules.
final class LabCore: Sendable {
    let options: LabOptions
    let directory: URL
    let git: LabGit
    let repositories: RepositoryStore
    /// What the session script and the hooks show when they ask the server.
    let secret = RandomText.alphanumeric(40)
    /// A secret that answers hold and that nobody may print.
    let runnersToken = "GR1348941\(RandomText.alphanumeric(20))"
    /// The password that `git-lfs-authenticate` gives out.
    let lfsToken = RandomText.alphanumeric(20)
    let lfs: LFSStore
    let user: LabGroup
    private let state: Mutex<LabState>

    init(directory: URL, options: LabOptions) throws {
        self.directory = directory
        self.options = options
        git = LabGit(home: directory)
        repositories = try RepositoryStore(directory: directory.appending(path: "repositories"))
        lfs = LFSStore(directory: directory.appending(path: "lfs"), git: git)
        var state = LabState(firstID: options.firstID)
        let name = options.username
        user = state.world.addGroup(name: name, path: name, parentID: nil, visibility: .public, kind: .user)
        self.state = Mutex(state)
    }

    func withState<Value>(_ body: (inout sending LabState) throws -> sending Value) rethrows -> Value {
        try state.withLock(body)
    }

    /// Does work as GitLab's background jobs do; ``settle()`` waits for it.
    func inBackground(_ work: @escaping @Sendable () async -> Void) {
        let id = UUID()
        withState { state in
            state.jobs[id] = Task {
                await work()
                self.withState { $0.jobs[id] = nil }
            }
        }
    }

    /// Waits as long as background jobs are held up.
    func waitForBackgroundRelease() async {
        while withState({ $0.holdsJobs }), !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits until no background job is left.
    func settle() async {
        while let job = withState({ $0.jobs.values.first }) { await job.value }
    }

    /// Ends the background jobs early.
    func cancelJobs() async {
        withState { state in state.jobs.values.forEach { $0.cancel() } }
        await settle()
    }
}

extension LabCore {
    /// The address of the server, with its relative root.
    var url: URL { withState { $0.endpoints.url } }

    /// The header with which LFS requests are let in.
    var lfsAuthorization: String {
        "Basic \(Data("\(options.username):\(lfsToken)".utf8).base64EncodedString())"
    }

    /// How SSH addresses of repositories begin.
    func sshBase(_ state: LabState) -> String {
        "ssh://\(NSUserName())@\(options.name):\(state.endpoints.sshPort)"
    }
}

extension LabCore {
    var sshFiles: SSHFiles { SSHFiles(directory: directory.appending(path: "ssh")) }

    var certificates: LabCertificates { LabCertificates(directory: directory.appending(path: "tls")) }

    /// The sessions, with the exit statuses of those that ended.
    func endedSessions() -> [GitSession] {
        let text = (try? String(contentsOf: sshFiles.endedSessions, encoding: .utf8)) ?? ""
        let ends = text.split(separator: "\n").map { $0.split(separator: " ") }.filter { $0.count == 2 }
        return withState { state in
            for end in ends { state.updateSession(String(end[0])) { $0.status = Int32(end[1]) } }
            return state.sessions
        }
    }

    func clearJournal() {
        withState { state in
            state.requests = []
            state.sessions = []
            state.sessionIndex = [:]
        }
    }
}
