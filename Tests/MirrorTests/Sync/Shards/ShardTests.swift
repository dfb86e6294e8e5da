import Testing

@testable import Mirror

struct ShardTests {
    @Test func eachProjectBelongsToOneShard() throws {
        for count in [1, 2, 3, 7, 1024] {
            let numbers = (1...500).map { Shard.number(of: $0, among: count) }
            #expect(numbers.allSatisfy { (1...count).contains($0) })
        }
        let shards = try (1...4).map { try #require(Shard(number: $0, of: 4)) }
        for id in 1...500 { #expect(shards.count { $0.owns(id) } == 1) }
    }

    /// Another assignment would give every installation's projects other owners: these numbers stay.
    @Test func theAssignmentIsTheSameForEver() {
        #expect((1...16).map { Shard.number(of: $0, among: 4) } == Self.assignmentOfFour)
        #expect(Shard.number(of: 58_313_722, among: 16) == Self.assignmentOfABigNumber)
    }

    private static let assignmentOfFour = [4, 1, 2, 4, 4, 1, 2, 1, 3, 3, 1, 2, 3, 4, 2, 3]
    private static let assignmentOfABigNumber = 16

    @Test func numbersThatFollowEachOtherAreSpreadEvenly() {
        for count in [2, 3, 4, 10] {
            let sizes = Dictionary(grouping: 1...10_000) { Shard.number(of: $0, among: count) }
                .mapValues(\.count)
            let share = 10_000 / count
            #expect(sizes.count == count)
            #expect(sizes.values.allSatisfy { abs($0 - share) < share / 8 }, "\(sizes)")
        }
    }

    @Test(arguments: [1, 2, 3, 9])
    func anotherNumberOfShardsMovesOnlyWhatMust(count: Int) {
        var moved = 0
        for id in 1...4000 {
            let (before, after) = (
                Shard.number(of: id, among: count), Shard.number(of: id, among: count + 1)
            )
            if before != after {
                moved += 1
                // Whatever moves, moves to the new shard.
                #expect(after == count + 1)
            }
        }
        let share = 4000 / (count + 1)
        #expect(abs(moved - share) < share / 5, "\(moved) of \(share)")
    }

    @Test func thereIsNoShardOutsideOfTheirNumber() {
        for (number, count) in [(0, 3), (4, 3), (-1, 3), (1, 0), (1, Shard.largestCount + 1)] {
            #expect(Shard(number: number, of: count) == nil)
        }
        #expect(Shard(number: 3, of: 3)?.description == "3/3")
    }
}
