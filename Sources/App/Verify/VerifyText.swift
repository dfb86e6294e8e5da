import Foundation
import Mirror

/// The result of `verify` as lines for people.
enum VerifyText {
    static func report(_ report: VerifyReport, seconds: Double, proof: String?) -> String {
        var lines = report.missingGroups.map { "+ group \($0.escapedForDisplay)" }
        lines += report.moves.map {
            "* the copy at \($0.from.escapedForDisplay) belongs at \($0.to.escapedForDisplay)"
        }
        lines += report.failures.map { "! \($0.code): \($0.message)\n    next step: \($0.hint)" }
        for repository in report.repositories {
            lines.append("\(repository.mark.rawValue) \(facts(repository))")
            lines += repository.lines.map { "    \(line($0))" }
            if let failure = repository.failure {
                let mark = repository.isEqual ? "=" : "!"
                lines.append(
                    "    \(mark) \(failure.code): \(failure.message)\n      next step: \(failure.hint)"
                )
            }
        }
        if !report.hasMirrors {
            lines.append("there are no mirrors of this source here: only the two servers were compared")
        }
        if let proof { lines.append("proof \(proof)") }
        return (lines + [summary(report, seconds: seconds)]).joined(separator: "\n")
    }

    /// What a proof file's chain says.
    static func proofs(_ chain: ProofCheck, path: String) -> String {
        let file = path.escapedForDisplay
        guard chain.isWhole else {
            return
                (chain.findings.map { "! \(file), line \($0.line): \($0.message)" }
                + ["NOT WHOLE: \(chain.records) lines"]).joined(separator: "\n")
        }
        guard let hash = chain.lastHash, let time = chain.lastTime else { return "= \(file): no records" }
        return """
            = \(file): \(chain.records) records, each follows the one before
            last record: \(time) \(hash)
            Records that were cut off at the end leave no trace: compare this hash with the one that you noted elsewhere.
            """
    }

    private static func facts(_ repository: VerifiedRepository) -> String {
        var line = "\(name(repository)) -> \(repository.target.escapedForDisplay)"
        guard let digest = repository.digests.source else { return line }
        line += "  \(repository.refCount) refs"
        if let head = repository.head { line += ", HEAD \(head.escapedForDisplay)" }
        let archives = repository.archives
        if archives.both > 0 { line += ", \(archives.both) old tips kept" }
        if archives.mirrorOnly > 0 { line += ", \(archives.mirrorOnly) in the mirror only" }
        if archives.targetOnly > 0 { line += ", \(archives.targetOnly) on the target only" }
        if let lfs = repository.lfs { line += ", \(lfs.count) LFS objects" }
        if let objects = repository.checkedObjects { line += ", \(objects) objects read" }
        return line + ", sha256 \(digest)"
    }

    private static func line(_ line: VerifiedLine) -> String {
        let place = line.place == .mirror ? "mirror " : ""
        let text = "\(line.mark.rawValue) \(place)\(line.ref.escapedForDisplay)"
        switch (line.expected, line.found) {
        case (let expected?, let found?): return "\(text) is \(short(found)), should be \(short(expected))"
        case (let value?, nil), (nil, let value?): return "\(text) \(short(value))"
        case (nil, nil): return text
        }
    }

    /// The first digits of an object id; a branch whole.
    private static func short(_ value: String) -> String {
        value.hasPrefix("refs/") ? value.escapedForDisplay : String(value.prefix(12))
    }

    private static func name(_ repository: VerifiedRepository) -> String {
        repository.source.escapedForDisplay + (repository.kind == .wiki ? " (wiki)" : "")
    }

    private static func summary(_ report: VerifyReport, seconds: Double) -> String {
        let refs = report.repositories.reduce(0) { $0 + $1.refCount }
        let wrong = report.repositories.count { !$0.isEqual }
        let verdict = report.isEqual ? "equal" : "NOT EQUAL"
        let differing = wrong > 0 ? "\(wrong) of " : ""
        return
            "\(verdict): \(differing)\(report.repositories.count) repositories, \(refs) refs in \(seconds) s"
    }
}
