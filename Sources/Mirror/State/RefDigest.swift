import Crypto
import Foundation

/// One number for all branches and tags of a repository: SHA-256 over the lines `<object id> <ref>`, sorted by ref.
///
/// `git for-each-ref --format='%(objectname) %(refname)' refs/heads refs/tags | sha256sum` gives the same.
enum RefDigest {
    static func hex(_ refs: [RefName: ObjectID]) -> String {
        var hash = SHA256()
        for (name, id) in refs.sorted(by: { $0.key < $1.key }) {
            hash.update(data: Data("\(id) ".utf8))
            name.withBytes { hash.update(bufferPointer: $0) }
            hash.update(data: Data("\n".utf8))
        }
        return hash.finalize().hexadecimal
    }
}
