import ArgumentParser
import Foundation
import Lab

struct CompareCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare branches, tags and HEAD of both sides of a running lab, repository by repository.",
        discussion:
            "Reads the servers' own repositories. The exit status is 1 if any copy is missing or differs."
    )

    @Option(help: "The file that 'up' wrote.")
    var envFile: String

    @Option(help: ArgumentHelp("Where a source group goes, as SOURCE=TARGET.", valueName: "mapping"))
    var map: [String] = []

    func run() async throws {
        let environment = try EnvironmentFile(reading: URL(filePath: envFile))
        let source = try await LabClient(server: environment.server("LOCAL_GITLAB_URL")).projects()
        let target = try await LabClient(server: environment.server("REMOTE_GITLAB_URL")).projects()
        let copies = Dictionary(target.map { ($0.path.lowercased(), $0) }) { $1 }
        var isEqual = true
        for project in source where !project.pendingDeletion {
            let copy = copies[mapped(project.path).lowercased()]
            var verdict = try await verdict(project.repository, copy?.repository)
            print("\(verdict.mark) \(project.path) \(verdict.text)")
            isEqual = isEqual && verdict.mark == "="
            guard let wiki = project.wiki else { continue }
            verdict = try await self.verdict(wiki, copy?.wiki)
            print("\(verdict.mark) \(project.path) (wiki) \(verdict.text)")
            isEqual = isEqual && verdict.mark == "="
        }
        if !isEqual { throw ExitCode(1) }
    }

    private func mapped(_ path: String) -> String {
        for mapping in map {
            let parts = mapping.split(separator: "=").map(String.init)
            guard parts.count == 2, path.hasPrefix(parts[0] + "/") else { continue }
            return parts[1] + path.dropFirst(parts[0].count)
        }
        return path
    }

    private func verdict(_ source: String, _ copy: String?) async throws -> (mark: String, text: String) {
        guard let copy else { return ("+", "is missing on the target") }
        let (wanted, found) = (try await refs(in: source), try await refs(in: copy))
        let differing = Set(wanted.keys).union(found.keys).filter { wanted[$0] != found[$0] }.sorted()
        guard !differing.isEmpty else { return ("=", "\(wanted.count) refs") }
        return ("*", "differs in \(differing.prefix(5).joined(separator: ", "))")
    }

    private func refs(in repository: String) async throws -> [String: String] {
        let directory = URL(filePath: repository)
        let git = LabGit(home: directory)
        let arguments = ["for-each-ref", "--format=%(objectname) %(refname)", "refs/heads/", "refs/tags/"]
        let lines = try await git.run(arguments, in: directory).lines
        var refs: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: " ", maxSplits: 1)
            refs[String(parts[1])] = String(parts[0])
        }
        if !refs.isEmpty {
            refs["HEAD"] = Self.effectiveHead(
                try await git.run(["symbolic-ref", "HEAD"], in: directory).text,
                refs
            )
        }
        return refs
    }

    /// The branch that Gitaly shows as the default one: a wiki's HEAD cannot be changed, so it may name none.
    private static func effectiveHead(_ head: String, _ refs: [String: String]) -> String? {
        let branches = refs.keys.filter { $0.hasPrefix("refs/heads/") }.sorted()
        return [head, "refs/heads/main", "refs/heads/master"].first(where: branches.contains)
            ?? branches.first
    }
}
