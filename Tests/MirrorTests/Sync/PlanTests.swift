import Testing

@testable import Mirror

/// The plan is a pure function of two listings.
struct PlanTests {
    private func group(_ id: Int, _ fullPath: String, name: String? = nil) -> GitLabGroup {
        let path = fullPath.split(separator: "/").last.map(String.init) ?? fullPath
        return GitLabGroup(
            id: id,
            name: name ?? "Name of \(path)",
            path: path,
            fullPath: fullPath,
            parentID: nil,
            isMarkedForDeletion: false
        )
    }

    private func project(_ id: Int, _ fullPath: String, importStatus: String? = nil) -> GitLabProject {
        let components = fullPath.split(separator: "/").map(String.init)
        return GitLabProject(
            id: id,
            name: "P\(id)",
            path: components.last ?? "",
            fullPath: fullPath,
            namespacePath: components.dropLast().joined(separator: "/"),
            defaultBranch: "main",
            sshURL: "",
            httpURL: "",
            webURL: nil,
            isArchived: false,
            hasWikiFeature: true,
            isMarkedForDeletion: false,
            importStatus: importStatus,
            objectFormat: nil,
            repositorySize: nil
        )
    }

    private func plan(
        groups: [(GitLabGroup, GroupRule)],
        projects: [(GitLabProject, GroupRule)] = [],
        target: TargetListing = TargetListing(),
        parent: String? = nil
    ) throws -> Plan {
        var source = SourceListing()
        source.groups = groups.map { ($0.0, $0.1) }
        source.projects = projects.map { ($0.0, $0.1) }
        return try Plan.make(source: source, target: target, parentGroup: parent)
    }

    @Test func projectsGoWhereTheirRuleSendsThem() throws {
        let (a, b) = (GroupRule(source: "a/b", target: "x"), GroupRule(source: "c"))

        let plan = try plan(
            groups: [(group(1, "a/b"), a), (group(2, "c"), b)],
            projects: [(project(2, "c/p"), b), (project(1, "a/b/d/p"), a)],
            parent: "P"
        )

        #expect(plan.projects.map(\.source.fullPath) == ["a/b/d/p", "c/p"])
        #expect(plan.projects.map(\.targetPath) == ["P/x/d/p", "P/c/p"])
        #expect(plan.projects.map(\.targetGroupPath) == ["P/x/d", "P/c"])
        #expect(plan.projects.allSatisfy { $0.existing == nil && $0.obstacle == nil })
    }

    @Test func whatIsThereIsFoundInAnyCase() throws {
        let rule = GroupRule(source: "Acme")
        var target = TargetListing()
        target.groups["acme"] = group(50, "ACME")
        target.projects["acme/app"] = project(51, "ACME/App")

        let plan = try plan(
            groups: [(group(1, "Acme"), rule)],
            projects: [(project(2, "Acme/app"), rule)],
            target: target
        )

        #expect(plan.groups.map(\.existing?.id) == [50])
        #expect(plan.projects.map(\.existing?.id) == [51])
    }

    @Test func groupsComeParentsFirstAndKeepTheirNames() throws {
        let rule = GroupRule(source: "acme", target: "copies/of/acme")
        let plan = try plan(
            groups: [
                (group(3, "acme/b/c", name: "Sea"), rule), (group(1, "acme", name: "ACME Corporation"), rule),
                (group(2, "acme/b", name: "Bee"), rule),
            ],
            parent: "mirrors"
        )

        #expect(
            plan.groups.map(\.targetPath) == [
                "mirrors", "mirrors/copies", "mirrors/copies/of", "mirrors/copies/of/acme",
                "mirrors/copies/of/acme/b",
                "mirrors/copies/of/acme/b/c",
            ]
        )
        #expect(plan.groups.map(\.name) == ["mirrors", "copies", "of", "ACME Corporation", "Bee", "Sea"])
    }

    @Test func aGroupThatIsRenamedOnTheWayIsNamedByItsNewPath() throws {
        let rule = GroupRule(source: "acme", target: "partner")
        let plan = try plan(groups: [
            (group(1, "acme", name: "ACME"), rule), (group(2, "acme/sub", name: "Sub"), rule),
        ])

        #expect(plan.groups.map(\.name) == ["partner", "Sub"])
    }

    @Test func severalSourcesShareTheirParents() throws {
        let (a, b) = (GroupRule(source: "a", target: "all/a"), GroupRule(source: "b", target: "ALL/b"))
        let plan = try plan(groups: [(group(1, "a"), a), (group(2, "b"), b)])

        #expect(plan.groups.map { $0.targetPath.lowercased() } == ["all", "all/a", "all/b"])
    }

    @Test(arguments: [("one/app", "two/app"), ("one/app", "two/App")])
    func twoProjectsInOnePlaceAreAConflict(first: String, second: String) throws {
        let rules = (GroupRule(source: "one", target: "same"), GroupRule(source: "two", target: "same"))

        let failure = try #require(
            #expect(throws: SyncFailure.self) {
                try plan(groups: [], projects: [(project(1, first), rules.0), (project(2, second), rules.1)])
            }
        )

        #expect(failure.code == "configuration")
        #expect(failure.message.contains("'\(first)' and '\(second)'"))
        #expect(failure.message.contains("same/"))
    }

    @Test func twoGroupsMayMeetAsLongAsNoProjectDoes() throws {
        let (a, b) = (GroupRule(source: "one", target: "same"), GroupRule(source: "two", target: "same"))
        let plan = try plan(
            groups: [(group(1, "one"), a), (group(2, "two"), b)],
            projects: [(project(1, "one/app"), a), (project(2, "two/tool"), b)]
        )
        #expect(plan.groups.map(\.targetPath) == ["same"])
        #expect(plan.projects.map(\.targetPath) == ["same/app", "same/tool"])
    }

    @Test(arguments: ["acme/..", "acme/../../etc", "acme/a\u{1B}b", "acme//b", "acme/a b"])
    func aProjectWithAnUnsafePathHasAnObstacle(path: String) throws {
        let rule = GroupRule(source: "acme")
        let plan = try plan(
            groups: [(group(1, "acme"), rule)],
            projects: [(project(1, path), rule), (project(2, "acme/good"), rule)]
        )

        let bad = try #require(plan.projects.first { $0.source.id == 1 })
        guard case .failed(let failure)? = bad.obstacle else {
            Issue.record("no obstacle")
            return
        }
        #expect(failure.code == "unsafe-path")
        #expect(failure.message.contains(path.escapedForDisplay))
        #expect(plan.projects.first { $0.source.id == 2 }?.obstacle == nil)
    }

    @Test func aGroupWithAnUnsafePathIsNotCreated() throws {
        let rule = GroupRule(source: "acme")
        let plan = try plan(groups: [(group(1, "acme"), rule), (group(2, "acme/../etc"), rule)])
        #expect(plan.groups.map(\.targetPath) == ["acme"])
    }

    @Test(
        arguments: [
            ("scheduled", true), ("started", true), ("finished", false), ("none", false), ("failed", false),
            (nil, false),
        ] as [(String?, Bool)]
    )
    func aProjectThatIsBeingImportedWaits(status: String?, waits: Bool) throws {
        let rule = GroupRule(source: "acme")
        let plan = try plan(groups: [], projects: [(project(1, "acme/app", importStatus: status), rule)])

        if case .skipped(let reason)? = plan.projects.first?.obstacle {
            #expect(waits)
            #expect(reason.code == "import-running")
        } else {
            #expect(!waits)
        }
    }
}
