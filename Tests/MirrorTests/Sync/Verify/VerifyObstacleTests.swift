import Foundation
import Lab
import Testing

@testable import Mirror

/// What is no proof.
struct VerifyReportTests {
    /// One thing that is wrong is enough, whatever it is.
    @Test(
        arguments: [
            { $0.failures = [SyncFailure(code: "group-not-found", message: "no group", hint: "look")] },
            { $0.missingGroups = ["acme/sub"] },
            { $0.moves = [RunPreview.Move(from: "acme/a", to: "acme/b")] },
            { $0.repositories[0].mark = .extra },
        ] as [@Sendable (inout VerifyReport) -> Void]
    )
    func anythingThatIsWrongIsNoProof(change: @Sendable (inout VerifyReport) -> Void) {
        var report = VerifyReport()
        report.repositories = [VerifiedRepository(source: "acme/a", target: "acme/a", kind: .project)]
        #expect(report.isEqual)

        change(&report)

        #expect(!report.isEqual)
    }
}

extension LabTests {
    /// Projects that cannot be compared, or not wholly.
    @Suite struct VerifyObstacleTests {
        @Test func aSourceThatCannotBeReadIsAnError() async throws {
            try await SyncFixture.withCopy { fixture, _ in
                try fixture.source.breakRepository(of: "acme/app")

                let report = try await fixture.verify()

                #expect(!report.isEqual)
                let project = try #require(report.repository("acme/app"))
                #expect(project.mark == .error)
                #expect(project.failure?.code == "git-refused")
            }
        }

        @Test func aProjectWithoutAPlaceForItsCopyIsAnError() async throws {
            try await SyncFixture.withCopy { fixture, _ in
                try fixture.source.createProject("acme/bad")
                try fixture.source.update(
                    "acme/bad",
                    rawMembers: ["path_with_namespace": "acme/a b", "path": "a b"]
                )

                let report = try await fixture.verify()

                #expect(!report.isEqual)
                #expect(report.repository("acme/a b")?.mark == .error)
                #expect(report.repository("acme/a b")?.failure?.code == "unsafe-path")
                #expect(report.repository("acme/app")?.isEqual == true)
            }
        }

        @Test func aBranchThatOnlyTheMirrorHasIsNamed() async throws {
            try await SyncFixture.withCopy { fixture, tip in
                try await fixture.source.git.run(
                    ["update-ref", "refs/heads/extra", tip],
                    in: try fixture.mirror(of: "acme/app")
                )

                let report = try await fixture.verify()

                #expect(!report.isEqual)
                #expect(report.repository("acme/app")?.marks == ["- mirror refs/heads/extra"])
            }
        }

        @Test func aProjectThatIsGoneIsShown() async throws {
            try await SyncFixture.withCopy { fixture, _ in
                try fixture.source.createProject("acme/other")
                #expect(try await fixture.run().isEqual)
                try fixture.source.deleteProject("acme/app")

                let report = try await fixture.verify()

                #expect(report.repository("acme/app")?.failure?.code == "gone-at-source")
            }
        }

        /// What cannot be named cannot be compared, though all else is equal.
        @Test func aRefWhoseNameIsNoUTF8IsAnError() async throws {
            try await SyncFixture.withCopy { fixture, tip in
                let directory = try fixture.source.repositoryDirectory(of: "acme/app")
                let packed = directory.appending(path: "packed-refs")
                let before = (try? Data(contentsOf: packed)) ?? Data()
                try (before + Data("\(tip) refs/heads/zaf".utf8) + Data([0xE9, 0x0A])).write(to: packed)

                let report = try await fixture.verify()

                #expect(!report.isEqual)
                let project = try #require(report.repository("acme/app"))
                #expect(project.mark == .error)
                #expect(project.failure?.code == "ref-name-not-utf8")
                #expect(project.lines.isEmpty)
            }
        }
    }
}
