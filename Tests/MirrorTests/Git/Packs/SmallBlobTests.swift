import Foundation
import Testing

@testable import Mirror

/// Which blobs of which packs are looked at.
struct SmallBlobTests {
    /// Many pointers that are deltas of each other, a large file that is small when it is a delta, small trees and tags.
    private func repository(_ folder: TemporaryFolder) throws -> (path: String, pointers: Set<LFSPointer>) {
        let path = folder.file("lfs.git")
        try FaultBench.git("init", "-q", "--bare", path)
        var script = ""
        var pointers: Set<LFSPointer> = []
        let large = (0..<2000).map { "line \($0)\n" }.joined()
        for number in 0..<100 {
            let oid = String(number, radix: 16)
            let padded = String(repeating: "0", count: 64 - oid.count) + oid
            pointers.insert(try #require(LFSPointer(oid: padded, size: number)))
            let text = "version https://git-lfs.github.com/spec/v1\noid sha256:\(padded)\nsize \(number)\n"
            let file = "\(number)\n" + large
            script += "commit refs/heads/main\ncommitter Lab <lab@example.com> \(number) +0000\ndata 1\nx\n"
            script += "M 100644 inline f\ndata \(text.utf8.count)\n\(text)\n"
            script += "M 100644 inline large\ndata \(file.utf8.count)\n\(file)\n"
        }
        try folder.write(script, to: "script")
        try FaultBench.git("-C", path, "fast-import", "--quiet", input: folder.file("script"))
        return (path, pointers)
    }

    private func found(in path: String, _ packs: Set<String>? = nil) async throws -> [LFSPointer] {
        let repository = try await Repository.open(bareAt: path)
        let all = await repository.packNames()
        return try await repository.smallBlobs(in: packs ?? all, sizes: LFSPointer.sizes) { LFSPointer($0) }
    }

    @Test(arguments: [true, false])
    func pointersAreFoundAlsoWhereTheyAreDeltas(namesBases: Bool) async throws {
        let folder = try TemporaryFolder()
        let (path, pointers) = try repository(folder)
        let base = "repack.useDeltaBaseOffset=\(!namesBases)"
        try FaultBench.git("-C", path, "-c", base, "repack", "-q", "-a", "-d", "-f", "--depth=50")
        #expect(try FaultBench.git("-C", path, "count-objects", "-v").contains("packs: 1"))

        let found = try await found(in: path)

        #expect(Set(found) == pointers)
        #expect(found.count == 100)
    }

    @Test func onlyThePacksThatAreNamedAreReadAndWhatIsLoose() async throws {
        let folder = try TemporaryFolder()
        let (path, pointers) = try repository(folder)
        try FaultBench.git("-C", path, "repack", "-q", "-a", "-d")

        #expect(try await found(in: path, []).isEmpty)

        let loose =
            "version https://git-lfs.github.com/spec/v1\noid sha256:\(String(repeating: "e", count: 64))\nsize 1\n"
        try folder.write(loose, to: "loose")
        try FaultBench.git("-C", path, "hash-object", "-w", "--stdin", input: folder.file("loose"))
        let expected = try #require(LFSPointer(oid: String(repeating: "e", count: 64), size: 1))
        #expect(try await found(in: path, []) == [expected])
        #expect(try await Set(found(in: path)) == pointers.union([expected]))
    }
}
