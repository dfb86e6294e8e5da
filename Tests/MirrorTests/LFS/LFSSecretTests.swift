import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// What lets us in, and who must not see it.
    @Suite struct LFSSecretTests {
        /// Also where the request did not carry it: the same server had it with the one before.
        @Test(arguments: [("POST", 422), ("POST", 200), ("PUT", 422), ("PUT", 401)])
        func aServerThatRepeatsTheTokenIsNotRepeated(method: String, status: Int) async throws {
            try await LFSProject.with(sizes: [10]) { project in
                var settings = project.fixture.settings()
                settings.transport = .https
                let token = Data("oauth2:\(project.fixture.target.apiToken)".utf8).base64EncodedString()
                project.fixture.target.inject(
                    .lfs(
                        .status(status, "{\"message\":\"no entry for \(token)\"}"),
                        method: method,
                        times: nil
                    )
                )

                let report = try await project.fixture.run(settings)

                let failure = try #require(report.report(LFSProject.path)?.failure)
                #expect(failure.message.contains("no entry for ***"))
                #expect(!failure.message.contains(token))
            }
        }
    }
}
