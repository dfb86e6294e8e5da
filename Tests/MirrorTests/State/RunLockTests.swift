import Foundation
import Testing

@testable import Mirror

@Suite(.timeLimit(.minutes(10)))
struct RunLockTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private var state: URL { URL(filePath: folder.file("state"), directoryHint: .isDirectory) }

    /// Whether another process could take the lock now.
    private func isFree() throws -> Bool {
        try Tool.run("flock", "-n", state.path + "/lock", "true").status == 0
    }

    @Test func holdsTheDirectoryAgainstOtherProcessesWhileItLives() throws {
        do {
            let lock = try RunLock(in: state)
            #expect(try !isFree())
            _ = consume lock
        }
        #expect(try isFree())
    }

    @Test func theHolderIsNamed() throws {
        let lock = try RunLock(in: state)

        let error = #expect(throws: RunLock.Held.self) { _ = try RunLock(in: state) }

        let holder = try #require(error?.holder)
        #expect(holder.hasPrefix("process \(getpid()) on \(ProcessInfo.processInfo.hostName) since "))
        #expect(!holder.contains("\n"))
        _ = consume lock
    }

    @Test func aLockOfAnotherProcessHoldsAndEndsWithIt() throws {
        _ = try RunLock(in: state)
        let file = state.path + "/lock"
        try "process 7 on \u{1B}[2Jhost\n".write(toFile: file, atomically: false, encoding: .utf8)
        let ready = Pipe()
        let input = Pipe()
        let other = Process()
        other.executableURL = URL(filePath: "/usr/bin/flock")
        other.arguments = [file, "sh", "-c", "echo ready; read line"]
        other.standardOutput = ready
        other.standardInput = input
        try other.run()
        _ = ready.fileHandleForReading.availableData

        let error = #expect(throws: RunLock.Held.self) { _ = try RunLock(in: state) }
        try input.fileHandleForWriting.close()
        other.waitUntilExit()

        #expect(error?.holder == "process 7 on \\u{1B}[2Jhost")
        #expect(throws: Never.self) { _ = try RunLock(in: state) }
    }

    /// As a child process does between its fork and its exec.
    @Test func aCopyOfTheDescriptorDoesNotKeepTheLock() throws {
        var copy: Int32 = -1
        do {
            let lock = try RunLock(in: state)
            let manager = FileManager.default
            let own = try manager.contentsOfDirectory(atPath: "/proc/self/fd").compactMap { Int32($0) }
                .first { descriptor in
                    (try? manager.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)"))
                        == state.path + "/lock"
                }
            copy = dup(try #require(own))
            _ = consume lock
        }
        defer { close(copy) }
        #expect(copy >= 0)
        #expect(try isFree())
    }

    @Test func onlyTheUserMayReadTheDirectory() throws {
        let lock = try RunLock(in: state)
        let manager = FileManager.default
        let directory = try manager.attributesOfItem(atPath: state.path)[.posixPermissions] as? Int
        let file = try manager.attributesOfItem(atPath: state.path + "/lock")[.posixPermissions] as? Int

        #expect(directory == 0o700)
        #expect(file == 0o600)
        _ = consume lock
    }

    @Test func aDirectoryThatCannotBeMadeIsAnError() throws {
        try folder.write("", to: "state")
        #expect(throws: CocoaError.self) { _ = try RunLock(in: state) }
    }
}
