import Foundation

/// GitLab's check before a push: every pointer that is new must have its object.
struct LFSCheck {
    static let refusal =
        "LFS objects are missing. Ensure LFS is properly set up or try a manual \"git lfs push --all\"."
    /// Larger files are no pointers.
    private static let pointerLimit = 200

    let store: LFSStore
    let projectID: Int
    /// Git with access to the objects that the push brought.
    let git: LabGit
    let repository: URL

    /// Whether a pointer lacks its object.
    func isMissingObjects(_ updates: [GitSession.Update]) async throws -> Bool {
        let tips = updates.filter { !$0.isDeletion }.map(\.new)
        guard !tips.isEmpty else { return false }
        let listing = [
            "rev-list", "--objects", "--no-object-names", "--filter=object:type=blob",
            "--filter=blob:limit=\(Self.pointerLimit)", "--filter-provided-objects", "--stdin", "--not",
            "--all",
        ]
        let input = Data(tips.map { "\($0)\n" }.joined().utf8)
        let blobs = try await git.run(listing, in: repository, input: input).output
        guard !blobs.isEmpty else { return false }
        let contents = try await git.run(["cat-file", "--batch"], in: repository, input: blobs).output
        return Self.pointers(inBatch: contents).contains { !store.has($0.oid, of: projectID) }
    }

    /// The pointers in what `git cat-file --batch` printed.
    private static func pointers(inBatch output: Data) -> [LFSPointer] {
        var pointers: [LFSPointer] = []
        var rest = output[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let header = String(decoding: rest[..<end], as: UTF8.self).split(separator: " ")
            rest = rest[(end + 1)...]
            guard header.count == 3, let size = Int(header[2]), rest.count >= size else { break }
            if let pointer = LFSPointer(String(decoding: rest.prefix(size), as: UTF8.self)) {
                pointers.append(pointer)
            }
            rest = rest.dropFirst(size + 1)
        }
        return pointers
    }
}
