import Foundation
import Testing

@testable import Mirror

/// What many operations in one process leave behind.
///
/// Other tests would count too: `GITLAB_SYNC_MEMORY=1 swift test --filter MemoryTests` is a process of its own.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["GITLAB_SYNC_MEMORY"] != nil))
struct MemoryTests {
    @Test func aThousandListsNeedNoMoreThanAHundred() async throws {
        let bench = try FaultBench()
        var sizes: [Int: Int] = [:]
        for number in 1...1000 {
            #expect(try await bench.remote("full.git").refs().refs.count == bench.refs.count)
            if number == 100 || number == 1000 { sizes[number] = try Self.residentKilobytes() }
        }
        let (early, late) = (try #require(sizes[100]), try #require(sizes[1000]))
        print("resident after 100 lists: \(early) kB, after 1000: \(late) kB")
        #expect(late - early < 4096)
    }

    private static func residentKilobytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first)
    }
}
