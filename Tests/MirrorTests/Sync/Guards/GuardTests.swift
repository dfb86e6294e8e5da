import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// What a run holds until a person approves.
    @Suite struct GuardTests {
        /// `acme/app` with many branches and `acme/other` with one, copied once.
        private func copied(branches: Int, _ body: (SyncFixture) async throws -> Void) async throws {
            try await SyncFixture.with { fixture in
                for project in ["acme/app", "acme/other"] {
                    try fixture.source.createProject(project)
                    try await fixture.source.commit(to: project, files: ["a": "1\n"])
                }
                let tip = try await fixture.source.commit(to: "acme/app", files: ["a": "2\n"])
                for number in 0..<branches {
                    try await fixture.source.setRef("refs/heads/b\(number)", to: tip, in: "acme/app")
                }
                #expect(try await fixture.run().isEqual)
                try await body(fixture)
            }
        }

        @Test func aMassDeletionWaitsAndTheOtherProjectsGoOn() async throws {
            try await copied(branches: 20) { fixture in
                let before = try await fixture.target.refs(of: "acme/app")
                for number in 0..<11 {
                    try await fixture.source.setRef("refs/heads/b\(number)", to: nil, in: "acme/app")
                }
                try await fixture.source.commit(to: "acme/app", branch: "new", files: ["n": "1\n"])
                try await fixture.source.commit(to: "acme/other", files: ["a": "2\n"])

                let held = try await fixture.run()

                #expect(held.findings.map(\.kind) == [.massDelete])
                #expect(held.isHeld)
                let app = try #require(held.report("acme/app"))
                #expect(app.status == .partial)
                #expect(app.isHeld)
                #expect(app.failure?.code == "mass-delete")
                #expect(app.failure?.hint.contains(held.findings[0].approval) == true)
                try await fixture.expectEqual("acme/other")
                // What is new arrives all the same.
                var after = try await fixture.target.refs(of: "acme/app")
                #expect(after.removeValue(forKey: "refs/heads/new") != nil)
                #expect(after == before)

                let approved = try await fixture.approve(held)

                #expect(approved.isEqual)
                #expect(approved.report("acme/app")?.refs.deleted == 11)
                try await fixture.expectEqual("acme/app")
                #expect(try await fixture.archives(of: "acme/app").count == 11)
            }
        }

        @Test func aFewDeletionsAndRewritesNeedNoWord() async throws {
            try await copied(branches: 20) { fixture in
                for number in 0..<5 {
                    try await fixture.source.setRef("refs/heads/b\(number)", to: nil, in: "acme/app")
                    let branch = "b\(number + 5)"
                    try await fixture.source.commit(
                        to: "acme/app",
                        branch: branch,
                        files: ["r": "\(number)\n"],
                        parent: .beforeTip
                    )
                }
                let report = try await fixture.run()
                #expect(report.isEqual)
                #expect(report.report("acme/app")?.refs.deleted == 5)
                #expect(report.report("acme/app")?.refs.rewritten == 5)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func aSourceThatLostEverythingWaits() async throws {
            try await copied(branches: 2) { fixture in
                let before = try await fixture.target.refs(of: "acme/app")
                for ref in try await fixture.source.refs(of: "acme/app").keys {
                    try await fixture.source.setRef(ref, to: nil, in: "acme/app")
                }

                let held = try await fixture.run()

                #expect(held.findings.map(\.kind) == [.sourceEmptied])
                #expect(held.report("acme/app")?.failure?.code == "source-emptied")
                #expect(held.isHeld)
                #expect(try await fixture.target.refs(of: "acme/app") == before)
            }
        }

        @Test func aDefaultBranchOfAnotherHistoryWaits() async throws {
            try await copied(branches: 0) { fixture in
                let before = try await fixture.target.refs(of: "acme/app")
                try await fixture.source.commit(to: "acme/app", files: ["evil": "1\n"], parent: .none)

                let held = try await fixture.run()

                #expect(held.findings.map(\.kind) == [.unrelatedHistory])
                #expect(try await fixture.target.refs(of: "acme/app") == before)
                #expect(try await fixture.approve(held).isEqual)
                try await fixture.expectEqual("acme/app")
                let old = try #require(before["refs/heads/main"])
                #expect(try await Array(fixture.archives(of: "acme/app").values) == [old])
            }
        }

        /// The same with another name: what was the default branch is gone, and the new one shares nothing with it.
        @Test func aNewDefaultBranchOfAnotherHistoryWaits() async throws {
            try await copied(branches: 0) { fixture in
                try await fixture.source.commit(
                    to: "acme/app",
                    branch: "evil",
                    files: ["e": "1\n"],
                    parent: .none
                )
                try await fixture.source.setDefaultBranch("evil", of: "acme/app")
                try await fixture.source.deleteBranch("main", of: "acme/app")

                let held = try await fixture.run()

                #expect(held.findings.map(\.kind) == [.unrelatedHistory])
                #expect(held.isHeld)
                #expect(try fixture.target.project("acme/app").defaultBranch == "main")
            }
        }

        @Test func theDefaultBranchMayChangeToAnotherOneOfTheCopy() async throws {
            try await copied(branches: 0) { fixture in
                try await fixture.source.commit(
                    to: "acme/app",
                    branch: "pages",
                    files: ["p": "1\n"],
                    parent: .none
                )
                #expect(try await fixture.run().isEqual)
                try await fixture.source.setDefaultBranch("pages", of: "acme/app")
                try await fixture.source.deleteBranch("main", of: "acme/app")

                let report = try await fixture.run()

                #expect(report.findings.isEmpty)
                #expect(try fixture.target.project("acme/app").defaultBranch == "pages")
            }
        }

        /// A new branch `b0/new` has no room as long as `b0` is held.
        @Test func aNewBranchWaitsForTheRoomOfOneThatIsHeld() async throws {
            try await copied(branches: 20) { fixture in
                for number in 0..<11 {
                    try await fixture.source.setRef("refs/heads/b\(number)", to: nil, in: "acme/app")
                }
                try await fixture.source.commit(to: "acme/app", branch: "b0/new", files: ["n": "1\n"])

                let held = try await fixture.run()
                #expect(held.isHeld)
                #expect(try await fixture.approve(held).isEqual)
                try await fixture.expectEqual("acme/app")
            }
        }

        @Test func deletedRefsStayWherePruningIsOff() async throws {
            try await copied(branches: 20) { fixture in
                let before = try await fixture.target.refs(of: "acme/app")
                for number in 0..<15 {
                    try await fixture.source.setRef("refs/heads/b\(number)", to: nil, in: "acme/app")
                }
                var rules = MirrorRules()
                rules.prune = .keep
                let report = try await fixture.run(fixture.settings(rules: rules))
                #expect(report.isEqual)
                #expect(try await fixture.target.refs(of: "acme/app") == before)
            }
        }

        /// Every branch and tag of every project and wiki is rewritten or deleted, as by somebody who wants ransom.
        @Test func aRansomRewriteStopsAndLosesNothingWhenItIsApproved() async throws {
            try await SyncFixture.with { fixture in
                _ = try await SampleWorld.build(on: fixture.source)
                #expect(try await fixture.run().isEqual)
                let repositories = try await fixture.ransom()

                let held = try await fixture.run()

                #expect(held.isHeld)
                #expect(!held.findings.isEmpty)
                for repository in repositories {
                    let refs = try await fixture.target.refs(of: repository.project, wiki: repository.isWiki)
                    #expect(SyncFixture.mirrored(refs) == repository.before, "\(repository.project)")
                }

                let approved = try await fixture.approve(held)

                #expect(approved.findings.isEmpty)
                #expect(approved.failures.isEmpty)
                var tips = 0
                for repository in repositories {
                    let (project, isWiki) = (repository.project, repository.isWiki)
                    let report = try #require(approved.report(project, kind: isWiki ? .wiki : .project))
                    #expect(report.status == .synced, "\(project): \(String(describing: report.failure))")
                    try await fixture.expectEqual(project, wiki: isWiki)
                    let kept = try await Set(fixture.target.refs(of: project, wiki: isWiki).values)
                    for (ref, tip) in repository.before {
                        #expect(kept.contains(tip), "\(project) \(ref)")
                        try await fixture.expectFetchable(tip, of: project, wiki: isWiki)
                        tips += 1
                    }
                }
                #expect(tips > 15)
            }
        }
    }
}
