import Foundation
import Lab

@testable import Mirror

extension SyncFixture {
    /// What was asked of the target besides reading, without what belongs to branches.
    private var changingRequests: [LabRequest] {
        target.requests.filter {
            $0.method != "GET" && !$0.body.contains("\"default_branch\"") && !$0.path.contains("protected")
        }
    }

    /// The settings that were written to the target, one object a request.
    var writtenSettings: [[String: JSON]] {
        changingRequests.filter { $0.method == "PUT" }.map { request in
            let json = try? JSONDecoder().decode(JSON.self, from: Data(request.body.utf8))
            return Dictionary(uniqueKeysWithValues: (json?.members ?? []).map { ($0.name, $0.value) })
        }
    }

    /// What was asked of the target besides reading, for example `POST archive`.
    var writes: [String] {
        changingRequests.map {
            "\($0.method) \($0.path.split(separator: "/").last ?? "")"
        }
    }

    /// Forgets what was asked of either server.
    func clearJournals() {
        source.clearJournal()
        target.clearJournal()
    }

    /// Makes a project with one commit at the source.
    func makeApp(_ path: String = "acme/app", _ change: (inout ProjectOptions) -> Void = { _ in })
        async throws
    {
        try source.createProject(path, options: ProjectOptions(change))
        try await source.commit(to: path, files: ["a": "1\n"])
    }
}

extension MirrorRules {
    /// Rules that differ from the default by a closure.
    static func with(_ change: (inout MirrorRules) -> Void) -> MirrorRules {
        var rules = MirrorRules()
        change(&rules)
        return rules
    }
}
