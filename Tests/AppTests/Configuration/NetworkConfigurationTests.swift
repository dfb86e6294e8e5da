import Foundation
import Mirror
import Testing

@testable import App

/// How servers are reached: transport, authorities, proxies.
@Suite struct NetworkConfigurationTests {
    @Test func gitTravelsOverSSHUnlessItIsSaid() throws {
        #expect(try Resolving.settings().transport == .ssh)
        #expect(try Resolving.settings([], ["GITLAB_SYNC_TRANSPORT": "HTTPS"]).transport == .https)
        #expect(
            try Resolving.settings(["--transport", "ssh"], ["GITLAB_SYNC_TRANSPORT": "https"]).transport
                == .ssh
        )
        let error = try Resolving.failure(["--transport", "http"])
        #expect(error.message == "unknown value 'http' of --transport")
        #expect(error.hint.contains("did you mean 'https'?"))
    }

    @Test func aFileWithoutCertificatesIsNamed() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("no certificate\n", to: "ca.pem")
        let key = try folder.write(
            "-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n",
            to: "broken.pem"
        )

        for (path, reason) in [
            ("/not/there.pem", "cannot be read"), (file, "holds no certificate"),
            (key, "holds no certificate"),
        ] {
            for error in [
                try Resolving.failure(["--ca-file", path]),
                try Resolving.failure([], ["GITLAB_SYNC_CA_FILE": path]),
            ] {
                #expect(error.message.contains("the file '\(path)' of "))
                #expect(error.message.contains(reason))
                #expect(error.hint.contains("PEM"))
            }
        }
    }

    @Test func proxiesComeFromTheEnvironmentAndTheirPasswordsAreSecrets() throws {
        let settings = try Resolving.settings(
            [],
            ["https_proxy": "http://robot:proxy-password@proxy.example:3128"]
        )

        #expect(settings.secrets.map { $0.reveal() }.contains("proxy-password"))
        #expect(settings.secrets.count == 3)
    }

    @Test func aProxyThatCannotBeUsedIsNamedWithoutItsPassword() throws {
        let error = try Resolving.failure([], ["HTTPS_PROXY": "socks5://robot:proxy-password@proxy.example"])

        #expect(error.message == "HTTPS_PROXY names a proxy that is not reached by http://")
        #expect(!error.description.contains("proxy-password"))
    }

    @Test func noTokenTravelsInTheClearToAPushURL() throws {
        let error = try Resolving.failure(["--push-url", "http://gitlab.paris.example"])
        #expect(error.message.contains("in the clear"))

        let settings = try Resolving.settings(
            ["--push-url", "http://gitlab.paris.example"],
            ["REMOTE_GITLAB_URL": "http://gitlab.paris.example"]
        )
        #expect(settings.pushBase?.usesHTTP == true)
    }
}
