import Testing

@testable import Mirror

/// What changes at the source between the guards' look and the second pass.
@Suite(.timeLimit(.minutes(10)))
struct LateChangeTests {
    /// The guards saw one deletion; a second one came after them, and waits for the next run.
    @Test func onlyWhatTheGuardsSawIsLost() async throws {
        let bench = try FaultBench()
        let (source, target) = (bench.folder.file("full.git"), bench.folder.file("empty.git"))
        for branch in ["seen", "late"] { try FaultBench.git("-C", source, "branch", branch, "main") }
        try FaultBench.git("-C", target, "fetch", "-q", source, "+refs/*:refs/*")
        for branch in ["seen", "late"] { try FaultBench.git("-C", source, "branch", "-q", "-D", branch) }
        let present = try await bench.remote("empty.git").refs()
        let seen = RefChange(name: .branch("seen"), old: present.refs[.branch("seen")], new: nil)
        let sync = try bench.sync(
            releasing: HeldLosses(
                repository: FaultBench.repository,
                source: "full",
                changes: [seen],
                refCount: present.refs.count
            )
        )

        let outcome = try await sync.run(source: try await bench.remote("full.git").refs(), over: present)

        #expect(outcome.status == .partial)
        #expect(outcome.failure?.code == "changed-meanwhile")
        #expect(outcome.refs.deleted == 1)
        let after = try await bench.remote("empty.git").refs().refs
        #expect(after[.branch("seen")] == nil)
        #expect(after[.branch("late")] == present.refs[.branch("late")])
    }
}
