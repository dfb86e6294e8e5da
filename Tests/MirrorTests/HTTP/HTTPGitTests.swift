import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Whom the token is shown to, and what becomes of what GitLab says over HTTP.
    @Suite struct HTTPGitTests {
        private func withApp(_ body: (SyncFixture) async throws -> Void) async throws {
            try await SyncFixture.$transport.withValue(.https) {
                try await SyncFixture.with { fixture in
                    try fixture.source.createProject("acme/app")
                    try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                    try await body(fixture)
                }
            }
        }

        private func refs(_ url: String, token: String) async throws -> RefListing {
            try await listing(of: url, token: token, RetryPolicy(maximumAttempts: 1))
        }

        @Test func nothingGoesOverSSH() async throws {
            try await withApp { fixture in
                let report = try await fixture.run()

                #expect(report.isEqual)
                let sessions = fixture.source.gitSessions + fixture.target.gitSessions
                #expect(!sessions.isEmpty)
                #expect(sessions.allSatisfy { $0.carrier == .http })
            }
        }

        @Test func aURLOfAnotherServerDoesNotGetTheToken() async throws {
            try await withApp { fixture in
                let stranger = try Listener()
                try fixture.source.update(
                    "acme/app",
                    rawMembers: [
                        "http_url_to_repo": .string("http://127.0.0.1:\(stranger.port)/acme/app.git")
                    ]
                )

                let report = try #require(try await fixture.run().report("acme/app"))

                #expect(report.failure?.code == "other-server")
                #expect(report.failure?.hint.contains("--transport ssh") == true)
                #expect(fixture.target.projects.isEmpty)
                #expect(stranger.acceptedCount == 0)
            }
        }

        @Test func aPushURLByHandGetsTheToken() async throws {
            try await withApp { fixture in
                fixture.target.createGroup("acme")
                try fixture.target.createProject("acme/app")
                try fixture.target.update(
                    "acme/app",
                    rawMembers: ["http_url_to_repo": "http://127.0.0.1:1/x.git"]
                )
                var settings = fixture.settings()
                settings.pushBase = PushBase(fixture.target.url.absoluteString)

                #expect(try await fixture.run(settings).isEqual)

                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aRedirectToAnotherServerIsNotFollowed() async throws {
            let stranger = try Listener()
            let answer =
                "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1:\(stranger.port)/g/p.git/info/refs"
                + "?service=git-upload-pack\r\nContent-Length: 0\r\n\r\n"
            let proxy = try FaultProxy(to: 1, fault: .answer(answer))

            let error = await #expect(throws: ConnectionError.self) {
                try await refs("http://127.0.0.1:\(proxy.port)/g/p.git", token: "glpat-secret-secret")
            }

            #expect(error?.code == .redirected)
            #expect(error?.message.contains("127.0.0.1:\(stranger.port)") == true)
            #expect(stranger.acceptedCount == 0)
        }

        @Test func aRedirectOnTheSameServerIsFollowedForRefsAndPack() async throws {
            try await withApp { fixture in
                let url = try HTTPRepositoryURL("\(fixture.source.url)/acme/app")
                let credential = HTTPCredential(Secret(fixture.source.readToken), for: url.origin)
                let transport = HTTPGitTransport()
                let remote = GitRemote(HTTPRepository(url: url, credential: credential, transport: transport))
                let folder = try TemporaryFolder()
                try FaultBench.git("init", "-q", "--bare", folder.file("m.git"))
                let mirror = try await Repository.open(bareAt: folder.file("m.git"))

                let result = try await mirror.fetch(
                    from: remote,
                    archive: ArchiveFolder(time: Date()),
                    where: { _ in true }
                )

                await transport.shutdown()
                #expect(result.refs.count == 1)
            }
        }

        @Test func aServerThatRepeatsTheTokenIsNotRepeated() async throws {
            let token = "glpat-secret-secret"
            let encoded = Data("oauth2:\(token)".utf8).base64EncodedString()
            let body = "no entry for \(token) and \(encoded)"
            let answer =
                "HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            let proxy = try FaultProxy(to: 1, fault: .answer(answer))

            let error = await #expect(throws: GitError.self) {
                try await refs("http://127.0.0.1:\(proxy.port)/g/p.git", token: token)
            }

            #expect(error?.message == "no entry for *** and ***")
        }

        @Test(arguments: [
            ("A repository for this project does not exist yet.", "git-refused"),
            ("You are not allowed to push code to this project.", "git-refused"),
            ("The repository is temporarily read-only. Please try again later.", "repository-read-only"),
        ])
        func refusalsAreTheSameAsOverSSH(words: String, code: String) async throws {
            try await withApp { fixture in
                #expect(try await fixture.run().isEqual)
                try fixture.target.breakRepository(of: "acme/app", message: words)

                let failure = try await fixture.run().report("acme/app")?.failure
                var settings = fixture.settings()
                settings.transport = .ssh
                let failureOverSSH = try await fixture.run(settings).report("acme/app")?.failure

                #expect(failure?.code == code)
                #expect(failure?.message == words)
                #expect(failure == failureOverSSH)
            }
        }

        /// A web server before GitLab refuses a large body by its first bytes.
        @Test func aRefusalBeforeTheEndOfAnUploadIsRead() async throws {
            try await HTTPFaultBench.with { bench in
                bench.server.inject(
                    LabFault(.status(413, "<html>Request Entity Too Large</html>"), times: nil) {
                        $0.method == "POST"
                    }
                )
                let attempt = try HTTPAttempt(bench, .none, progressLimit: .seconds(60))

                let error = await #expect(throws: GitError.self) { try await attempt.run(.push) }
                await attempt.end()

                #expect(error?.code == .closedByServer)
                #expect(error?.message == "Request Entity Too Large")
            }
        }

        @Test(arguments: FaultBench.Operation.allCases)
        func aCancelledTaskEndsAtOnce(operation: FaultBench.Operation) async throws {
            try await HTTPFaultBench.with { bench in
                // No limit would end it.
                let attempt = try HTTPAttempt(
                    bench,
                    .stall(after: operation.middle),
                    progressLimit: .seconds(600)
                )
                let task = Task { try await attempt.run(operation) }
                while attempt.proxy.stalledCount == 0 { try await Task.sleep(for: .milliseconds(5)) }
                task.cancel()

                let result = await task.result
                await attempt.end()

                #expect(throws: CancellationError.self) { try result.get() }
            }
        }

        @Test func aTokenThatMayNotPushIsNamed() async throws {
            try await withApp { fixture in
                _ = try await fixture.run()
                let reader = fixture.target.addToken(scopes: ["read_api"])
                let url = "\(fixture.target.url)/acme/app.git"
                let listing = try await refs(url, token: reader)
                #expect(listing.refs.count == 1)
                let other = fixture.target.addToken(scopes: ["read_registry"])

                let error = await #expect(throws: GitError.self) { try await refs(url, token: other) }

                #expect(error?.message == "You are not allowed to download code.")
            }
        }

        @Test func aRateLimitOfGitIsWaitedFor() async throws {
            try await withApp { fixture in
                fixture.source.inject(
                    LabFault(.rateLimitedWithRetryAfter(seconds: 30), times: 2) {
                        $0.path.hasSuffix("info/refs")
                    }
                )

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(fixture.notedPauses == [.seconds(30), .seconds(30)])
            }
        }

        @Test func theGitProgramUsesTheLabToo() async throws {
            try await withApp { fixture in
                let git = LabGit(home: fixture.lab.directory)
                let port = try #require(fixture.source.url.port)
                let place = "http://robot:\(fixture.source.apiToken)@127.0.0.1:\(port)/acme/app.git"
                let work = fixture.lab.directory.appending(path: "clone")
                try await git.run(["clone", "-q", place, work.path])
                try await git.run(["commit", "-q", "--allow-empty", "-m", "more"], in: work)
                try await git.run(["push", "-q", "origin", "HEAD:main"], in: work)

                let head = try await git.run(["rev-parse", "HEAD"], in: work).text
                #expect(try await fixture.source.refs(of: "acme/app")["refs/heads/main"] == head)
                #expect(fixture.source.gitSessions.last?.updates.count == 1)
            }
        }

        @Test func onlyURLsOfRepositoriesAreTaken() {
            for text in [
                "https://host", "https://host/", "ftp://host/a/b.git",
                "https://user:secret-word@host/a/b.git",
                "https://host/a//b.git", "https://host/../b.git", "https://host/a/b.git?x=1",
                "https:///a/b.git",
                "git@host:a/b.git", "https://host/a b.git", "https://host/a/b.git\r\nX: y",
            ] {
                let error = #expect(throws: ConnectionError.self, "\(text)") { try HTTPRepositoryURL(text) }
                #expect(error?.code == .invalidURL)
                #expect(error?.message.contains("secret-word") == false)
            }
            #expect(throws: Never.self) { try HTTPRepositoryURL("https://host:8443/gitlab/a/b.wiki.git") }
        }
    }
}

/// A port that counts who connects, and says nothing.
final class Listener: Sendable {
    private let proxy: FaultProxy

    init() throws { proxy = try FaultProxy(to: 1, fault: .silent) }

    var port: Int { proxy.port }
    var acceptedCount: Int { proxy.acceptedCount }
}
