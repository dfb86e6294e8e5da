import Foundation

/// Looks at the API of one server and at its token.
struct ServerExamination: Sendable {
    /// What came of it.
    struct Result: Sendable {
        var findings: [DoctorFinding] = []
        /// The token's user, where the server tells.
        var account: GitLabAccount?
        /// Whether it makes sense to ask further.
        var isUsable = false
    }

    /// Clocks may differ by so many seconds without a word.
    private static let toleratedSkew = 60.0
    /// So many days before a token ends, it is time to think of the next one.
    static let daysOfNotice = 30

    let client: GitLabClient
    private let area: DoctorFinding.Area
    private let url: URL
    private let watch: HeaderWatch
    private let now: @Sendable () -> Date

    init(_ doctor: Doctor, _ area: DoctorFinding.Area) {
        let server = area == .source ? doctor.settings.source : doctor.settings.target
        self.area = area
        url = server.url
        now = doctor.now
        watch = HeaderWatch(doctor.transport, now: doctor.now)
        client = GitLabClient(url: server.url, token: server.token, transport: watch, retry: doctor.retry)
    }

    private var scopes: [String] { area == .source ? ["read_api", "api"] : ["api"] }

    func run() async throws -> Result {
        var result = Result()
        result.findings.append(encryption)
        do {
            let version = try await client.version()
            result.findings.append(.ok(area, "server", "\(client.server) is GitLab \(version.version)"))
        } catch let error as GitLabError where Self.concernsToken(error) {
            result.findings.append(.ok(area, "server", "\(client.server) answers as a GitLab"))
            result.findings.append(.error(area, "token", describing: error))
            return result
        } catch let error as GitLabError {
            result.findings.append(.error(area, "server", describing: error))
            return result
        }
        result.isUsable = true
        result.findings += try await token()
        do {
            result.account = try await client.account()
        } catch let error as GitLabError {
            result.findings.append(
                .warning(
                    area,
                    "token-user",
                    "whose token it is cannot be seen: \(error)",
                    fix: SyncFailure(describing: error).hint
                )
            )
        }
        if let account = result.account {
            result.findings.append(.ok(area, "token-user", "the token belongs to @\(account.username)"))
        }
        return result
    }

    /// What the headers of all answers told; asked for when there will be no more.
    func lastLook() -> [DoctorFinding] {
        [clock, rateLimit].compactMap(\.self)
    }

    private static func concernsToken(_ error: GitLabError) -> Bool {
        [.unauthorized, .insufficientScope, .forbidden].contains(error.code)
    }

    private var encryption: DoctorFinding {
        if url.scheme?.lowercased() == "https" {
            return .ok(area, "https", "requests are encrypted")
        }
        let host = url.host() ?? ""
        if ["localhost", "127.0.0.1", "::1", "[::1]"].contains(host) {
            return .ok(area, "https", "requests are not encrypted, and do not leave this machine")
        }
        return .warning(
            area,
            "https",
            "\(client.server) is http: the token travels in clear, and a redirect to https ends every write",
            fix: "use https://\(host)"
        )
    }

    private func token() async throws -> [DoctorFinding] {
        let token: GitLabToken?
        do {
            token = try await client.token()
        } catch let error as GitLabError {
            return [.error(area, "token", describing: error)]
        }
        guard let token else {
            return [
                .warning(
                    area,
                    "token",
                    "the server does not tell what the token may do: it is older than GitLab 15.5, or the token is of another kind",
                    fix: "check by hand that the token has the scope \(scopes[0]) and when it ends"
                )
            ]
        }
        guard token.active != false else {
            return [
                .error(
                    area,
                    "token",
                    "the token is not active: it was revoked or has expired",
                    fix: "create a new token and set it",
                    cause: .credentials
                )
            ]
        }
        return [.ok(area, "token", "the token is active"), scope(of: token), expiry(of: token)]
    }

    private func scope(of token: GitLabToken) -> DoctorFinding {
        let list = token.scopes.joined(separator: ", ").escapedForDisplay
        guard scopes.contains(where: token.scopes.contains) else {
            return .error(
                area,
                "token-scope",
                "the token has the scopes [\(list)] and needs \(scopes[0])",
                fix: "create a token with the scope \(scopes[0]) and set it",
                cause: .credentials
            )
        }
        return .ok(area, "token-scope", "the token has the scopes [\(list)]")
    }

    /// A token is valid until the day of its end begins, by the clock of Greenwich.
    private func expiry(of token: GitLabToken) -> DoctorFinding {
        guard let text = token.expiresAt else { return .ok(area, "token-expiry", "the token has no end") }
        let day = text.escapedForDisplay
        guard let end = try? Date(text, strategy: .iso8601.year().month().day()) else {
            return .warning(
                area,
                "token-expiry",
                "the server says that the token ends on '\(day)', which is no date",
                fix: "look up in GitLab when the token ends"
            )
        }
        let days = Int((end.timeIntervalSince(now()) / 86_400).rounded(.down))
        guard days >= 0 else {
            return .error(
                area,
                "token-expiry",
                "the token ended when \(day) began (UTC)",
                fix: "create a new token and set it",
                cause: .credentials
            )
        }
        guard days > Self.daysOfNotice else {
            return .warning(
                area,
                "token-expiry",
                "the token ends when \(day) begins (UTC), in \(days) days",
                fix: "create the next token before, and set it"
            )
        }
        return .ok(area, "token-expiry", "the token ends when \(day) begins (UTC), in \(days) days")
    }

    private var clock: DoctorFinding? {
        guard let skew = watch.clockSkew else { return nil }
        guard abs(skew) > Self.toleratedSkew else {
            return .ok(area, "clock", "the server's clock and ours agree")
        }
        let side = skew > 0 ? "ahead of" : "behind"
        return .warning(
            area,
            "clock",
            "the server's clock is \(Int(abs(skew))) seconds \(side) this machine's",
            fix: "set the clocks by NTP: certificates, tokens and signed addresses are judged by them"
        )
    }

    private var rateLimit: DoctorFinding? {
        guard let limit = watch.rateLimit else {
            return watch.clockSkew == nil
                ? nil : .ok(area, "rate-limit", "the server announces no limit of requests")
        }
        let text =
            "\(limit.name.escapedForDisplay): \(limit.remaining) of \(limit.limit) requests a minute are left"
        guard limit.remaining * 10 < limit.limit else { return .ok(area, "rate-limit", text) }
        return .warning(
            area,
            "rate-limit",
            text,
            fix: "lower --jobs, use a token of a user of its own, or ask the administrator to raise the limit"
        )
    }
}
