import Foundation
import Testing

@testable import Mirror

/// The chain of proofs: what it says, and what of a change it finds.
struct ProofFileTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("proofs.jsonl")
    }

    private var settings: SyncSettings {
        get throws {
            SyncSettings(
                source: ServerSettings(
                    url: try #require(URL(string: "https://a.example")),
                    token: Secret("glpat-secret-1")
                ),
                target: ServerSettings(
                    url: try #require(URL(string: "https://b.example/git")),
                    token: Secret("glpat-secret-2")
                ),
                stateDirectory: URL(filePath: folder.path)
            )
        }
    }

    private func report(_ number: Int) -> VerifyReport {
        var report = VerifyReport()
        var repository = VerifiedRepository(source: "acme/app", target: "x/app", kind: .project)
        repository.refCount = number
        repository.digests.source = String(repeating: "a", count: 64)
        report.repositories = [repository]
        return report
    }

    /// Writes a file of five records.
    private func fill() throws -> [String] {
        for number in 1...5 {
            let time = Date(timeIntervalSince1970: 1_764_000_000 + Double(number) * 3600)
            try ProofFile(path: path).append(report(number), isDeep: false, settings: settings, at: time)
        }
        return try lines()
    }

    private func lines() throws -> [String] {
        try folder.read("proofs.jsonl").split(separator: "\n").map(String.init)
    }

    private func check(_ lines: [String]) throws -> [ProofCheck.Finding] {
        try folder.write(lines.map { $0 + "\n" }.joined(), to: "proofs.jsonl")
        return try ProofCheck(path: path).findings
    }

    @Test func aWholeChainHoldsWhatAnAuditorNeedsAndNoSecret() throws {
        let lines = try fill()
        let check = try ProofCheck(path: path)
        #expect(check.isWhole)
        #expect(check.records == 5)
        #expect(check.lastTime == "2025-11-24T21:00:00Z")
        #expect(try !folder.read("proofs.jsonl").contains("glpat"))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        let record = try #require(ProofLine(Data(lines[2].utf8))?.record)
        #expect(record.number == 3)
        #expect(record.source == "https://a.example")
        #expect(record.target == "https://b.example/git")
        #expect(record.result == "equal")
        #expect(record.counts == ["equal": 1])
        #expect(record.version == ProductVersion.current)
        #expect(record.repositories.first?.digests.source == String(repeating: "a", count: 64))
        #expect(record.repositories.first?.refs == 3)
    }

    /// As the documentation tells an auditor.
    @Test func theHashesAreThoseOfSha256sum() throws {
        let lines = try fill()
        for (index, line) in lines.enumerated() {
            let command =
                "sed -n \(index + 1)p '\(path)' | sed 's/,\"hash\":\"[0-9a-f]*\"}$//' | tr -d '\\n' | sha256sum"
            let hash = try Tool.run("bash", "-c", command).output.prefix(64)
            #expect(line.hasSuffix(",\"hash\":\"\(hash)\"}"))
            if index + 1 < lines.count { #expect(lines[index + 1].contains("\"previous\":\"\(hash)\"")) }
        }
        #expect(lines[0].contains("\"previous\":\"\(String(repeating: "0", count: 64))\""))
    }

    @Test func anEditedRecordIsNamed() throws {
        var lines = try fill()
        lines[1] = lines[1].replacing("\"refs\":2", with: "\"refs\":7")
        let findings = try check(lines)
        #expect(findings.map(\.line) == [2])
        #expect(findings.first?.message.hasPrefix("was edited") == true)
    }

    @Test func anEditedRecordWithAHashOfItsOwnBreaksTheChainBehindIt() throws {
        var lines = try fill()
        let body = lines[1].dropLast(75).replacing("\"refs\":2", with: "\"refs\":7")
        lines[1] = "\(body)\(ProofLine.hashKey)\(ProofLine.hash(of: Data(body.utf8)))\"}"
        let findings = try check(lines)
        #expect(findings.map(\.line) == [3])
        #expect(findings.first?.message.contains("that one was replaced") == true)
    }

    @Test func aRemovedRecordIsNamed() throws {
        var lines = try fill()
        lines.remove(at: 2)
        #expect(
            try check(lines) == [ProofCheck.Finding(line: 3, message: "record 3 before it was removed")]
        )
        lines.remove(at: 2)
        #expect(
            try check(lines) == [
                ProofCheck.Finding(line: 3, message: "the records 3 to 4 before it were removed")
            ]
        )
        lines.removeFirst(1)
        #expect(try check(lines).map(\.line) == [1, 2])
        #expect(try check(lines)[0].message == "record 1 before it was removed")
    }

    @Test func recordsInAnotherOrderAreNamed() throws {
        var lines = try fill()
        lines.swapAt(1, 2)
        #expect(
            try check(lines).map { "\($0.line) \($0.message.prefix(15))" } == [
                "2 follows line 3,", "3 follows line 1,", "4 follows line 2,",
            ]
        )
        lines.swapAt(1, 2)
        lines.insert(lines[3], at: 4)
        #expect(try check(lines).map(\.line) == [5])
    }

    @Test func aCutOffLineIsNamed() throws {
        var lines = try fill()
        let whole = lines[2]
        lines[2] = String(whole.prefix(100))
        #expect(
            try check(lines) == [ProofCheck.Finding(line: 3, message: "is no record, or a part of one")]
        )
        // Together with its line break.
        lines[2] = whole.prefix(100) + lines.remove(at: 3)
        #expect(try check(lines).first?.line == 3)
        try folder.write(lines[0] + "\n" + lines[1].prefix(50), to: "proofs.jsonl")
        #expect(try ProofCheck(path: path).findings == [ProofCheck.Finding(line: 2, message: "is cut off")])
    }

    /// What no chain can find: that is what noting the last hash is for.
    @Test func aCutOffEndShowsInTheLastHashOnly() throws {
        var lines = try fill()
        let last = try ProofCheck(path: path).lastHash
        lines.removeLast()
        #expect(try check(lines) == [])
        #expect(try ProofCheck(path: path).lastHash != last)
    }

    @Test func nothingIsChainedToABrokenEnd() throws {
        var lines = try fill()
        lines[4] = lines[4].replacing("\"refs\":5", with: "\"refs\":7")
        _ = try check(lines)
        let before = try folder.read("proofs.jsonl")
        let error = #expect(throws: SyncFailure.self) {
            try ProofFile(path: path).append(report(6), isDeep: false, settings: settings, at: Date())
        }
        #expect(error?.code == "proof-file")
        #expect(try folder.read("proofs.jsonl") == before)
        let place = #expect(throws: SyncFailure.self) {
            try ProofFile(path: folder.path + "/no/file")
                .append(report(6), isDeep: false, settings: settings, at: Date())
        }
        #expect(place?.message.contains("No such file or directory") == true)
    }

    /// The chain holds, and the number is none that follows.
    @Test func aLastRecordOfAnotherNumberIsNamed() throws {
        var lines = try fill()
        let body = lines[4].dropLast(75).replacing("\"number\":5", with: "\"number\":9")
        lines[4] = "\(body)\(ProofLine.hashKey)\(ProofLine.hash(of: Data(body.utf8)))\"}"
        let numbered = ProofCheck.Finding(line: 5, message: "is numbered 9, where record 5 belongs")
        #expect(try check(lines) == [numbered])
    }

    /// A process that was killed while it wrote: what it left may be longer than what takes its place.
    @Test(arguments: [70, 5000])
    func anUnfinishedLineIsReplaced(length: Int) throws {
        let lines = try fill()
        let rest = lines[1].prefix(70) + String(repeating: " ", count: length - 70)
        try folder.write(lines[0] + "\n" + rest, to: "proofs.jsonl")
        try ProofFile(path: path).append(report(2), isDeep: true, settings: settings, at: Date())
        let check = try ProofCheck(path: path)
        #expect(check.isWhole)
        #expect(check.records == 2)
    }

    @Test(.enabled(if: SmallFileSystem.isPossible, "needs the right to mount"))
    func aRecordThatAFullDiskCutsOffIsTakenBack() throws {
        let disk = try SmallFileSystem(megabytes: 1)
        let file = ProofFile(path: disk.path + "/proofs.jsonl")
        try file.append(report(1), isDeep: false, settings: settings, at: Date())
        let before = try Data(contentsOf: URL(filePath: disk.path + "/proofs.jsonl"))
        var large = report(2)
        large.repositories = Array(repeating: large.repositories[0], count: 10_000)

        let error = #expect(throws: SyncFailure.self) {
            try file.append(large, isDeep: false, settings: settings, at: Date())
        }

        #expect(error?.code == "proof-file")
        #expect(try Data(contentsOf: URL(filePath: disk.path + "/proofs.jsonl")) == before)
    }

    @Test func twoThatAppendAtTheSameTimeComeOneAfterTheOther() async throws {
        // Large records, so that none is written in an instant.
        var large = report(1)
        large.repositories = Array(repeating: large.repositories[0], count: 200)
        let (path, settings, report) = (path, try settings, large)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<10 {
                        try ProofFile(path: path)
                            .append(report, isDeep: false, settings: settings, at: Date())
                    }
                }
            }
            try await group.waitForAll()
        }
        let check = try ProofCheck(path: path)
        #expect(check.isWhole)
        #expect(check.records == 40)
    }
}
