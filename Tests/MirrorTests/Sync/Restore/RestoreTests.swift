import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// The bad day: the source is gone.
    @Suite struct RestoreTests {
        @Test func theSourceIsGoneAndAThirdGitLabHasEverythingBack() async throws {
            try await RestoreFixture.with { world in
                let fixture = world.fixture
                let sample = try await SampleWorld.build(on: fixture.source)
                #expect(try await fixture.run().isEqual)
                await fixture.source.stop()
                let files = try fixture.stateFiles()
                fixture.target.clearJournal()

                let report = try await world.restore()

                #expect(report.isEqual, "\(report.projects.compactMap(\.failure)) \(report.failures)")
                for path in sample.projects
                where path.hasPrefix("acme/") && !sample.emptyProjects.contains(path) {
                    let place = path.replacing("acme/", with: "rescue/")
                    try await world.expectRestored(path, at: place)
                    let head = try fixture.source.head(of: path)
                    #expect(try world.third.head(of: place) == head, "\(path)")
                    let branch = try #require(head).dropFirst("refs/heads/".count)
                    #expect(try world.third.project(place).defaultBranch == String(branch), "\(path)")
                }
                for path in sample.wikis {
                    try await world.expectRestored(
                        path,
                        at: path.replacing("acme/", with: "rescue/"),
                        wiki: true
                    )
                }
                // Of the empty project and group only the database knew.
                #expect(report.report("acme/brand-new")?.status == .empty)
                #expect(try world.third.project("rescue/brand-new").visibility == .private)
                #expect(try world.third.group("rescue/empty-group").visibility == .private)
                #expect(world.third.projects.allSatisfy { $0.pipelines == 0 && !$0.buildsEnabled })
                // Nothing but the third server was touched.
                #expect(try fixture.stateFiles() == files)
                #expect(fixture.target.requests.isEmpty && fixture.target.gitSessions.isEmpty)

                world.third.clearJournal()
                let again = try await world.restore()
                #expect(again.projects.allSatisfy { $0.status == .unchanged || $0.status == .empty })
                #expect(world.pushes.isEmpty)
                #expect(world.third.requests.allSatisfy { $0.method == "GET" })
            }
        }

        /// Two projects and a wiki, copied.
        private func copied(_ body: (RestoreFixture) async throws -> Void) async throws {
            try await RestoreFixture.with { world in
                let source = world.fixture.source
                source.createGroup("acme/backend")
                for path in ["acme/app", "acme/backend/api"] {
                    try source.createProject(path)
                    try await source.commit(to: path, branch: "main", files: ["a": "\(path) 1\n"])
                    try await source.commit(to: path, branch: "dev", files: ["a": "\(path) 2\n"])
                    try await source.createTag("v1", of: path, message: "One")
                }
                try await source.editWiki(of: "acme/app", pages: ["intro": "one\n"], branch: "pages")
                #expect(try await world.fixture.run().isEqual)
                try await body(world)
            }
        }

        @Test func theMirrorsAreEnough() async throws {
            try await copied { world in
                for file in ["state.sqlite", "state.sqlite-wal", "state.sqlite-shm"] {
                    try? FileManager.default.removeItem(
                        at: world.fixture.stateDirectory.appending(component: file)
                    )
                }
                await world.fixture.source.stop()

                #expect(try await world.restore().isEqual)

                try await world.expectRestored("acme/app", at: "rescue/app")
                try await world.expectRestored("acme/app", at: "rescue/app", wiki: true)
                try await world.expectRestored("acme/backend/api", at: "rescue/backend/api")
            }
        }

        @Test func oneProjectOrOneGroupCanBeChosen() async throws {
            try await copied { world in
                let project = try await world.restore(into: "aa/bb") { $0.projects = ["acme/backend/API"] }
                #expect(project.isEqual)
                #expect(world.third.projects.map(\.fullPath) == ["aa/bb/backend/api"])

                let group = try await world.restore(into: "cc") { $0.groups = ["acme/backend"] }
                #expect(group.isEqual)
                #expect(Set(world.third.projects.map(\.fullPath)) == ["aa/bb/backend/api", "cc/api"])
                try await world.expectRestored("acme/backend/api", at: "cc/api")

                let absent = try await world.restore(into: "dd") { $0.projects = ["acme/nothing"] }
                #expect(absent.failures.map(\.code) == ["not-in-mirrors"])
                #expect(absent.failures.first?.message.contains("'acme/nothing'") == true)

                let without = try await world.restore(into: "ee") {
                    $0.projects = ["acme/app"]
                    $0.wikis = false
                }
                #expect(without.projects.map(\.kind) == [.project])
            }
        }

        @Test func whatIsThereAndElseIsNeverOverwritten() async throws {
            try await copied { world in
                world.third.createGroup("rescue")
                try world.third.createProject("rescue/app")
                let own = try await world.third.commit(to: "rescue/app", files: ["mine": "1\n"])
                try world.third.createProject("rescue/other")

                let report = try await world.restore()

                let failure = try #require(report.report("acme/app")?.failure)
                #expect(failure.code == "path-taken")
                #expect(failure.message.contains("'refs/heads/main'"))
                #expect(failure.hint.contains("another group"))
                #expect(try await world.refs(of: "rescue/app") == ["refs/heads/main": own])
                #expect(report.report("acme/backend/api")?.status == .synced)
                #expect(!report.isEqual)
            }
        }

        /// Killed between two pushes, and between the making of a wiki and its push.
        @Test func aRestoreThatWasStoppedGoesOn() async throws {
            try await copied { world in
                let third = world.third
                try await world.beginRestore(of: "acme/app", at: "rescue/app", with: "refs/heads/main")
                let transport = AsyncHTTPTransport(timeout: .seconds(20))
                let client = GitLabClient(url: third.url, token: Secret(third.apiToken), transport: transport)
                try await client.createWiki(ofProject: try third.project("rescue/app").id)
                try await transport.shutdown()

                #expect(try await world.restore().isEqual)

                try await world.expectRestored("acme/app", at: "rescue/app")
                try await world.expectRestored("acme/app", at: "rescue/app", wiki: true)

                // A page that somebody wrote is no placeholder.
                try await third.editWiki(of: "rescue/backend/api", pages: ["home": "mine\n"])
                try await world.fixture.source.editWiki(of: "acme/backend/api", pages: ["home": "ours\n"])
                #expect(try await world.fixture.run().isEqual)
                let report = try await world.restore()
                #expect(report.report("acme/backend/api", kind: .wiki)?.failure?.code == "path-taken")
            }
        }

        /// What came first made another branch the default one.
        @Test func aRestoreThatGoesOnSetsTheDefaultBranch() async throws {
            try await copied { world in
                let third = world.third
                try await world.beginRestore(of: "acme/app", at: "rescue/app", with: "refs/heads/dev")
                #expect(try third.project("rescue/app").defaultBranch == "dev")

                #expect(try await world.restore { $0.projects = ["acme/app"] }.isEqual)

                #expect(try third.project("rescue/app").defaultBranch == "main")
            }
        }

        @Test func aDryRunSaysWhatItWouldDoAndDoesNothing() async throws {
            try await copied { world in
                let engine = RestoreEngine(settings: world.settings())
                let preview = try await world.fixture.withTransport { transport in
                    try await engine.preview(into: "rescue", of: world.target, transport: transport)
                }

                #expect(preview.missingGroups == ["rescue", "rescue/backend"])
                let app = try #require(preview.report.report("acme/app"))
                #expect(app.changes.map(\.ref) == ["refs/heads/dev", "refs/heads/main", "refs/tags/v1"])
                #expect(app.target == "rescue/app")
                #expect(preview.report.report("acme/app", kind: .wiki)?.changes.count == 1)
                #expect(world.third.projects.isEmpty)
                #expect(world.third.requests.allSatisfy { $0.method == "GET" })

                #expect(try await world.restore().isEqual)
                let done = try await world.fixture.withTransport { transport in
                    try await engine.preview(into: "rescue", of: world.target, transport: transport)
                }
                #expect(done.missingGroups.isEmpty)
                #expect(done.report.isEqual)
            }
        }

        @Test func aRunThatIsUnderWayIsNotDisturbed() async throws {
            try await copied { world in
                let lock = try RunLock(in: world.fixture.stateDirectory)
                await #expect(throws: RunLock.Held.self) { try await world.restore() }
                #expect(world.third.requests.isEmpty)
                _ = consume lock
            }
        }

        @Test func theDrillProvesTheRestoreAndCleansUp() async throws {
            try await copied { world in
                let engine = RestoreEngine(settings: world.settings())
                let time = Date(timeIntervalSince1970: 1_764_000_000)
                let drill = {
                    try await world.fixture.withTransport { transport in
                        try await engine.drill(on: world.target, time: time, transport: transport)
                    }
                }
                let report = try await drill()

                #expect(report.isEqual)
                #expect(Set(report.projects.map(\.status)) == [.synced])
                #expect(
                    report.projects.map(\.target) == [
                        "restore-drill-20251124t160000z/acme/app", "restore-drill-20251124t160000z/acme/app",
                        "restore-drill-20251124t160000z/acme/backend/api",
                    ]
                )
                #expect(world.third.groups.allSatisfy { $0.markedForDeletionOn != nil || $0.parentID != nil })

                // A group that somebody else made is never the drill's.
                world.third.createGroup("restore-drill-20251124t160000z")
                let taken = await #expect(throws: SyncFailure.self) { _ = try await drill() }
                #expect(taken?.code == "path-taken")
                #expect(try world.third.group("restore-drill-20251124t160000z").markedForDeletionOn == nil)
            }
        }

        @Test func aDrillThatFailsSaysSoAndCleansUpToo() async throws {
            try await copied { world in
                let mirror = try world.fixture.mirror(of: "acme/app").appending(path: "objects/pack")
                for name in FolderWalk.files(in: mirror.path) where name.hasSuffix(".pack") {
                    let file = mirror.appending(component: name)
                    var bytes = try Data(contentsOf: file)
                    for index in 20..<60 { bytes[index] ^= 0x55 }
                    chmod(file.path, 0o600)
                    try bytes.write(to: file)
                }
                let engine = RestoreEngine(settings: world.settings())

                let report = try await world.fixture.withTransport { transport in
                    try await engine.drill(on: world.target, transport: transport)
                }

                #expect(!report.isEqual)
                #expect(report.report("acme/app")?.status == .failed)
                #expect(report.report("acme/backend/api")?.status == .synced)
                #expect(world.third.groups.allSatisfy { $0.markedForDeletionOn != nil || $0.parentID != nil })
            }
        }
    }
}
