import Foundation
import Testing

@testable import Mirror

extension FaultBench {
    /// What `full.git` is to a run.
    static let repository = SourceRepository(id: 1, kind: .project)

    /// A run's work on `full.git`, of which `empty.git` is the copy.
    func sync(releasing released: HeldLosses? = nil) throws -> RepositorySync {
        let server = try #require(URL(string: "https://gitlab.example"))
        let place = MirrorPlace(state: URL(filePath: folder.file("state")), server: server)
        return RepositorySync(
            source: try remote("full.git"),
            target: try remote("empty.git"),
            mirror: place.mirror(ofProject: Self.repository.id, isWiki: false),
            description: "full",
            reportedSize: 0,
            transfers: CostLimit(1),
            rules: MirrorRules(),
            archive: ArchiveFolder(time: Date()),
            dropsArchivesBefore: nil,
            targetIsNew: false,
            repository: Self.repository,
            isKnownCopy: true,
            released: released
        )
    }
}
