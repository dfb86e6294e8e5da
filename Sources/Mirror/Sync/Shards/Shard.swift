/// The part of all projects that one of several runs works on: each project belongs to one shard, by its number at the source.
public struct Shard: Hashable, Sendable {
    /// How many shards there can be.
    public static let largestCount = 1024

    /// Which shard this is, from 1 to ``count``.
    public let number: Int

    /// How many there are.
    public let count: Int

    /// The shard `number` of `count`; nil if there is no such shard.
    public init?(number: Int, of count: Int) {
        guard (1...Self.largestCount).contains(count), (1...count).contains(number) else { return nil }
        self.number = number
        self.count = count
    }

    /// Whether the project with this number at the source belongs to the shard.
    public func owns(_ project: Int) -> Bool {
        Self.number(of: project, among: count) == number
    }

    /// The shard of a project, from 1 to `count`; the same on each machine and in each version.
    ///
    /// The jump consistent hash of Lamping and Veach (https://arxiv.org/abs/1406.2294): with one shard more, only its own share of the
    /// projects moves, all of it to the new shard; with one less, only those of the last shard move.
    static func number(of project: Int, among count: Int) -> Int {
        var key = mixed(UInt64(bitPattern: Int64(project)))
        var last = 0
        var next = 0
        while next < count {
            last = next
            key = key &* 2_862_933_555_777_941_757 &+ 1
            next = Int(Double(last + 1) * (Double(1 << 31) / Double((key >> 33) + 1)))
        }
        return last + 1
    }

    /// SplitMix64's finalizer: numbers that follow each other have nothing in common afterwards.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var value = value &+ 0x9e37_79b9_7f4a_7c15
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}

extension Shard: CustomStringConvertible {
    /// `2/4`.
    public var description: String { "\(number)/\(count)" }
}

extension SyncSettings {
    /// Whether a run with these settings works on the project with this number at the source.
    func owns(_ project: Int) -> Bool { shard?.owns(project) ?? true }
}
