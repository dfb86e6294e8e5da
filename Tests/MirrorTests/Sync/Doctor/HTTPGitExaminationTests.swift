import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// What a doctor finds of git over HTTPS.
    @Suite struct HTTPGitExaminationTests {
        /// Looks at a world with one copied project, whose target speaks TLS.
        private func examine(
            _ change: (inout SyncSettings, SyncFixture) async throws -> Void = { _, _ in }
        ) async throws -> DoctorFindings {
            var options = LabOptions()
            options.firstID = 5001
            options.usesTLS = true
            return try await SyncFixture.$transport.withValue(.https) {
                try await SyncFixture.with(target: options) { fixture in
                    try await fixture.makeProject("acme/app")
                    var settings = fixture.settings()
                    settings.network.trustRoots = try TrustRoots(
                        pemFile: fixture.target.certificateAuthority.path
                    )
                    _ = try await fixture.run(settings)
                    try await change(&settings, fixture)
                    return try await fixture.examine { $0 = settings }
                }
            }
        }

        @Test func aTokenThatGitAcceptsIsFineOnBothSides() async throws {
            let findings = try await examine()

            findings.expect(.ok, .sourceGit, "git-https", saying: "refs of 'acme/app'")
            findings.expect(.ok, .targetGit, "git-https", saying: "refs of 'acme/app'")
            #expect(findings.all.filter { $0.code.hasPrefix("ssh") }.map(\.area) == [.machine])
        }

        @Test func aTargetWithoutProjectsCannotBeTried() async throws {
            let findings: DoctorFindings = try await SyncFixture.$transport.withValue(.https) {
                try await SyncFixture.with { fixture in
                    try await fixture.makeProject("acme/app")
                    return try await fixture.examine()
                }
            }

            findings.expect(.ok, .sourceGit, "git-https", saying: "refs of 'acme/app'")
            findings.expect(.warning, .targetGit, "git-https", saying: "no project is visible yet")
        }

        @Test func aPushBaseThatDoesNotAnswerIsUnreachable() async throws {
            let findings = try await examine { settings, _ in
                settings.pushBase = PushBase("https://127.0.0.1:1")
            }

            findings.expect(.error, .targetGit, "git-https", cause: .unreachable, saying: "127.0.0.1:1")
        }

        @Test func aPushBaseThatSpeaksNoGitIsNamed() async throws {
            let findings = try await examine { settings, fixture in
                settings.pushBase = PushBase(fixture.target.url.absoluteString + "/api/v4")
            }

            #expect(findings[.targetGit, "git-https"].map(\.level) == [.error])
            #expect(findings[.targetGit, "git-https"].allSatisfy { $0.fix != nil })
        }
    }
}
