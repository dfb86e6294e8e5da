import Foundation
import Lab

@testable import Mirror

/// A history made by git's fast-import, with everything that packs are made of.
///
/// Large texts that change a little (deltas, chains of them), merges, a file that comes back, a moved folder, an
/// annotated tag, a submodule, and a commit with a malformed author.
struct PackHistory {
    let folder: TemporaryFolder
    let git: LabGit

    var location: URL { URL(filePath: folder.file("history.git")) }
    var path: String { location.path }

    init(commits: Int = 60) async throws {
        folder = try TemporaryFolder()
        git = LabGit(home: URL(filePath: folder.path))
        try await git.run(["init", "--quiet", "--bare", "-b", "main", location.path])
        try await git.run(["fast-import", "--quiet"], in: location, input: Data(Self.script(commits).utf8))
        let tree = try await id("main^{tree}")
        let content =
            "tree \(tree)\nparent \(try await id("main"))\nauthor Nobody 12 +0000\ncommitter Nobody\n\nOld\n"
        let odd = try await git.run(
            ["hash-object", "--literally", "-t", "commit", "-w", "--stdin"],
            in: location,
            input: Data(content.utf8)
        ).text
        try await git.run(["update-ref", "refs/heads/odd", odd], in: location)
    }

    /// The object that an expression names.
    func id(_ expression: String) async throws -> ObjectID {
        let text = try await git.run(["rev-parse", expression], in: location).text
        guard let id = ObjectID(hex: text) else { throw LabError("no id: \(text)") }
        return id
    }

    /// Puts everything into one pack with chains of deltas, or what is loose into one more.
    func pack(everything: Bool = true) async throws {
        try await git.run(
            ["repack", "-q", "-d"] + (everything ? ["-a", "-f", "--depth=20"] : []),
            in: location
        )
    }

    /// The packs, the largest first.
    func packs() throws -> [PackFile] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/objects/pack")
            .filter { $0.hasSuffix(".pack") }.sorted()
            .map { try PackFile(path: path + "/objects/pack/" + $0) }
            .sorted { $0.size > $1.size }
    }

    /// What git finds with `rev-list --objects`.
    func objects(_ arguments: [String]) async throws -> Set<ObjectID> {
        let lines = try await git.run(["rev-list", "--objects"] + arguments, in: location).lines
        return Set(lines.compactMap { ObjectID(hex: String($0.prefix(40))) })
    }

    /// Lets git index a pack, and lists what is in it.
    func objects(inPack bytes: [UInt8]) async throws -> [ObjectID] {
        let target = URL(filePath: folder.file("judge-\(UUID().uuidString).git"))
        try await git.run(["init", "--quiet", "--bare", target.path])
        let name = try await git.run(["index-pack", "--stdin"], in: target, input: Data(bytes)).text
        let pack = "objects/pack/pack-\(name.split(separator: "\t").last ?? "").pack"
        let lines = try await git.run(["verify-pack", "-v", pack], in: target).lines
        return lines.compactMap { ObjectID(hex: String($0.prefix(40))) }
    }

    private static func script(_ commits: Int) -> String {
        var script = ""
        func data(_ text: String) -> String { "data \(text.utf8.count)\n\(text)\n" }
        func text(_ number: Int, _ seed: Int) -> String {
            (0..<200).map { "line \($0) of \(seed) is \($0 % 40 == number % 40 ? number : 0)\n" }.joined()
        }
        for number in 1...commits {
            let branch = number % 5 == 0 ? "topic" : "main"
            script += "commit refs/heads/\(branch)\nmark :\(number)\n"
            script +=
                "committer Lab <lab@example.com> \(1_700_000_000 + number * 60) +0000\n"
                + data("Commit \(number)")
            if number == 5 { script += "from :4\n" }
            if number % 20 == 0 { script += "merge :\(number - 1)\n" }
            script += "M 100644 inline big\n" + data(text(number, 1))
            script += "M 100644 inline deep/folder/\(number % 7)\n" + data(text(number, number % 7))
            script += "M 100644 inline back\n" + data(number % 2 == 0 ? "even\n" : "odd\n")
            if number == 30 { script += "R deep moved\n" }
            if number == 12 { script += "M 160000 \(String(repeating: "ab", count: 20)) module\n" }
        }
        script +=
            "tag v1\nfrom :\(min(10, commits))\ntagger Lab <lab@example.com> 1700001000 +0000\n" + data("One")
        return script + "done\n"
    }
}
