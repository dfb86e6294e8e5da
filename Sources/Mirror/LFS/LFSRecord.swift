import Foundation

/// What is known of a mirror's LFS objects, so that the next run need not ask again.
///
/// It is a cache: without it, all packs are looked through again and both servers are asked for every object.
struct LFSRecord: Hashable, Codable {
    /// The packs that were looked through.
    var packs: Set<String> = []

    /// The copy that has the objects of ``done``.
    var copy: String

    /// The objects that are where they belong.
    var done: Set<LFSPointer> = []

    /// The others.
    var open: Set<LFSPointer> = []

    /// All that is known of another copy: which objects there are.
    func forgettingCopy(for copy: String) -> LFSRecord {
        LFSRecord(packs: packs, copy: copy, done: [], open: done.union(open))
    }

    /// Notes that objects are where they belong.
    mutating func close(_ pointers: [LFSPointer]) {
        done.formUnion(pointers)
        open.subtract(pointers)
    }

    /// Notes that objects are no longer where they belong.
    mutating func reopen(_ pointers: Set<LFSPointer>) {
        done.subtract(pointers)
        open.formUnion(pointers)
    }
}

extension LFSRecord {
    /// The file of runs that keep objects.
    static let kept = "kept.json"

    /// The file of runs that only copy them.
    static let streamed = "streamed.json"

    /// What earlier runs noted in a mirror's `lfs` folder, in any mode; a record that cannot be read is none.
    static func latest(in place: URL) -> LFSRecord? {
        for name in [kept, streamed] {
            if let data = try? Data(contentsOf: place.appending(component: name)),
                let record = try? JSONDecoder().decode(LFSRecord.self, from: data)
            {
                return record
            }
        }
        return nil
    }
}
