import Foundation
import Testing

/// A file system of a few MB, in memory, that fills up as a disk does.
final class SmallFileSystem: Sendable {
    /// Whether this process may mount one.
    static let isPossible: Bool = (try? SmallFileSystem(megabytes: 1)) != nil

    private let folder: TemporaryFolder
    let path: String

    init(megabytes: Int) throws {
        folder = try TemporaryFolder()
        path = folder.file("disk")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try Self.mount("-t", "tmpfs", "-o", "size=\(megabytes)m,mode=700", "tmpfs", path)
    }

    deinit {
        _ = try? Tool.run("umount", "--lazy", path)
    }

    /// Makes it larger or smaller.
    func resize(megabytes: Int) throws {
        try Self.mount("-o", "remount,size=\(megabytes)m", path)
    }

    private static func mount(_ arguments: String...) throws {
        let words = arguments.map { "'\($0)'" }.joined(separator: " ")
        let result = try Tool.run("sh", "-c", "mount \(words)")
        guard result.status == 0 else {
            throw Tool.Failure(command: ["mount"] + arguments, output: result.output)
        }
    }
}
