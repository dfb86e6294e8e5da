import Mirror
import Testing

/// Runs each test of a suite over SSH and then over HTTPS.
///
/// Both carry the same conversation, so what is tested of a run must hold for both.
struct OverEachTransport: SuiteTrait, TestTrait, TestScoping {
    let isRecursive = true

    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @concurrent @Sendable () async throws -> Void
    ) async throws {
        for transport in GitTransport.allCases {
            try await SyncFixture.$transport.withValue(transport) { try await function() }
        }
    }
}

extension Trait where Self == OverEachTransport {
    /// Each test runs once over each transport.
    static var overEachTransport: Self { OverEachTransport() }
}

extension Trait where Self == IssueHandlingTrait {
    /// What fails says over which transport it did.
    static var namingTheTransport: Self {
        .compactMapIssues { issue in
            var issue = issue
            issue.comments.append("over \(SyncFixture.transport.rawValue)")
            return issue
        }
    }
}
