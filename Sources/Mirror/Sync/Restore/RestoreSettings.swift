public import Foundation

/// Everything that a restore needs to know.
public struct RestoreSettings: Sendable {
    /// Where the mirrors lie.
    public var stateDirectory: URL

    /// The base URL of the source whose mirrors they are; nil if there is only one in the state directory.
    ///
    /// The server itself is not asked for anything.
    public var source: URL?

    /// The source groups to restore, by their full paths; empty means all.
    public var groups: [String] = []

    /// The projects to restore, by their full paths at the source; empty means all.
    public var projects: [String] = []

    /// The part of the projects that is restored; nil for all: in a shard's state directory lie the mirrors, as they were then, of projects
    /// that have gone to other shards since.
    public var shard: Shard?

    /// The moment whose state is restored; nil stands for what the mirrors hold now.
    public var moment: Date?

    /// Whether wikis are restored.
    public var wikis = true

    /// Whether LFS objects are restored.
    public var lfs = true

    /// How many projects are worked on at a time.
    ///
    /// Must be greater than zero.
    public var jobs = 4

    /// Settings that restore all mirrors of a state directory as they are.
    public init(stateDirectory: URL) {
        self.stateDirectory = stateDirectory
    }
}

/// A GitLab into which projects are restored.
public struct RestoreTarget: Sendable {
    /// The server.
    public var server: ServerSettings

    /// The base of the repository URLs; nil for what the server's API reports.
    public var pushBase: PushBase?

    /// How git's data travels.
    public var transport = GitTransport.ssh

    /// Keys, host keys and limits of SSH.
    public var ssh: SSHOptions

    /// Whom to trust, and through which proxy to go.
    public var network = HTTPNetwork()

    /// A network step without progress for this long is ended.
    public var timeout = Duration.seconds(60)

    /// A server, with the URLs that its API reports.
    public init(server: ServerSettings, ssh: SSHOptions = SSHOptions()) {
        self.server = server
        self.ssh = ssh
    }
}

/// What is written into a folder.
public enum RestoreFormat: String, Hashable, Sendable {
    /// Bare repositories, `a/b/p.git` and `a/b/p.wiki.git`.
    case repositories
    /// Git bundles, `a/b/p.bundle` and `a/b/p.wiki.bundle`.
    case bundles
}
