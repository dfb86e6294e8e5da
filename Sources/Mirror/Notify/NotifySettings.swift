import Foundation

/// Who is told of what happens to runs, and how.
public struct NotifySettings: Sendable {
    /// Gets a JSON document by POST on failure, recovery and guard; nil for none.
    public var webhook: NotifyURL?

    /// Signs the webhook's documents; nil for no signature.
    public var secret: Secret?

    /// Gets a POST at the start and at the end of each run, in the way of healthchecks.io; nil for none.
    public var ping: NotifyURL?

    /// Get a mail on failure, recovery and guard, through `sendmail`.
    public var mail: [String] = []

    /// The folders in which `sendmail` is looked for.
    public var sendmailFolders = ["/usr/sbin", "/usr/lib", "/usr/bin"]

    /// Whom to trust, and through which proxy to go.
    public var network = HTTPNetwork()

    /// How long one message may take in all.
    public var timeout = Duration.seconds(10)

    /// How long a mail may take `sendmail`, which may speak to a server itself.
    public var mailTimeout = Duration.seconds(30)

    /// Nobody is told anything.
    public init() {}

    /// Whether nobody is told anything.
    public var isEmpty: Bool { webhook == nil && ping == nil && mail.isEmpty }

    /// What no output may hold: whoever knows the address of a webhook or a ping can write there.
    public var secrets: [Secret] {
        [secret].compactMap(\.self) + [webhook, ping].compactMap { $0?.secret }
    }
}

/// The address of a receiver, which is a secret: it prints without its path.
public struct NotifyURL: Hashable, Sendable {
    let url: URL
    let origin: HTTPOrigin

    /// An address; nil if it is no http or https URL with a host, or holds a user or a password.
    public init?(_ text: String) {
        guard let parts = URLComponents(string: text), parts.user == nil, parts.password == nil,
            let url = parts.url, let origin = HTTPOrigin(url)
        else { return nil }
        self.url = url
        self.origin = origin
    }

    /// Path and query, for whoever takes secrets out of texts.
    var secret: Secret {
        Secret(url.path(percentEncoded: true) + (url.query(percentEncoded: true).map { "?\($0)" } ?? ""))
    }

    /// The address with one more component in its path.
    func appending(_ component: String) -> String {
        component.isEmpty ? url.absoluteString : url.appending(component: component).absoluteString
    }
}

extension NotifyURL: CustomStringConvertible {
    /// The server alone.
    public var description: String { origin.description }
}
