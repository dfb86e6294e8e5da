import Crypto
import Foundation

/// Finds packs and indexes that are not what was written, by the checksum at their end.
///
/// It reads every byte, so it is only asked when something has failed.
enum PackChecksum {
    private static let length = 20

    /// The names of the damaged files in a repository's pack folder.
    static func damagedFiles(inRepositoryAt path: String) -> [String] {
        let folder = path + "/objects/pack"
        return FolderWalk.files(in: folder)
            .filter { $0.hasSuffix(".pack") || $0.hasSuffix(".idx") }
            .filter { !isWhole("\(folder)/\($0)") }
            .sorted()
    }

    /// Whether a file ends with the SHA-1 of what is before; one that cannot be read does not.
    private static func isWhole(_ path: String) -> Bool {
        guard let file = FileHandle(forReadingAtPath: path) else { return false }
        defer { try? file.close() }
        var hash = Insecure.SHA1()
        var tail = Data()
        do {
            while let block = try file.read(upToCount: 1 << 20), !block.isEmpty {
                tail += block
                guard tail.count > length else { continue }
                hash.update(data: tail.dropLast(length))
                tail = Data(tail.suffix(length))
            }
        } catch {
            return false
        }
        return tail.count == length && Data(hash.finalize()) == tail
    }
}
