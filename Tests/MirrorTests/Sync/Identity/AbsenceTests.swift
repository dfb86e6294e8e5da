import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// Projects and groups that were there, and are not listed any more.
    @Suite struct AbsenceTests {
        @Test func theCopyOfAProjectThatIsGoneIsNotGivenToAnotherOne() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let old = try await fixture.target.refs(of: "acme/a")
                try fixture.source.deleteProject("acme/a")
                try fixture.source.createProject("acme/a")
                try await fixture.source.commit(to: "acme/a", files: ["other": "1\n"])

                let report = try await fixture.run()

                let failures = report.projects.filter { $0.source == "acme/a" }.compactMap(\.failure?.code)
                #expect(Set(failures) == ["path-taken", "gone-at-source"])
                #expect(try await fixture.target.refs(of: "acme/a") == old)
            }
        }

        /// What became of one absent project or copy is that project's matter.
        @Test(arguments: [true, false])
        func aServerThatDoesNotSayWhereOneIsStopsNoOther(atSource: Bool) async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let id: Int
                if atSource {
                    id = try fixture.source.project("acme/a").id
                    try fixture.source.deleteProject("acme/a")
                } else {
                    id = try fixture.target.project("acme/a").id
                    fixture.target.createGroup("hidden")
                    try fixture.target.transferProject("acme/a", to: "hidden")
                }
                let server = atSource ? fixture.source : fixture.target
                server.inject(
                    LabFault(.status(403, "{}"), method: "GET", path: "/projects/\(id)", times: nil)
                )
                try await fixture.source.commit(to: "acme/b", files: ["b": "2\n"])

                let report = try await fixture.run()

                try await fixture.expectEqual("acme/b")
                let absent = try #require(report.report("acme/a"))
                #expect(absent.status == (atSource ? .skipped : .failed))
                #expect(
                    absent.failure?.message.contains("403") == true,
                    "\(String(describing: absent.failure))"
                )
            }
        }

        @Test func projectsThatAreGoneStayAndAreShown() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let old = try await fixture.target.refs(of: "acme/b")
                try fixture.source.deleteProject("acme/b")
                for _ in 0..<2 {
                    let report = try await fixture.run()
                    let gone = try #require(report.report("acme/b"))
                    #expect(gone.status == .skipped)
                    #expect(gone.failure?.code == "gone-at-source")
                    #expect(report.isEqual)
                    #expect(try await fixture.target.refs(of: "acme/b") == old)
                }
            }
        }

        @Test func groupsThatTheTokenNoLongerSeesNeedAWord() async throws {
            try await SyncFixture.withThreeCopies { fixture in
                let old = try await fixture.target.refs(of: "acme/team/c")
                try fixture.source.deleteGroup("acme/team")
                try await fixture.source.commit(to: "acme/a", files: ["a": "2\n"])

                let held = try await fixture.run()

                #expect(held.findings.map(\.kind) == [.groupsMissing])
                #expect(held.isHeld)
                #expect(held.report("acme/team/c") == nil)
                #expect(try await fixture.target.refs(of: "acme/team/c") == old)
                try await fixture.expectEqual("acme/a")

                var settings = fixture.settings()
                settings.guards.approvals = Set(held.findings.map(\.id))
                let approved = try await fixture.run(settings)
                #expect(approved.isEqual)
                #expect(approved.report("acme/team/c")?.status == .skipped)
                #expect(try await fixture.run().isEqual)
                #expect(try await fixture.target.refs(of: "acme/team/c") == old)
            }
        }
    }
}
