import Testing

@testable import Mirror

struct SSHURLTests {
    @Test(arguments: [
        ("ssh://git@host:2222/g/p.git", "git", "host", 2222, "/g/p.git"),
        ("SSH://git@host/g/p.git", "git", "host", nil, "/g/p.git"),
        ("ssh://host:22/g/p", nil, "host", 22, "/g/p"),
        ("ssh://root@[::1]:22007/g/p.git", "root", "::1", 22007, "/g/p.git"),
        ("ssh://[fe80::1%eth0]/g/p.git", nil, "fe80::1%eth0", nil, "/g/p.git"),
        ("ssh://host/~/p.git", nil, "host", nil, "~/p.git"),
        ("ssh://host:22/~user/p.git", nil, "host", 22, "~user/p.git"),
        ("git@host:g/p.git", "git", "host", nil, "g/p.git"),
        ("host:g/p.git", nil, "host", nil, "g/p.git"),
        ("git@host:/g/p.git", "git", "host", nil, "/g/p.git"),
        ("git@host:~/p.git", "git", "host", nil, "~/p.git"),
        ("git@10.0.0.1:g/s/u/p.wiki.git", "git", "10.0.0.1", nil, "g/s/u/p.wiki.git"),
        ("git@[::1]:g/p.git", "git", "::1", nil, "g/p.git"),
        ("[git@::1]:p.git", "git", "::1", nil, "p.git"),
        ("[::1]:p.git", nil, "::1", nil, "p.git"),
        ("[host:2222]:p", nil, "host", 2222, "p"),
        ("git@[host:2222]:p", "git", "host", 2222, "p"),
        ("[root@h:22007]:g/p.git", "root", "h", 22007, "g/p.git"),
        ("[[::1]:22]:g/p.git", nil, nil, nil, nil),
        ("git@host:g/-p/c++/_x.y-z.git", "git", "host", nil, "g/-p/c++/_x.y-z.git"),
        ("deploy.user-1@my_host:p", "deploy.user-1", "my_host", nil, "p"),
    ])
    func readsTheFormsThatPeopleWrite(text: String, user: String?, host: String?, port: Int?, path: String?)
        throws
    {
        guard let host else {
            #expect(throws: SSHError.self) { try SSHURL(text) }
            return
        }
        let url = try SSHURL(text)
        #expect(url.user == user)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
    }

    @Test(arguments: [
        "", " ", "p.git", "/srv/p.git", "./a:b", "../a:b", "C:/x", "file:///srv/p.git", "http://host/p.git",
        "https://host/p.git", "git://host/p.git", "git+ssh://git@host/p.git", "ssh+git://host/p.git",
        "ext::sh -c id", "ext::id", "fd::17", "ssh://host", "ssh:///p.git", "ssh://@host/p.git",
        "ssh://host:/p.git",
        "ssh://host:0/p.git", "ssh://host:99999/p.git", "ssh://host:65536/p", "ssh://host:2x/p",
        "ssh://host:+22/p",
        "ssh://-oProxyCommand=id/x", "-oProxyCommand=id:x", "git@-oProxyCommand=id:x", "-l@host:x",
        "ssh://-l@host/x", "git@host:-x.git", "git@host:", "git@host:/", "ssh://host/", "git@host://p.git",
        "ssh://host//p.git", "git@host:a//b", "git@host:../p.git", "git@host:a/../p.git", "ssh://host/a/..",
        "ssh://host/./a", "git@host:a/.", "ssh://host/p?a=b", "ssh://host/p#c", "git@host:p q.git",
        "git@host:p%20q",
        "git@host:p'q", "git@host:$(id)", "git@host:p;id", "git@host:p&q", "git@host:p|q", "git@host:p`id`",
        "git@host:p\"q", "git@host:p\\q", "git@host:p\nq", "git@host:p\u{0}q", "git@host:p\u{1b}[31m",
        "git@ho st:p",
        "git@hö:p", "git@host:ü.git", "git@host:g*", "git@host:a~b", "[::1]p.git", "[::1:p.git",
        "[nonsense::]:p",
        "ssh://[host]/p", "ssh://[::1]x/p", "a@[b@host:22]:p", "git@.host:p", "git@a..b:p", "%67it@host:p",
        "ssh://user:password@host/p", "user:password@host:p", "git@host;id:p", "git@ho$st:p",
    ])
    func refusesEverythingElse(text: String) {
        #expect {
            try SSHURL(text)
        } throws: {
            ($0 as? SSHError)?.code == .invalidURL
        }
    }

    @Test func namesTheRefusedValueEscapedAndWithoutPassword() throws {
        let colours = try #require(throws: SSHError.self) { try SSHURL("git@host:p\u{1b}[31m\n\"") }
        #expect(colours.message.contains(#""git@host:p\u{1b}[31m\u{a}\"""#))
        let secret = try #require(throws: SSHError.self) { try SSHURL("ssh://user:hunter2@host/p") }
        #expect(!secret.description.contains("hunter2"))
        #expect(secret.message.contains("ssh://user:***@host/p"))
    }

    @Test(arguments: [
        ("git@host:g/p.git", "ssh://git@host/g/p.git"),
        ("ssh://git@host:22/g/p.git", "ssh://git@host/g/p.git"),
        ("[host:2222]:p", "ssh://host:2222/p"),
        ("git@[::1]:p.git", "ssh://git@[::1]/p.git"),
        ("host:~/p", "ssh://host/~/p"),
    ])
    func printsTheLongForm(text: String, expected: String) throws {
        let url = try SSHURL(text)
        #expect(url.description == expected)
        #expect(try SSHURL(url.description).description == expected)
    }

    @Test(arguments: [
        ("ssh://git@host/g/p.git", "git-upload-pack '/g/p.git'"),
        ("git@host:g/p.git", "git-upload-pack 'g/p.git'"),
        ("ssh://h:22/~/p.git", "git-upload-pack '~/p.git'"),
        ("[root@h:22007]:g/p.git", "git-upload-pack 'g/p.git'"),
    ])
    func asksForThePathInTheFormOfTheURL(text: String, expected: String) throws {
        #expect(try SSHURL(text).gitCommand(.uploadPack) == expected)
    }

    @Test func quotesForAShell() throws {
        let url = try SSHURL("git@host:g/p.git")
        #expect(url.gitCommand(.receivePack) == "git-receive-pack 'g/p.git'")
        #expect(url.lfsAuthenticateCommand(.download) == "git-lfs-authenticate 'g/p.git' download")
        #expect(SSHURL.quoted("a'b!c") == #"'a'\''b'\!'c'"#)
    }
}
