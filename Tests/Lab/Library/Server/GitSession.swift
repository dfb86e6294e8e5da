/// One git session, as the journal keeps it: over SSH one command, over HTTP the listing of refs and the request after it.
public struct GitSession: Sendable {
    /// The two services that git offers.
    public enum Service: String, Sendable {
        /// Sends to a client that fetches.
        case uploadPack = "upload-pack"
        /// Receives from a client that pushes.
        case receivePack = "receive-pack"
    }

    /// What carries a session.
    public enum Carrier: String, Sendable {
        /// OpenSSH's `sshd`.
        case ssh
        /// `git http-backend`.
        case http
    }

    /// One ref as a push wants it.
    public struct Update: Sendable, Equatable {
        /// The old object id; zeros for a new ref.
        public let old: String
        /// The new object id; zeros for a deletion.
        public let new: String
        /// The full name of the ref.
        public let ref: String

        var isCreation: Bool { old.allSatisfy { $0 == "0" } }
        var isDeletion: Bool { new.allSatisfy { $0 == "0" } }
        var branch: String? { name(after: "refs/heads/") }
        var tag: String? { name(after: "refs/tags/") }

        private func name(after prefix: String) -> String? {
            ref.hasPrefix(prefix) ? String(ref.dropFirst(prefix.count)) : nil
        }
    }

    /// Names the session inside the lab.
    public let id: String
    /// What the client asked for.
    public let service: GitSession.Service
    /// How it came.
    public let carrier: GitSession.Carrier
    /// The full path of the project.
    public let project: String
    /// Whether the repository is the project's wiki.
    public let isWiki: Bool
    /// When it began.
    public let time: ContinuousClock.Instant
    /// The exit status of git, or `nil` while it runs.
    public internal(set) var status: Int32?
    /// What a push wanted to change, also if it was refused.
    public internal(set) var updates: [Update] = []
    /// The options of a push, such as `ci.skip`.
    public internal(set) var pushOptions: [String] = []
    /// The text with which it was refused, before git started or by the hook.
    public internal(set) var refusal: String?
    /// Whether a request has followed the listing of refs, over HTTP.
    public internal(set) var hasRequest = false
    /// How much git has said, over HTTP.
    var sentBytes = 0
    let projectID: Int
    /// The number of the snippet, if the repository is one.
    public let snippetID: Int?
    /// Names the repository on disk.
    var repositoryID: Int { snippetID ?? projectID }
    /// What goes wrong with it.
    let faults: GitFaults
    /// What the client is told after a push.
    let message: String?
}
