import Foundation
import Testing

@testable import Mirror

struct SSHConfigTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func settings(
        _ text: String,
        host: String = "gitlab",
        user: String? = nil,
        port: Int? = nil
    ) throws -> SSHHostSettings {
        let file = try folder.write(text, to: "config")
        let surroundings = SSHConfig.Surroundings(
            home: "/home/me",
            localUser: "me",
            environment: ["AGENT": "/run/agent", "KEYS": "/keys"]
        )
        return try SSHConfig(files: [file], surroundings: surroundings).settings(
            for: host,
            user: user,
            port: port
        )
    }

    @Test func readsEveryKeyThatMatters() throws {
        let settings = try settings(
            """
            # a comment
            Host gitlab
                HostName gitlab.example.com
                Port 2222
                User git
                IdentityFile ~/.ssh/one
                IdentityFile "/with space/two"
                IdentitiesOnly yes
                IdentityAgent /run/my-agent
                UserKnownHostsFile ~/.ssh/a /b
                GlobalKnownHostsFile none
                StrictHostKeyChecking yes
                HostKeyAlias alias
                HashKnownHosts=yes
                ConnectTimeout 7
            """
        )
        let expected = SSHHostSettings(
            hostName: "gitlab.example.com",
            port: 2222,
            user: "git",
            identityFiles: ["/home/me/.ssh/one", "/with space/two"],
            identitiesOnly: true,
            identityAgent: .socket("/run/my-agent"),
            userKnownHostsFiles: ["/home/me/.ssh/a", "/b"],
            globalKnownHostsFiles: [],
            hostKeyPolicy: .strict,
            hostKeyAlias: "alias",
            hashKnownHosts: true,
            connectTimeout: .seconds(7)
        )
        #expect(settings == expected)
    }

    @Test(arguments: [
        ("User first\nHost *\nUser second", "first"),
        ("Host other\nUser a\nHost git*\nUser b\nHost *\nUser c", "b"),
        ("Host * !gitlab\nUser a\nHost *\nUser b", "b"),
        ("Host !other *\nUser a", "a"),
        ("Host !gitlab\nUser a", nil),
        ("Host a gitlab b\nUser x", "x"),
        ("HOST GITLAB\nuSER x", "x"),
        ("Host g?tlab\nUser=x", "x"),
        ("Host gitlab\nUser = x", "x"),
        ("Host \"gitlab\"\nUser \"x\"", "x"),
        ("Host gitlab\r\nUser x\r\n", "x"),
        ("Match all\nUser x", "x"),
        ("Match host gitlab,other\nUser x", "x"),
        ("Match !host gitlab\nUser x", nil),
        ("HostName real\nMatch host real\nUser x", "x"),
        ("HostName real\nMatch originalhost gitlab\nUser x", "x"),
        ("Match localuser me user git\nUser x", "x"),
        ("Match localuser you\nUser x\nHost *\nUser y", "y"),
    ])
    func takesTheFirstValueThatApplies(text: String, user: String?) throws {
        #expect(try settings(text).user == user)
    }

    @Test(arguments: [
        ("/k/%h", "/k/real.example.com"), ("/k/%n", "/k/gitlab"), ("/k/%p-%r", "/k/2200-deploy"),
        ("/k/%u%%", "/k/me%"), ("%d/k", "/home/me/k"), ("~/k", "/home/me/k"), ("${KEYS}/k", "/keys/k"),
        ("~other/k", "~other/k"), ("/k/%", "/k/%"),
    ])
    func expandsTokens(text: String, expected: String) throws {
        let text = "HostName real.example.com\nPort 1\nIdentityFile \(text)"
        #expect(try settings(text, user: "deploy", port: 2200).identityFiles == [expected])
    }

    @Test func expandsTheHostInHostName() throws {
        #expect(try settings("HostName %h.example.com").hostName == "gitlab.example.com")
    }

    @Test(arguments: [
        ("IdentityAgent none", SSHHostSettings.Agent.none), ("IdentityAgent SSH_AUTH_SOCK", .environment),
        ("IdentityAgent $AGENT", .socket("/run/agent")), ("IdentityAgent ~/a", .socket("/home/me/a")),
        ("IdentityAgent $UNSET", .none),
    ])
    func readsWhichAgent(text: String, expected: SSHHostSettings.Agent) throws {
        #expect(try settings(text).identityAgent == expected)
    }

    @Test(arguments: [
        ("ProxyJump bastion", ["ProxyJump"]), ("ProxyCommand nc %h %p", ["ProxyCommand"]),
        ("ProxyJump none", []),
        ("ProxyCommand none\nProxyJump bastion", []), ("Host other\nProxyJump bastion", []),
        ("CertificateFile x", ["CertificateFile"]), ("Match exec true\nUser x", ["Match exec"]),
        ("User x", []),
    ])
    func notesWhatTheLibraryCannotDo(text: String, expected: [String]) throws {
        #expect(try settings(text).beyondLibrary == expected)
    }

    @Test(arguments: [
        ("yes", HostKeyPolicy.strict), ("accept-new", .acceptNew), ("no", .acceptNew), ("ask", .acceptNew),
    ])
    func readsThePolicy(text: String, expected: HostKeyPolicy) throws {
        #expect(try settings("StrictHostKeyChecking \(text)").hostKeyPolicy == expected)
    }

    @Test func includesFilesWhereTheyStand() throws {
        try folder.write("User included\nHost other\nPort 1\n", to: "b.conf")
        try folder.write("Port 2\n", to: "c.conf")
        #expect(try settings("Include *.conf\nUser own").user == "included")
        // A Host line of an included file ends with that file.
        #expect(try settings("Include b.conf\nPort 3").port == 3)
        #expect(try settings("Host other\nInclude c.conf\nHost *\nPort 4").port == 4)
        #expect(try settings("Include none.conf \(folder.file("c.conf"))").port == 2)
    }

    @Test func refusesAFileThatIncludesItself() throws {
        let error = #expect(throws: SSHError.self) { try settings("Include config") }
        #expect(error?.code == .configuration)
    }

    /// `ssh -G` prints what OpenSSH itself takes from a file.
    @Test(arguments: ["gitlab", "other.example.com", "x"])
    func agreesWithOpenSSH(host: String) throws {
        let text = """
            Host gitlab
                HostName %h.example.com
                Port 2222
            Host *.example.com !other.*
                User a
            Match originalhost x
                User m
                IdentityFile /k/%h-%r
            Host *
                User b
                IdentityFile /k/%h
                IdentitiesOnly yes
            """
        let ours = try settings(text, host: host)
        let lines = try Tool.run("ssh", "-G", "-F", folder.file("config"), host).output.split(separator: "\n")
        func value(_ name: String) -> String? {
            lines.first { $0.hasPrefix(name + " ") }.map { String($0.dropFirst(name.count + 1)) }
        }
        #expect(value("user") == ours.user)
        #expect(value("hostname") == ours.hostName ?? host)
        #expect(value("port") == String(ours.port ?? 22))
        #expect(value("identitiesonly") == (ours.identitiesOnly == true ? "yes" : "no"))
    }
}
