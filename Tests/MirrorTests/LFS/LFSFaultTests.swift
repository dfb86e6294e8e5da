import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// LFS objects on their way, when something goes wrong.
    @Suite struct LFSFaultTests {
        @Test(arguments: [LFSMode.keep, .stream])
        func aBreakInTheMiddleOfAnUploadIsHealed(mode: LFSMode) async throws {
            // Whichever comes first, it is long enough to be cut.
            try await LFSProject.with(sizes: [70_000, 300_000, 20_000]) { project in
                project.fixture.target.inject(.lfs(.cutObject(afterBytes: 5000), method: "PUT"))

                #expect(try await project.run(mode).status == .synced)

                try await project.expectEqual()
                #expect(project.fixture.target.lfsRequests.count(of: "PUT") == 4)
            }
        }

        @Test(arguments: [true, false])
        func aBreakInTheMiddleOfADownloadIsGoneOnFrom(servesRanges: Bool) async throws {
            var options = LabOptions()
            options.servesLFSRanges = servesRanges
            try await LFSProject.with(sizes: [900_000], source: options) { project in
                project.fixture.source.inject(.lfs(.cutObject(afterBytes: 600_000), method: "GET"))

                #expect(try await project.run().status == .synced)

                try await project.expectEqual()
                #expect(try project.kept == project.objects)
                let ranges = project.fixture.source.lfsRequests.filter { $0.method == "GET" }.map(\.range)
                #expect(ranges.count == 2)
                #expect(ranges[0] == nil)
                #expect(ranges[1]?.hasPrefix("bytes=") == true)
                #expect(
                    try FileManager.default.contentsOfDirectory(
                        atPath: project.folder.appending(component: "incomplete").path
                    ).isEmpty
                )
            }
        }

        @Test func aBreakOfAStreamedDownloadNeverEndsAnUpload() async throws {
            try await LFSProject.with(sizes: [900_000]) { project in
                project.fixture.source.inject(.lfs(.cutObject(afterBytes: 600_000), method: "GET"))

                #expect(try await project.run(.stream).status == .synced)

                try await project.expectEqual()
            }
        }

        @Test(arguments: [LFSMode.keep, .stream])
        func aWrongObjectIsNeverStored(mode: LFSMode) async throws {
            try await LFSProject.with(sizes: [300_000, 10]) { project in
                let damaged = try #require(project.objects.first { $0.value.count == 10 }).key
                project.fixture.source.inject(
                    .lfs(.damagedObject, method: "GET", object: damaged, times: nil)
                )

                let report = try await project.run(mode)

                #expect(report.failure?.code == "lfs-object-damaged")
                #expect(report.failure?.message.contains(damaged) == true)
                #expect(report.lfs.failed == 1)
                #expect(report.lfs.uploaded == 1)
                let arrived = try project.fixture.target.lfsObjects(of: LFSProject.path)
                #expect(arrived.count == 1 && arrived[damaged] == nil)
                #expect(try project.kept[damaged] == nil)

                project.fixture.source.clearFaults()
                #expect(try await project.run(mode).status == .synced)
                try await project.expectEqual()
            }
        }

        @Test(arguments: [LFSMode.keep, .stream])
        func aDamageOnTheWayIsHealed(mode: LFSMode) async throws {
            try await LFSProject.with { project in
                project.fixture.source.inject(.lfs(.damagedObject, method: "GET"))

                #expect(try await project.run(mode).status == .synced)

                try await project.expectEqual()
            }
        }

        @Test func missingObjectsAreNamedAndTheOtherRefsArrive() async throws {
            try await LFSProject.with { project in
                let fixture = project.fixture
                let (lost, content) = try await LFSProject.commit(
                    to: fixture,
                    "lost",
                    size: 50,
                    branch: "broken"
                )
                try await fixture.source.commit(to: LFSProject.path, branch: "plain", files: ["a": "1\n"])
                try fixture.source.removeLFSObject(lost, from: LFSProject.path)

                let report = try await project.run()

                #expect(report.status == .partial)
                #expect(report.failure?.code == "lfs-objects-missing")
                #expect(report.failure?.message.contains(lost) == true)
                #expect(report.failure?.message.contains("refs/heads/broken") == true)
                #expect(report.lfs.missing == 1)
                #expect(report.lfs.uploaded == 3)
                let refs = try await fixture.target.refs(of: LFSProject.path)
                #expect(
                    refs.keys.filter { $0.hasPrefix("refs/heads/") }.sorted() == [
                        "refs/heads/main", "refs/heads/plain",
                    ]
                )

                _ = try await fixture.source.storeLFSObject(content, in: LFSProject.path)
                #expect(try await project.run().status == .synced)
                try await project.expectEqual()
            }
        }

        @Test func objectsThatOnlyTheCopyHasAreKeptFromThere() async throws {
            try await LFSProject.with { project in
                _ = try await project.run(.stream)
                let oid = try #require(project.objects.keys.first)
                try project.fixture.source.removeLFSObject(oid, from: LFSProject.path)

                let report = try await project.run(.keep)

                #expect(report.failure == nil)
                #expect(report.lfs.kept == 3)
                #expect(try project.kept == project.objects)
            }
        }

        @Test(arguments: [
            (LabFault.Kind.rateLimitedApplication, Duration.seconds(60)),
            (.rateLimitedWithRetryAfter(seconds: 30), .seconds(30)),
        ])
        func aRateLimitIsWaitedFor(fault: LabFault.Kind, pause: Duration) async throws {
            try await LFSProject.with { project in
                project.fixture.source.inject(.lfs(fault, method: "POST"))
                project.fixture.target.inject(.lfs(fault, method: "POST"))

                #expect(try await project.run().status == .synced)

                #expect(project.fixture.notedPauses == [pause, pause])
                try await project.expectEqual()
            }
        }

        @Test(arguments: ["POST", "PUT"])
        func aServerThatIsBusyIsAskedAgain(method: String) async throws {
            try await LFSProject.with { project in
                project.fixture.target.inject(
                    .lfs(.status(503, "{\"message\":\"busy\"}"), method: method, times: 2)
                )

                #expect(try await project.run().status == .synced)

                #expect(project.fixture.notedPauses.count == 2)
                try await project.expectEqual()
            }
        }

        @Test(arguments: [(LFSMode.keep, "PUT"), (.keep, "GET"), (.stream, "PUT"), (.stream, "GET")])
        func anAccessThatEndsInTheMiddleIsRenewed(mode: LFSMode, method: String) async throws {
            try await LFSProject.with { project in
                let server = method == "PUT" ? project.fixture.target : project.fixture.source
                server.inject(.lfs(.endedLFSAccess, method: method))

                #expect(try await project.run(mode).status == .synced)

                try await project.expectEqual()
                #expect(server.lfsAuthentications.count > 1)
            }
        }

        @Test func anAccessIsRenewedBeforeItEnds() async throws {
            var options = LabOptions()
            options.lfsAccessLifetime = 1
            options.lfsActionLifetime = 1
            try await LFSProject.with(sizes: [10, 20], source: options) { project in
                #expect(try await project.run().status == .synced)

                // One for the batch, and one for each object, whose address is too old to be used.
                #expect(project.fixture.source.lfsAuthentications.count == 3)
                #expect(project.fixture.source.lfsRequests.count(of: "POST") == 3)
                try await project.expectEqual()
            }
        }

        @Test(arguments: [LFSMode.keep, .stream])
        func storageElsewhereSeesNothingOfOurs(mode: LFSMode) async throws {
            for redirects in [false, true] {
                var options = LabOptions()
                options.signsLFSDownloads = !redirects
                options.redirectsLFSDownloads = redirects
                try await LFSProject.with(source: options) { project in
                    #expect(try await project.run(mode).status == .synced)

                    try await project.expectEqual()
                    let elsewhere = project.fixture.source.lfsRequests.filter {
                        $0.host.hasPrefix("localhost")
                    }
                    #expect(elsewhere.map(\.method) == ["GET", "GET", "GET"])
                    #expect(elsewhere.allSatisfy { !$0.isAuthorized })
                }
            }
        }

        @Test func aLostAnswerToAnUploadSendsNothingTwice() async throws {
            try await LFSProject.with { project in
                project.fixture.target.inject(.lfs(.closeConnectionAfterwards, method: "PUT"))

                #expect(try await project.run().status == .synced)

                try await project.expectEqual()
                #expect(project.fixture.target.lfsRequests.count(of: "PUT") == 3)
            }
        }

        @Test func objectsThatCouldNotBeSentAreSentByTheNextRun() async throws {
            var options = LabOptions()
            options.firstID = 5001
            options.checksLFS = false
            try await LFSProject.with(target: options) { project in
                project.fixture.target.inject(
                    .lfs(.status(500, "{\"message\":\"no space\"}"), method: "PUT", times: nil)
                )

                let report = try await project.run()

                // This server takes pointers without their objects: equal refs are no equal copy.
                #expect(report.status == .partial)
                #expect(report.failure?.code == "lfs-server-failure")
                #expect(report.failure?.message.contains("no space") == true)
                try await project.fixture.expectEqual(LFSProject.path)

                project.fixture.target.clearFaults()
                #expect(try await project.run().lfs.uploaded == 3)
                try await project.expectEqual()
                #expect(try await project.run().status == .unchanged)
            }
        }

        @Test(arguments: [
            (403, "lfs-forbidden", "Access forbidden. Check your access level."),
            (404, "lfs-not-found", "Not found."),
            (501, "lfs-disabled", "Git LFS is not enabled on this GitLab server, contact your admin."),
            (422, "lfs-refused", "no"), (200, "lfs-protocol", "no objects"),
        ])
        func whatTheBatchAPIRefusesIsNamed(status: Int, code: String, words: String) async throws {
            try await LFSProject.with(sizes: [10]) { project in
                project.fixture.target.inject(
                    .lfs(.status(status, "{\"message\":\"\(words)\"}"), method: "POST", times: nil)
                )

                let report = try await project.run()

                #expect(report.failure?.code == code)
                #expect(report.failure?.message.contains(words) == true)
                #expect(report.lfs.failed == 1)
            }
        }

        @Test func anAuthenticationWithoutAWordIsAFailure() async throws {
            try await LFSProject.with(sizes: [10]) { project in
                project.fixture.target.silenceLFSAuthentication()

                let report = try await project.run()

                #expect(report.failure?.code == "lfs-not-authenticated")
                #expect(report.failure?.message.contains("the server gave no answer") == true)
            }
        }

        @Test func aRefusedAuthenticationIsShown() async throws {
            try await LFSProject.with(sizes: [10]) { project in
                project.fixture.source.refuseLFSAuthentication(
                    message: "You are not allowed to download code."
                )

                let report = try await project.run()

                #expect(report.failure?.code == "lfs-not-authenticated")
                #expect(report.failure?.message.contains("You are not allowed to download code.") == true)
                #expect(report.failure?.message.contains("=====") == false)
            }
        }
    }
}
