import Foundation
import Mirror

/// The document of `verify --output json`.
struct VerifyJSON: Encodable {
    let result: String
    let run: ResultJSON.Run
    let errors: [SyncFailure]
    let missingGroups: [String]
    let misplaced: [Move]
    let mirrors: Bool
    let proof: String?
    let projects: [Project]

    struct Move: Encodable {
        let from: String
        let to: String
    }

    struct Project: Encodable {
        let source: String
        let target: String
        let kind: RepositoryRole
        let status: String
        let mark: String
        let refs: Int
        let head: String?
        let digests: VerifiedRepository.Digests
        let archives: VerifiedRepository.Archives
        let objects: Int?
        let lfs: VerifiedRepository.LFSObjects?
        let differences: [Difference]
        let error: SyncFailure?
    }

    struct Difference: Encodable {
        let mark: String
        let place: String
        let ref: String
        let expected: String?
        let found: String?
    }

    init(_ report: VerifyReport, run: ResultJSON.Run, status: ExitStatus, proof: String?) {
        result = status.name
        self.run = run
        errors = report.failures
        missingGroups = report.missingGroups
        misplaced = report.moves.map { Move(from: $0.from, to: $0.to) }
        mirrors = report.hasMirrors
        self.proof = proof
        projects = report.repositories.map { repository in
            Project(
                source: repository.source,
                target: repository.target,
                kind: repository.kind,
                status: repository.mark.word,
                mark: repository.mark.rawValue,
                refs: repository.refCount,
                head: repository.head,
                digests: repository.digests,
                archives: repository.archives,
                objects: repository.checkedObjects,
                lfs: repository.lfs,
                differences: repository.lines.map { line in
                    Difference(
                        mark: line.mark.rawValue,
                        place: line.place.rawValue,
                        ref: line.ref,
                        expected: line.expected,
                        found: line.found
                    )
                },
                error: repository.failure
            )
        }
    }

    /// One line of JSON.
    func text() throws -> String {
        try JSONLine.text(self)
    }
}

/// The document of `verify --check-proofs FILE --output json`.
struct ProofCheckJSON: Encodable {
    let result: String
    let run: ResultJSON.Run
    let file: String
    let records: Int
    let lastHash: String?
    let lastTime: String?
    let findings: [Finding]

    struct Finding: Encodable {
        let line: Int
        let message: String
    }

    init(_ chain: ProofCheck, path: String, run: ResultJSON.Run) {
        result = chain.isWhole ? "whole" : "different"
        self.run = run
        file = path
        records = chain.records
        lastHash = chain.lastHash
        lastTime = chain.lastTime
        findings = chain.findings.map { Finding(line: $0.line, message: $0.message) }
    }

    /// One line of JSON.
    func text() throws -> String {
        try JSONLine.text(self)
    }
}
