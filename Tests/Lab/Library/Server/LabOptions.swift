/// How one simulated GitLab behaves; the defaults are a plain self-managed server.
public struct LabOptions: Sendable {
    /// What `GET /version` answers.
    public var version = "17.11.1-ee"
    /// Time between a push and what GitLab does in the background: default branch, protection.
    public var protectionDelay: Duration = .milliseconds(20)
    /// The path below which the whole server lies, such as `/gitlab`, or nothing.
    public var relativeRoot = ""
    /// The name by which other machines reach the server, which then listens on all addresses; `nil` for loopback only.
    public var host: String?
    /// Whether the server speaks HTTPS, with a certificate of an authority of its own.
    public var usesTLS = false
    /// The OpenSSH server.
    public var sshd = "/usr/sbin/sshd"
    /// The largest page of a listing; larger requests get this.
    public var maximumPageSize = 100
    /// The largest offset of a page for which there are pages after the last id as well; beyond it numbers are refused.
    public var offsetLimit = 50_000
    /// The largest number of records that answers count.
    public var countLimit = 10_000
    /// Whether the API may create groups at the top.
    public var allowsTopLevelGroups = true
    /// The access level of the user in every group and project: 50 owner, 40 maintainer, 30 developer.
    public var accessLevel = 50
    /// The name of the user who owns all tokens and keys.
    public var username = "lab-robot"
    /// How many requests a minute the headers grant, and how many of them are left; `nil` where no limit is announced.
    public var announcedRateLimit: (limit: Int, remaining: Int)?
    /// The first id that the server gives out, so that two servers can be told apart by ids.
    public var firstID = 1
    /// Whether pushes with LFS pointers whose objects are missing are refused.
    public var checksLFS = true
    /// Whether LFS downloads go to signed addresses that refuse an `Authorization` header, as object storage does.
    public var signsLFSDownloads = false
    /// The levels of visibility that the administrator allows to nobody.
    public var restrictedVisibilities: Set<Visibility> = []
    /// How many reads of a group or project that was just made still answer 404, as from a lagging replica.
    public var laggingReads = 0
    /// Settings of projects that the server takes without a word and does not keep, such as `lfs_enabled` without LFS.
    public var ignoredSettings: Set<String> = []
    /// Whether errors of `POST /groups` print hashes as Ruby 3.4 does, `{path: [...]}`.
    public var printsHashesLikeRuby34 = false

    /// The defaults.
    public init() {}

    /// What a lab's target is by default: its ids begin at 5001.
    public static var target: LabOptions {
        var options = LabOptions()
        options.firstID = 5001
        return options
    }

    /// How addresses of the server name it.
    var name: String { host ?? Self.loopback }
    /// The address on which its sockets listen.
    var listeningAddress: String { host == nil ? Self.loopback : "0.0.0.0" }
    private static let loopback = "127.0.0.1"

    /// What a restricted level is refused with.
    func restrictionText(_ visibility: Visibility) -> String {
        "\(visibility.rawValue) has been restricted by your GitLab administrator"
    }
}
