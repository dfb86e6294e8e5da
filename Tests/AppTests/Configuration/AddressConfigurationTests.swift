import Foundation
@testable import Mirror
import Testing

@testable import App

/// The addresses of the servers, and what may not be each other's copy.
struct AddressConfigurationTests {
    @Test(arguments: [
        ("ssh://git@host:2222", "ssh://git@host:2222"), ("ssh://git@host:2222///", "ssh://git@host:2222"),
        ("ssh://host", "ssh://host"), ("SSH://git@host", "SSH://git@host"),
        ("ssh://git@[::1]:22", "ssh://git@[::1]:22"),
        ("ssh://git@host/relative", "ssh://git@host/relative"),
        ("https://host/gitlab/", "https://host/gitlab"),
    ])
    func pushURLs(text: String, base: String) throws {
        let settings = try Resolving.settings(["--push-url", text])
        #expect(settings.pushBase?.url(forProject: "group/project") == "\(base)/group/project.git")
    }

    @Test(arguments: [
        "git@host:group", "https://", "https://host?x=y", "host", "ssh://", "ssh://-oProxyCommand=x",
        "ssh://git@host:port",
        "ssh://a b",
        "ssh://host;x", "file:///tmp",
    ])
    func pushURLsThatAreRefused(text: String) throws {
        let error = try Resolving.failure(["--push-url", text])

        #expect(error.message == "--push-url is '\(Values.withoutSecrets(text))'")
        #expect(error.hint == "write a base such as ssh://git@host:2222 or https://host")
    }

    @Test(arguments: [
        ("ftp://gitlab.example", "no http or https URL"), ("gitlab.example", "no URL"),
        ("https://", "names no host"),
        ("https:///groups", "names no host"), ("", "is not set"), ("https://gitlab example", "no URL"),
        ("https://user:word@gitlab.example", "a user name or a password"),
        ("https://user@gitlab.example", "a user name or a password"),
        ("https://gitlab.example?private_token=word", "a query"), ("https://gitlab.example/#top", "a query"),
    ])
    func badServerURLs(text: String, reason: String) throws {
        for name in ["LOCAL_GITLAB_URL", "REMOTE_GITLAB_URL"] {
            let error = try Resolving.failure([], [name: text])
            #expect(error.message.hasPrefix(name))
            #expect(error.message.contains(reason))
            #expect(error.hint.contains(text.isEmpty ? "--" : "https://gitlab.example.com"))
        }
    }

    @Test func aPasswordInAURLIsNotPrinted() throws {
        for url in [
            "https://oauth2:glpat-hidden@gitlab.example", "https://glpat-hidden@gitlab.example/root",
            "https://gitlab.example/?private_token=glpat-hidden", "ftp://user:glpat-hidden@gitlab.example",
            "https://gitlab.example/#glpat-hidden", "oauth2:glpat-hidden@gitlab example",
        ] {
            let errors = [
                try Resolving.failure([], ["LOCAL_GITLAB_URL": url]),
                try Resolving.failure(["--push-url", url]),
            ]
            for error in errors {
                #expect(!error.description.contains("glpat-hidden"))
                #expect(error.description.contains("gitlab"))
            }
        }
    }

    @Test(arguments: [
        ("https://gitlab.example", "https://gitlab.example"),
        ("https://gitlab.example", "https://GitLab.example/"),
        ("https://gitlab.example/root/", "https://gitlab.example/root"),
        ("https://gitlab.example:443", "https://gitlab.example"),
        ("http://gitlab.example", "http://gitlab.example:80/"),
    ])
    func aGitLabIsNotCopiedOntoItself(source: String, target: String) throws {
        for flags in [[], ["--local-group", "a"], ["--group", "a=b", "--group", "c=C"]] {
            let error = try Resolving.failure(
                flags,
                ["LOCAL_GITLAB_URL": source, "REMOTE_GITLAB_URL": target]
            )
            #expect(error.message.contains("source and target are the same GitLab"))
            #expect(error.hint.contains("REMOTE_GITLAB_URL"))
        }
    }

    @Test(arguments: [
        ["--group", "a=a/copy"], ["--local-group", "a", "--remote-parent-group", "a"],
        ["--local-group", "a,b", "--remote-parent-group", "b/copies"], ["--remote-parent-group", "copies"],
        ["--group", "a=b", "--group", "b=c"], ["--group", "a/b=a"],
    ])
    func aCopyWithinOneGitLabStaysOutOfItsSources(flags: [String]) throws {
        let error = try Resolving.failure(
            flags,
            ["LOCAL_GITLAB_URL": "https://gitlab.example", "REMOTE_GITLAB_URL": "https://gitlab.example"]
        )
        #expect(error.message.contains("source and target are the same GitLab"))
    }

    @Test(arguments: [["--group", "a=b"], ["--local-group", "a", "--remote-parent-group", "copies"]])
    func aCopyWithinOneGitLabIsPossible(flags: [String]) {
        #expect(throws: Never.self) {
            try Resolving.settings(
                flags,
                ["LOCAL_GITLAB_URL": "https://gitlab.example", "REMOTE_GITLAB_URL": "https://gitlab.example"]
            )
        }
    }

    @Test func aServersURLIsTheSameHoweverItIsWritten() throws {
        for url in ["https://gitlab.example/", "https://GitLab.example", "HTTPS://gitlab.example:443//"] {
            let settings = try Resolving.settings([], ["LOCAL_GITLAB_URL": url])
            #expect(settings.source.url.absoluteString == "https://gitlab.example")
        }
        let root = try Resolving.settings([], ["LOCAL_GITLAB_URL": "http://host:8080/GitLab/"])
        #expect(root.source.url.absoluteString == "http://host:8080/GitLab")
    }
}
