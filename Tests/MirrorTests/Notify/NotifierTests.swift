import Foundation
import Lab
import Testing

@testable import Mirror

/// Messages as a real receiver and a real program get them.
@Suite(.timeLimit(.minutes(10)))
struct NotifierTests {
    private static let secret = "a secret of the webhook's"
    private let folder: TemporaryFolder
    private let database: StateDatabase
    private let pair = ServerPair(source: "https://source.example", target: "https://target.example")
    private let start = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws {
        folder = try TemporaryFolder()
        database = try StateDatabase.open(in: URL(filePath: folder.path, directoryHint: .isDirectory))
    }

    private var stateDirectory: URL { URL(filePath: folder.path, directoryHint: .isDirectory) }

    private func note(failing names: [String], well: [String] = [], code: String = "git-refused") async throws
    {
        let outcomes = (names + well).enumerated().map { index, name in
            let isFailing = index < names.count
            return RepositoryOutcome(
                sourceID: name.hashValue,
                kind: "project",
                sourcePath: name,
                targetPath: name,
                status: isFailing ? "failed" : "synced",
                code: isFailing ? code : nil,
                message: isFailing ? "the server says no to glpat-hidden" : nil,
                hint: isFailing ? "ask it" : nil,
                rejected: 0,
                seconds: 1,
                seen: start,
                success: nil
            )
        }
        try await database.note(outcomes, of: pair) { _ in true }
    }

    private func news(_ exitCode: Int = 1, findings: [GuardFinding] = []) -> RunNews {
        var news = RunNews(
            result: exitCode == 0 ? "equal" : "different",
            exitCode: exitCode,
            started: start
        )
        news.source = pair.source
        news.target = pair.target
        news.shard = "2/4"
        news.report = RunReport(projects: [], failures: [], findings: findings)
        return news
    }

    private func notifier(_ change: (inout NotifySettings) -> Void) -> Notifier {
        var settings = NotifySettings()
        settings.timeout = .seconds(20)
        change(&settings)
        return Notifier(settings, stateDirectory: stateDirectory) {
            $0.replacing("glpat-hidden", with: "***")
        }
    }

    private func webhook(_ receiver: LabReceiver) -> Notifier {
        notifier {
            $0.webhook = NotifyURL(receiver.url("/hooks/T0KEN?key=1"))
            $0.secret = Secret(Self.secret)
        }
    }

    private var finding: GuardFinding {
        let copy = KnownCopy(sourceID: 1, sourcePath: "gone", targetID: 2, targetPath: "gone")
        return GuardFinding(groupsMissing: [copy], command: "gitlab-sync sync")
    }

    /// openssl is the judge.
    private func expectSigned(_ delivery: LabReceiver.Delivery) throws {
        let body = folder.file("body")
        try delivery.body.write(to: URL(filePath: body))
        let judge = try Tool.run("openssl", "dgst", "-sha256", "-hmac", Self.secret, "-hex", body)
        let digest = judge.output.split { $0.isWhitespace }.last.map(String.init)
        #expect(judge.status == 0)
        #expect(delivery.headers["x-gitlab-sync-signature-256"] == digest.map { "sha256=\($0)" })
    }

    @Test func eachKindOfEventComesOnceAndSigned() async throws {
        try await LabReceiver.with { receiver in
            let notifier = webhook(receiver)
            for _ in 0..<3 {
                try await note(failing: ["a/p"])
                #expect(await notifier.end(news(), log: "", at: start) == [])
            }
            for _ in 0..<3 {
                try await note(failing: [], well: ["a/p"])
                #expect(await notifier.end(news(0), log: "", at: start) == [])
            }
            for _ in 0..<3 {
                #expect(await notifier.end(news(3, findings: [finding]), log: "", at: start) == [])
            }
            for _ in 0..<3 { #expect(await notifier.end(news(0), log: "", at: start) == []) }

            let events = receiver.deliveries.map { $0.json("event")?.text }
            #expect(events == ["failure", "recovery", "guard", "recovery"])
            for delivery in receiver.deliveries {
                #expect(delivery.method == "POST")
                #expect(delivery.path == "/hooks/T0KEN?key=1")
                #expect(delivery.headers["content-type"] == "application/json")
                #expect(delivery.headers["x-gitlab-sync-event"] == delivery.json("event")?.text)
                try expectSigned(delivery)
            }
            let failure = receiver.deliveries[0]
            #expect(failure.json("version")?.integer == 1)
            #expect(failure.json("shard")?.text == "2/4")
            #expect(failure.json("source")?.text == pair.source)
            #expect(failure.json("run", "exitCode")?.integer == 1)
            #expect(failure.json("failures", "count")?.integer == 1)
            let first = failure.json("failures", "first")?.elements?.first
            #expect(first?["name"]?.text == "a/p")
            #expect(first?["code"]?.text == "git-refused")
            #expect(first?["message"]?.text == "the server says no to ***")
            #expect(receiver.deliveries[1].json("recovered", "first")?.elements?.first?.text == "a/p")
            let held = receiver.deliveries[2].json("guards", "first")?.elements?.first
            #expect(held?["id"]?.text == finding.id)
            #expect(held?["approve"]?.text == finding.approval)
        }
    }

    @Test func manyFailuresAreOneMessage() async throws {
        try await LabReceiver.with { receiver in
            let notifier = webhook(receiver)
            let names = (100..<600).map { "a/p\($0)" }
            for _ in 0..<2 {
                try await note(failing: names)
                #expect(await notifier.end(news(), log: "", at: start) == [])
            }

            #expect(receiver.deliveries.count == 1)
            let message = try #require(receiver.deliveries.first)
            #expect(message.json("failures", "count")?.integer == 500)
            #expect(message.json("new")?.integer == 500)
            #expect(message.json("failures", "first")?.elements?.count == 20)
            #expect(message.json("text")?.text == "gitlab-sync failure [shard 2/4]: 500 failing, 500 new")
            #expect(message.body.count < 10_000)
        }
    }

    @Test func aMessageThatDidNotArriveIsToldByTheNextRun() async throws {
        try await LabReceiver.with { receiver in
            let notifier = webhook(receiver)
            try await note(failing: ["a/p"])
            receiver.answer(404)
            let failures = await notifier.end(news(), log: "", at: start)
            #expect(failures.map(\.code) == ["notification"])
            #expect(failures.first?.message.contains("it answers 404") == true)
            // The address holds a key: only the server is named.
            #expect(failures.first?.message.contains("T0KEN") == false)
            receiver.answer(500, 200)
            #expect(await notifier.end(news(), log: "", at: start) == [])
            #expect(await notifier.end(news(), log: "", at: start) == [])
            #expect(receiver.deliveries.count == 3)
        }
    }

    @Test func aReceiverThatIsSilentOrGoneEndsInTime() async throws {
        try await LabReceiver.with { receiver in
            receiver.beSilent()
            try await note(failing: ["a/p"])
            let notifier = notifier {
                $0.webhook = NotifyURL(receiver.url("/hook"))
                $0.ping = NotifyURL("http://127.0.0.1:1/ping")
                $0.timeout = .milliseconds(200)
            }
            let failures = await notifier.end(news(), log: "", at: start)
            #expect(failures.count == 2)
            #expect(failures.contains { $0.message.contains("http://127.0.0.1:1") })
        }
    }

    @Test func withoutASecretThereIsNoSignature() async throws {
        try await LabReceiver.with { receiver in
            try await note(failing: ["a/p"])
            let notifier = notifier { $0.webhook = NotifyURL(receiver.url("/hook")) }
            #expect(await notifier.end(news(), log: "", at: start) == [])
            #expect(receiver.deliveries.count == 1)
            #expect(receiver.deliveries.first?.headers["x-gitlab-sync-signature-256"] == nil)
        }
    }

    @Test func aStateThatCannotBeReadIsNoReasonToBeSilent() async throws {
        try await LabReceiver.with { receiver in
            var settings = NotifySettings()
            settings.webhook = NotifyURL(receiver.url("/hook"))
            let nowhere = stateDirectory.appending(component: "nowhere")
            let notifier = Notifier(settings, stateDirectory: nowhere) { $0 }
            var news = news(69)
            news.report = nil
            news.failure = SyncFailure(code: "unreachable", message: "no route", hint: "look")
            let failures = await notifier.end(news, log: "", at: start)
            #expect(failures.map(\.code) == ["notification"])
            #expect(
                receiver.deliveries.first?.json("failures", "first")?.elements?.first?["code"]?.text
                    == "unreachable"
            )
            #expect(!FileManager.default.fileExists(atPath: nowhere.path))
        }
    }

    @Test(arguments: [
        (0, "/ping/uuid"), (1, "/ping/uuid/fail"), (3, "/ping/uuid/fail"), (69, "/ping/uuid/fail"),
    ])
    func pingsSayHowARunBeginsAndEnds(exitCode: Int, path: String) async throws {
        try await LabReceiver.with { receiver in
            let notifier = notifier { $0.ping = NotifyURL(receiver.url("/ping/uuid")) }
            #expect(await notifier.begin() == [])
            #expect(await notifier.end(news(exitCode), log: "last words of glpat-hidden\n", at: start) == [])

            #expect(receiver.deliveries.map(\.path) == ["/ping/uuid/start", path])
            #expect(receiver.deliveries.map(\.method) == ["POST", "POST"])
            #expect(receiver.deliveries.map(\.text) == ["", "last words of ***\n"])
        }
    }

    @Test func aRunUnderWayIsSeen() throws {
        let notifier = notifier { $0.ping = NotifyURL("http://127.0.0.1:1/ping") }
        #expect(!notifier.isRunUnderWay)
        let lock = try RunLock(in: stateDirectory)
        #expect(notifier.isRunUnderWay)
        _ = consume lock
    }

    @Test func aMailGoesThroughSendmail() async throws {
        try folder.write(
            program: "#!/bin/sh\n{ echo \"args: $*\"; cat; echo END; } >>'\(folder.file("mails"))'\n",
            to: "sendmail"
        )
        let notifier = notifier {
            $0.mail = ["admin@example.com", "other@example.com"]
            $0.sendmailFolders = ["/nonexistent", folder.path]
        }
        try await note(failing: ["a/p", "b\nBcc: evil@example.com"])
        for _ in 0..<2 { #expect(await notifier.end(news(), log: "", at: start) == []) }

        let lines = try folder.read("mails").split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "args: -i -- admin@example.com other@example.com")
        #expect(lines.contains("To: admin@example.com, other@example.com"))
        #expect(lines.contains("Subject: gitlab-sync failure [shard 2/4]: 2 failing, 2 new"))
        #expect(lines.contains("Auto-Submitted: auto-generated"))
        #expect(lines.contains("! a/p git-refused: the server says no to ***"))
        #expect(!lines.contains { $0.hasPrefix("Bcc:") })
        #expect(lines.count { $0 == "END" } == 1)
    }

    @Test func aSendmailThatFailsOrHangsOrIsMissingIsAWarning() async throws {
        try await note(failing: ["a/p"])
        let missing = await notifier {
            $0.mail = ["a@b"]
            $0.sendmailFolders = ["/nonexistent"]
        }.end(news(), log: "", at: start)
        #expect(missing.first?.message.contains("there is no sendmail in /nonexistent") == true)

        for (script, words) in [
            ("echo 'queue is full' >&2; exit 75", "ends with 75: queue is full"),
            ("sleep 600", "did not end within"),
        ] {
            try folder.write(program: "#!/bin/sh\n\(script)\n", to: "sendmail")
            let failures = await notifier {
                $0.mail = ["a@b"]
                $0.sendmailFolders = [folder.path]
                $0.mailTimeout = script.hasPrefix("sleep") ? .milliseconds(300) : .seconds(60)
            }.end(news(), log: "", at: start)
            #expect(failures.first?.message.contains(words) == true, "\(failures)")
        }
    }

    @Test func addressesOfReceiversPrintWithoutTheirPaths() throws {
        let url = try #require(NotifyURL("https://hooks.example/services/T0KEN?x=1"))
        #expect("\(url)" == "https://hooks.example")
        #expect(url.secret.reveal() == "/services/T0KEN?x=1")
        for text in ["", "hooks.example", "ftp://a/b", "https://user:word@a/b", "https://"] {
            #expect(NotifyURL(text) == nil, "\(text)")
        }
    }
}
