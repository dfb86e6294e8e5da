public import Foundation

/// Tells others how runs begin and end.
///
/// What each channel was told stands in the state database. Whatever goes wrong here is a warning for the run's log, and the next run
/// tells what this one could not.
public struct Notifier: Sendable {
    private let settings: NotifySettings
    private let stateDirectory: URL
    private let redact: @Sendable (String) -> String

    /// A notifier of the runs over one state directory.
    ///
    /// - Parameters:
    ///   - settings: Who is told.
    ///   - stateDirectory: Where the state of the runs lies.
    ///   - redact: Takes secrets out of a text: servers may repeat them in their messages.
    public init(
        _ settings: NotifySettings,
        stateDirectory: URL,
        redact: @escaping @Sendable (String) -> String
    ) {
        self.settings = settings
        self.stateDirectory = stateDirectory
        self.redact = redact
    }

    /// Whether a run holds the state directory, so that another one would end at once.
    ///
    /// For the time before a run of one's own: it takes the lock for an instant.
    public var isRunUnderWay: Bool { RunLock.holder(in: stateDirectory) != nil }

    /// Says that a run begins.
    ///
    /// - Returns: What went wrong.
    public func begin() async -> [SyncFailure] {
        guard let ping = settings.ping else { return [] }
        return await withPost { await send("", to: ping, "start", with: $0) }
    }

    /// Says how a run ended.
    ///
    /// - Parameters:
    ///   - news: What it has to tell.
    ///   - log: The last lines of its log, for whoever gets pings.
    ///   - now: The present time.
    /// - Returns: What went wrong.
    public func end(_ news: RunNews, log: String, at now: Date = Date()) async -> [SyncFailure] {
        await withPost { post in
            async let webhook = tellWebhook(news, post, at: now)
            async let mail = tellByMail(news, at: now)
            async let ping = ping(news, log, post)
            return await webhook + mail + ping
        }
    }

    private func withPost(_ work: (NotifyPost) async -> [SyncFailure]) async -> [SyncFailure] {
        let transport = AsyncHTTPTransport(timeout: settings.timeout, network: settings.network)
        var failures = await work(NotifyPost(transport: transport, timeout: settings.timeout))
        do {
            try await transport.shutdown()
        } catch {
            failures.append(failure("the connections were not closed: \(error)", "the next run tries again"))
        }
        return failures
    }

    private func ping(_ news: RunNews, _ log: String, _ post: NotifyPost) async -> [SyncFailure] {
        guard let ping = settings.ping else { return [] }
        return await send(redact(log), to: ping, news.exitCode == 0 ? "" : "fail", with: post)
    }

    private func send(_ text: String, to ping: NotifyURL, _ component: String, with post: NotifyPost) async
        -> [SyncFailure]
    {
        await warning("the ping", to: "\(ping)", hint: "check GITLAB_SYNC_PING_URL and the network") {
            try await post.send(
                Data(text.utf8),
                to: ping.appending(component),
                type: "text/plain; charset=utf-8"
            )
        }
    }

    private func tellWebhook(_ news: RunNews, _ post: NotifyPost, at now: Date) async -> [SyncFailure] {
        guard let webhook = settings.webhook else { return [] }
        return await tell("webhook \(ShortDigest.of(webhook.url.absoluteString))", news, at: now) { message in
            await warning("the message", to: "\(webhook)", hint: "check the webhook's URL and its receiver") {
                let body = try message.json()
                var headers = [(name: "X-Gitlab-Sync-Event", value: message.event.rawValue)]
                if let secret = settings.secret {
                    headers.append(
                        (
                            name: NotifyPost.signatureHeader,
                            value: NotifyPost.signature(of: body, with: secret)
                        )
                    )
                }
                try await post.send(
                    body,
                    to: webhook.appending(""),
                    type: "application/json",
                    headers: headers
                )
            }
        }
    }

    private func tellByMail(_ news: RunNews, at now: Date) async -> [SyncFailure] {
        guard !settings.mail.isEmpty else { return [] }
        let readers = settings.mail.joined(separator: ",")
        let sendmail = Sendmail(
            recipients: settings.mail,
            folders: settings.sendmailFolders,
            timeout: settings.mailTimeout
        )
        return await tell("mail \(ShortDigest.of(readers))", news, at: now) { message in
            await warning("the mail", to: readers, hint: "check that sendmail works on this machine") {
                try await sendmail.send(subject: message.subject, text: message.text)
            }
        }
    }

    /// Decides, tells and remembers.
    ///
    /// A state that cannot be read is a reason to tell more, not less.
    private func tell(
        _ channel: String,
        _ news: RunNews,
        at now: Date,
        _ send: (Message) async -> [SyncFailure]
    ) async -> [SyncFailure] {
        var failures: [SyncFailure] = []
        var told = ToldState()
        var outcomes: [RepositoryOutcome] = []
        var database: StateDatabase?
        do {
            let opened = try StateDatabase.beside(stateDirectory)
            told = try await opened.told(channel)
            outcomes = try await opened.outcomes()
            database = opened
        } catch {
            failures.append(
                failure(
                    "what was told before is not known, and may be told again: \("\(error)".escapedForDisplay)",
                    "check the state directory"
                )
            )
        }
        let decision = NewsDecision(
            RunProblem.all(outcomes, news),
            told: told,
            scope: news.scope,
            isComplete: news.report != nil,
            now: now
        )
        if let message = Message(decision, news, at: now, redact: redact) {
            let problems = await send(message)
            // What did not arrive was not told.
            if !problems.isEmpty { return failures + problems }
        }
        guard let database, decision.next != told else { return failures }
        do {
            try await database.remember(decision.next, toldTo: channel)
        } catch {
            failures.append(
                failure(
                    "what was told cannot be noted, and may be told again: \("\(error)".escapedForDisplay)",
                    "check the state directory"
                )
            )
        }
        return failures
    }

    /// Turns what goes wrong into a warning.
    private func warning(
        _ what: String,
        to receiver: String,
        hint: String,
        _ send: () async throws -> Void
    ) async -> [SyncFailure] {
        let reason: String
        do {
            try await send()
            return []
        } catch let error as NotifyPost.Failure {
            reason = error.reason
        } catch let error as Sendmail.Failure {
            reason = error.reason
        } catch is CancellationError {
            reason = "the run was stopped"
        } catch {
            reason = "\(error)"
        }
        return [
            failure(
                "\(what) to \(receiver.escapedForDisplay) did not arrive: \(reason.escapedForDisplay)",
                hint
            )
        ]
    }

    private func failure(_ message: String, _ hint: String) -> SyncFailure {
        SyncFailure(code: "notification", message: redact(message), hint: hint)
    }
}
