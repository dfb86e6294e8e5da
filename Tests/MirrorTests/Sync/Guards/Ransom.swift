import Lab

@testable import Mirror

extension SyncFixture {
    /// A run of which every finding of `report` is approved.
    func approve(_ report: RunReport) async throws -> RunReport {
        var settings = settings()
        settings.guards.approvals = Set(report.findings.map(\.id))
        return try await run(settings)
    }

    struct Victim {
        let project: String
        let isWiki: Bool
        /// The branches and tags of the copy.
        let before: [String: String]
    }

    /// Rewrites or deletes every ref, in turns; a default branch is rewritten.
    func ransom() async throws -> [Victim] {
        var victims: [Victim] = []
        for report in try await run().projects where report.status == .unchanged {
            let (project, isWiki) = (report.source, report.kind == .wiki)
            let refs = try await SyncFixture.mirrored(source.refs(of: project, wiki: isWiki))
            let head = try source.head(of: project, wiki: isWiki)
            let evil = try await source.commit(
                to: project,
                branch: "evil",
                files: ["README": "pay\n"],
                parent: .none,
                wiki: isWiki
            )
            try await source.setRef("refs/heads/evil", to: nil, in: project, wiki: isWiki)
            for (index, ref) in refs.keys.sorted().enumerated() {
                let isRewritten = ref == head || index.isMultiple(of: 2)
                try await source.setRef(
                    ref,
                    to: isRewritten ? evil : nil,
                    in: project,
                    wiki: isWiki
                )
            }
            let before = try await SyncFixture.mirrored(target.refs(of: project, wiki: isWiki))
            victims.append(Victim(project: project, isWiki: isWiki, before: before))
        }
        return victims
    }
}
