import Foundation
import Lab
import Testing

@testable import Mirror

extension LabGit {
    /// A commit of an empty tree, made by git.
    func emptyCommit(_ message: String, parent: ObjectID? = nil, in location: URL) async throws -> ObjectID {
        let tree = try await run(["mktree"], in: location).text
        let parents = parent.map { ["-p", "\($0)"] } ?? []
        let commit = try await run(["commit-tree", tree, "-m", message] + parents, in: location).text
        return try #require(ObjectID(hex: commit))
    }
}
