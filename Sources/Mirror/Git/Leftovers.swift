import Foundation
import Logging

/// What a killed run leaves in a mirror: half-written packs, and locks that nobody holds any more.
///
/// A lock that stays makes every later change of its ref fail, and a half-written pack stays for good, as large as it is.
enum Leftovers {
    /// Removes what is left in the bare repository at `path`.
    ///
    /// Only for who has the mirror to himself. Looks into folders of the repository only, never through symbolic links; what
    /// cannot be removed is left for whoever trips over it, who has the better error.
    static func remove(inRepositoryAt path: String) {
        // The administrator may have put the mirror elsewhere, by a link; nothing else in it is one of his.
        let locks =
            FolderWalk.files(in: path + "/.").filter(isLock)
            + FolderWalk.files(below: path + "/refs").filter(isLock).map { "refs/" + $0 }
        let packs = FolderWalk.files(in: path + "/objects/pack").filter(isHalfPack).map {
            "objects/pack/" + $0
        }
        for file in locks + packs where unlink("\(path)/\(file)") == 0 {
            Logger.current.info(
                "removed what a killed run left",
                metadata: ["file": "\(path)/\(file.escapedForDisplay)"]
            )
        }
    }

    private static func isLock(_ path: String) -> Bool { path.hasSuffix(".lock") }

    /// The name that libgit2's indexer gives to a pack until it is complete.
    private static func isHalfPack(_ name: String) -> Bool { name.hasPrefix("pack_git2_") }
}
