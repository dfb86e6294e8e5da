import Foundation
import Testing

@testable import App

struct LogFileTests {
    private func lines(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func rotatesBySizeAndKeepsTheNewest() throws {
        let folder = try ScratchFolder()
        let path = folder.url.appending(path: "logs/gitlab-sync.log").path
        var file = LogFile(path: path, limit: 100, count: 3)

        for number in 100..<150 { try file.append("line \(number) ........\n") }

        let names = try FileManager.default.contentsOfDirectory(
            atPath: folder.url.appending(path: "logs").path
        ).sorted()
        #expect(names == ["gitlab-sync.log"] + (1...3).map { "gitlab-sync.log.\($0)" })
        let all = try [".3", ".2", ".1", ""].flatMap { try lines(path + $0) }
        #expect(all == (150 - all.count..<150).map { "line \($0) ........" })
        for name in [".3", ".2", ".1"] { #expect(try lines(path + name).count == 5) }
    }

    @Test func severalWritersLoseAndCutNoLine() async throws {
        let folder = try ScratchFolder()
        let path = folder.url.appending(path: "log").path

        try await withThrowingTaskGroup { group in
            for writer in 0..<4 {
                group.addTask {
                    var file = LogFile(path: path, limit: 1000, count: 100)
                    for number in 0..<200 { try file.append("\(writer) \(number)\n") }
                }
            }
            try await group.waitForAll()
        }

        var all: [String] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.url.path) {
            let lines = try lines(folder.url.appending(path: name).path)
            all += lines
        }
        #expect(all.count == 800)
        #expect(Set(all) == Set((0..<4).flatMap { writer in (0..<200).map { "\(writer) \($0)" } }))
    }

    @Test func aFileThatWasMovedAwayIsMadeAgain() throws {
        let folder = try ScratchFolder()
        let path = folder.url.appending(path: "log").path
        var file = LogFile(path: path)
        try file.append("one\n")

        try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
        try file.append("two\n")

        #expect(try lines(path) == ["two"])
        #expect(try lines(path + ".old") == ["one"])
    }

    /// logrotate with `create`, or another of our own processes.
    @Test func aFileThatWasReplacedIsLeft() throws {
        let folder = try ScratchFolder()
        let path = folder.url.appending(path: "log").path
        var file = LogFile(path: path)
        try file.append("one\n")

        try FileManager.default.moveItem(atPath: path, toPath: path + ".old")
        _ = try folder.write("theirs\n", to: "log")
        try file.append("two\n")

        #expect(try lines(path) == ["theirs", "two"])
        #expect(try lines(path + ".old") == ["one"])
    }

    @Test func aFileThatCannotBeWrittenIsNamed() throws {
        let folder = try ScratchFolder()
        var file = LogFile(path: folder.url.path)

        let error = #expect(throws: LogFile.Unwritable.self) { try file.append("x\n") }

        #expect(error == LogFile.Unwritable(path: folder.url.path, reason: "Is a directory"))
    }
}
