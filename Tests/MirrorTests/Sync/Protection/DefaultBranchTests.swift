import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// The copy's default branch: after the first push, and after a change at the source.
    @Suite struct DefaultBranchTests {
        /// A project with `develop` as its default branch, to be copied into a group where GitLab protects without force push.
        private func withSource(_ body: (SyncFixture) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                fixture.target.createGroup("acme")
                try fixture.source.createProject("acme/app")
                for branch in ["aaa", "develop", "main"] {
                    try await fixture.source.commit(to: "acme/app", branch: branch, files: [branch: "1\n"])
                }
                try await fixture.source.setDefaultBranch("develop", of: "acme/app")
                try await body(fixture)
            }
        }

        @Test func isPushedFirstAndAlone() async throws {
            try await withSource { fixture in
                #expect(try await fixture.run().isEqual)

                #expect(
                    fixture.pushes.first { !$0.updates.isEmpty }?.updates.map(\.ref) == ["refs/heads/develop"]
                )
                let copy = try fixture.target.project("acme/app")
                #expect(copy.defaultBranch == "develop")
                #expect(copy.protectedBranches.map(\.name) == ["develop"])
                #expect(try fixture.target.head(of: "acme/app") == "refs/heads/develop")
                try await fixture.expectEqual("acme/app")
            }
        }

        /// GitLab looks at the new repository so late that it takes `main`, and protects it.
        @Test func isSetWhenGitLabChoseAnotherAndItsProtectionGoes() async throws {
            try await withSource { fixture in
                fixture.target.holdBackgroundJobs()
                let release: @Sendable () async -> Void = {
                    fixture.target.holdBackgroundJobs(false)
                    await fixture.target.settle()
                }
                fixture.target.inject(
                    LabFault(.after(release)) { request in
                        request.method == "GET" && request.path.contains(/\/projects\/[0-9]+$/)
                    }
                )

                #expect(try await fixture.run().isEqual)

                let copy = try fixture.target.project("acme/app")
                #expect(copy.defaultBranch == "develop")
                #expect(try fixture.target.head(of: "acme/app") == "refs/heads/develop")
                #expect(copy.protectedBranches.isEmpty)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func followsTheSourceAndTheOldOneGoesInTheSameRun() async throws {
            try await withSource { fixture in
                #expect(try await fixture.run().isEqual)
                let tip = try await fixture.source.commit(
                    to: "acme/app",
                    branch: "develop",
                    files: ["d": "2\n"]
                )
                try await fixture.source.setRef("refs/heads/trunk", to: tip, in: "acme/app")
                try await fixture.source.setDefaultBranch("trunk", of: "acme/app")
                try await fixture.source.deleteBranch("develop", of: "acme/app")
                let old = try await fixture.target.refs(of: "acme/app")["refs/heads/develop"]

                let report = try await fixture.run()

                #expect(report.isEqual)
                #expect(report.report("acme/app")?.refs.deleted == 1)
                let copy = try fixture.target.project("acme/app")
                #expect(copy.defaultBranch == "trunk")
                let rule = try #require(copy.protectedBranches.first { $0.name == "develop" })
                #expect(rule.pushLevel == 40 && !rule.allowForcePush)
                #expect(try fixture.target.head(of: "acme/app") == "refs/heads/trunk")
                #expect(try await Array(fixture.archives(of: "acme/app").values) == [try #require(old)])
                // No push was refused on the way.
                #expect(fixture.pushes.allSatisfy { $0.refusal == nil })
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test(arguments: [true, false])
        func thatCannotBeSetIsReportedAndTheRefsArrive(hasNews: Bool) async throws {
            try await withSource { fixture in
                #expect(try await fixture.run().isEqual)
                try await fixture.source.setDefaultBranch("main", of: "acme/app")
                if hasNews { try await fixture.source.commit(to: "acme/app", files: ["n": "1\n"]) }
                fixture.target.inject(
                    LabFault(
                        .status(403, #"{"message":"403 Forbidden"}"#),
                        method: "PUT",
                        path: "/projects",
                        times: nil
                    )
                )

                let app = try #require(try await fixture.run().report("acme/app"))

                #expect(app.status == .partial)
                #expect(app.failure?.code == "default-branch")
                #expect(app.failure?.message.contains("'main'") == true)
                #expect(app.failure?.message.contains("403 Forbidden") == true)
                try await fixture.expectEqual("acme/app")
            }
        }
    }
}

/// What GitLab shows of a repository.
struct ShownBranchTests {
    @Test(arguments: [
        ("dev", ["a", "dev", "main"], "dev"), ("gone", ["a", "main", "master"], "main"),
        ("gone", ["a", "master"], "master"), ("gone", ["b", "a"], "a"),
    ])
    func headComesFirstThenTheUsualNames(head: String, branches: [String], shown: String) throws {
        let tip = try #require(ObjectID(hex: String(repeating: "1", count: 40)))
        let refs = Dictionary(uniqueKeysWithValues: branches.map { (RefName.branch($0), tip) })
        #expect(RefListing(refs: refs, head: .branch(head)).shownBranch == .branch(shown))
        #expect(RefListing().shownBranch == nil)
    }
}
