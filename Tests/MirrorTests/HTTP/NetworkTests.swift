import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// TLS with an authority of one's own, and proxies, for the API and for git.
    @Suite struct NetworkTests {
        /// Runs over HTTPS to a target that speaks TLS.
        private func run(_ change: (inout HTTPNetwork, SyncFixture) throws -> Void) async throws -> RunReport
        {
            var options = LabOptions()
            options.firstID = 5001
            options.usesTLS = true
            return try await SyncFixture.$transport.withValue(.https) {
                try await SyncFixture.with(target: options) { fixture in
                    try fixture.source.createProject("acme/app")
                    try await fixture.source.commit(to: "acme/app", files: ["a": "1\n"])
                    var settings = fixture.settings()
                    try change(&settings.network, fixture)
                    let report = try await fixture.run(settings)
                    if report.isEqual { try await fixture.expectEqual("acme/app") }
                    return report
                }
            }
        }

        private func trust(_ fixture: SyncFixture) throws -> TrustRoots {
            try TrustRoots(pemFile: fixture.target.certificateAuthority.path)
        }

        @Test func anAuthorityOfOnesOwnIsTrustedWhenItIsNamed() async throws {
            let report = try await run { network, fixture in network.trustRoots = try trust(fixture) }

            #expect(report.isEqual)
        }

        @Test func anUnknownAuthorityIsRefusedWithTheWayOut() async throws {
            let error = await #expect(throws: GitLabError.self) { try await run { _, _ in } }

            #expect(error?.code == .unreachable)
            #expect(error?.message.contains("the server's certificate is not trusted") == true)
            #expect(error?.message.contains("--ca-file") == true)
        }

        @Test func everythingGoesThroughTheProxy() async throws {
            let proxy = try await ConnectProxy.start(login: "robot:proxy-password")
            var authority = ""
            let report = try await run { network, fixture in
                network.trustRoots = try trust(fixture)
                network.proxies = try ProxyRules(environment: [
                    "HTTPS_PROXY": "http://robot:proxy-password@127.0.0.1:\(proxy.port)"
                ])
                authority = "127.0.0.1:\(fixture.target.url.port ?? 0)"
            }
            await proxy.stop()

            #expect(report.isEqual)
            // The API's connections and git's; the source is not reached by HTTPS, and so by no proxy.
            #expect(proxy.targets.count >= 2)
            #expect(Set(proxy.targets) == [authority])
        }

        @Test func aProxyThatWantsAPasswordIsNamed() async throws {
            let proxy = try await ConnectProxy.start(login: "robot:proxy-password")
            let error = await #expect(throws: GitLabError.self) {
                try await run { network, fixture in
                    network.trustRoots = try trust(fixture)
                    network.proxies = try ProxyRules(environment: [
                        "https_proxy": "127.0.0.1:\(proxy.port)"
                    ])
                }
            }
            await proxy.stop()

            #expect(error?.message.contains("the proxy wants a user name and a password") == true)
            #expect(proxy.targets.isEmpty)
        }

        @Test func aServerThatIsExceptedIsReachedDirectly() async throws {
            let report = try await run { network, fixture in
                network.trustRoots = try trust(fixture)
                network.proxies = try ProxyRules(environment: [
                    "HTTPS_PROXY": "http://127.0.0.1:1", "NO_PROXY": "gitlab.example, 127.0.0.1",
                ])
            }

            #expect(report.isEqual)
        }
    }
}

/// Which server is reached through which proxy.
@Suite struct ProxyRulesTests {
    private func origin(_ text: String) throws -> HTTPOrigin {
        let url = try #require(URL(string: text))
        return try #require(HTTPOrigin(url))
    }

    @Test(arguments: [
        ("*", "https://gitlab.example", true), ("gitlab.example", "https://gitlab.example", true),
        ("example", "https://gitlab.example", true), (".example", "https://gitlab.example", true),
        ("lab.example", "https://gitlab.example", false),
        ("gitlab.example:443", "https://gitlab.example", true),
        ("gitlab.example:8443", "https://gitlab.example", false),
        ("gitlab.example:8443", "https://gitlab.example:8443", true),
        ("GitLab.Example", "https://gitlab.example", true),
        ("other.example,gitlab.example", "https://gitlab.example", true), ("::1", "https://[::1]", true),
        ("[::1]", "https://[::1]:8443", true), ("", "https://gitlab.example", false),
        ("10.0.0.0/8", "https://10.200.3.4", true), ("10.0.0.0/8", "https://11.0.0.1", false),
        ("192.168.128.0/17", "https://192.168.200.1", true),
        ("192.168.128.0/17", "https://192.168.3.1", false),
        ("0.0.0.0/0", "https://1.2.3.4", true), ("0.0.0.0/0", "https://gitlab.example", false),
        ("fd00::/8", "https://[fd12::1]", true), ("fd00::/8", "https://[fe80::1]", false),
        ("10.0.0.1/32", "https://10.0.0.1", true), ("10.0.0.0/33", "https://10.0.0.1", false),
        ("a/b", "https://a", false),
    ])
    func exceptionsCoverNames(exceptions: String, url: String, isExcepted: Bool) throws {
        let rules = try ProxyRules(environment: ["HTTPS_PROXY": "http://proxy:3128", "NO_PROXY": exceptions])

        #expect((rules.proxy(for: try origin(url)) == nil) == isExcepted)
    }

    @Test func lowerCaseWinsAndSchemesHaveProxiesOfTheirOwn() throws {
        let rules = try ProxyRules(environment: [
            "HTTPS_PROXY": "http://upper:1", "https_proxy": "http://lower:2", "http_proxy": "plain:3",
            "HTTP_PROXY": "",
        ])

        #expect(rules.proxy(for: try origin("https://a.example"))?.name == "lower:2")
        #expect(rules.proxy(for: try origin("http://a.example"))?.name == "plain:3")
        #expect(try ProxyRules(environment: [:]).proxy(for: try origin("https://a.example")) == nil)
    }

    @Test(arguments: [
        "socks5://proxy:1080", "https://user:secret-word@proxy", "http://", "http://user:secret-word@:80",
    ])
    func anUnusableProxyIsNamedWithoutItsPassword(value: String) {
        let error = #expect(throws: ProxyRules.Invalid.self) {
            try ProxyRules(environment: ["HTTPS_PROXY": value])
        }

        #expect(error?.variable == "HTTPS_PROXY")
        #expect(error?.reason.contains("secret-word") == false)
    }
}
