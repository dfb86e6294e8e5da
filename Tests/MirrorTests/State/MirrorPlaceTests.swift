import Foundation
import Testing

@testable import Mirror

struct MirrorPlaceTests {
    @Test(arguments: [
        ("https://gitlab.example", "gitlab.example"), ("https://GitLab.Example", "gitlab.example"),
        ("http://gitlab.example:8080", "gitlab.example_8080"),
        ("https://example.com/gitlab", "example.com__gitlab"),
        ("http://[::1]:80", "__1_80"),
    ])
    func everyServerHasItsFolder(server: String, folder: String) throws {
        let place = MirrorPlace(state: URL(filePath: "/state"), server: try #require(URL(string: server)))

        #expect(place.mirror(ofProject: 7, isWiki: false).path.hasPrefix("/state/mirrors/"))
        #expect(place.mirror(ofProject: 7, isWiki: false).path.hasSuffix("/7.git"))
        #expect(place.mirror(ofProject: 7, isWiki: true).path.hasSuffix("/7.wiki.git"))
        if !server.contains("[") {
            #expect(place.mirror(ofProject: 7, isWiki: false).path == "/state/mirrors/\(folder)/7.git")
        }
    }

    @Test(arguments: [
        "http://..", "http://.", "http://../../etc", "http://host/../../../etc", "http://host/%2e%2e/%2Fetc",
        "http://...",
        "http://host/a%00b", "http://-rf", "http://h%C3%B6st/ä",
    ])
    func noHostLeadsOutOfTheDirectory(server: String) throws {
        guard let url = URL(string: server) else { return }
        let path = MirrorPlace(state: URL(filePath: "/state"), server: url).mirror(
            ofProject: 7,
            isWiki: false
        ).path
        let components = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)

        #expect(components.count == 5, "\(path)")
        #expect(Array(components.prefix(3)) == ["", "state", "mirrors"])
        #expect(!["", ".", ".."].contains(components[3]))
        #expect(components[3].utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
        #expect(URL(filePath: path).standardizedFileURL.path == path)
    }

    @Test func aMirrorIsAsLargeAsItsPacks() throws {
        let folder = try TemporaryFolder()
        let server = try #require(URL(string: "https://gitlab.example"))
        let place = MirrorPlace(state: URL(filePath: folder.path), server: server)
        for (name, size) in [("pack-1.pack", 3000), ("pack-1.idx", 40), ("pack-2.pack", 500)] {
            let file = "mirrors/gitlab.example/7.git/objects/pack/" + name
            try folder.write(String(repeating: "x", count: size), to: file)
        }

        #expect(place.mirror(ofProject: 7, isWiki: false).size == 3540)
        #expect(place.mirror(ofProject: 8, isWiki: false).size == 0)
    }
}
