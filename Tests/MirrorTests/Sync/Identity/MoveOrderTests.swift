import Testing

@testable import Mirror

struct MoveOrderTests {
    private func move(_ id: Int, _ from: String, _ to: String) -> CopyMove {
        CopyMove(copyID: id, from: from, to: to, name: to)
    }

    /// Plays the steps and says where each copy ends; a step to a path that is taken is an error.
    private func play(_ steps: [MoveStep], _ occupied: [String: Int]) throws -> [String: Int] {
        var occupied = occupied
        for step in steps {
            #expect(occupied[step.to.lowercased()] == nil, "\(step.to) is taken")
            let place = try #require(occupied.first { $0.value == step.move.copyID }?.key)
            occupied[place] = nil
            occupied[step.to.lowercased()] = step.move.copyID
        }
        return occupied
    }

    @Test func aFreePathIsOneStep() throws {
        let (steps, blocked) = MoveOrder.steps([move(1, "x/a", "x/b")], occupied: ["x/a": 1])
        #expect(steps.map(\.to) == ["x/b"])
        #expect(steps.allSatisfy { $0.isFinal })
        #expect(blocked.isEmpty)
    }

    @Test func aChainGoesFromItsEnd() throws {
        let moves = [move(1, "a", "b"), move(2, "b", "c"), move(3, "c", "d")]
        let occupied = ["a": 1, "b": 2, "c": 3]
        let (steps, blocked) = MoveOrder.steps(moves, occupied: occupied)
        #expect(blocked.isEmpty)
        #expect(steps.count == 3)
        #expect(try play(steps, occupied) == ["b": 1, "c": 2, "d": 3])
    }

    @Test(arguments: 2...5)
    func aCircleIsOpenedOnce(length: Int) throws {
        let moves = (0..<length).map { move($0, "p\($0)", "P\(($0 + 1) % length)") }
        let occupied = Dictionary(uniqueKeysWithValues: (0..<length).map { ("p\($0)", $0) })
        let (steps, blocked) = MoveOrder.steps(moves, occupied: occupied)
        #expect(blocked.isEmpty)
        #expect(steps.count == length + 1)
        #expect(steps.count { !$0.isFinal } == 1)
        let end = try play(steps, occupied)
        for id in 0..<length { #expect(end["p\((id + 1) % length)"] == id) }
    }

    @Test func twoCirclesAndAChainIntoOneOfThem() throws {
        let moves = [
            move(1, "a", "b"), move(2, "b", "a"), move(3, "c", "d"), move(4, "d", "c"), move(5, "e", "f"),
        ]
        let occupied = ["a": 1, "b": 2, "c": 3, "d": 4, "e": 5]
        let (steps, blocked) = MoveOrder.steps(moves, occupied: occupied)
        #expect(blocked.isEmpty)
        #expect(try play(steps, occupied) == ["b": 1, "a": 2, "d": 3, "c": 4, "f": 5])
    }

    @Test func whatAStrangerHoldsIsBlockedWithAllThatWaitForIt() throws {
        let moves = [move(1, "a", "b"), move(2, "b", "c"), move(3, "x", "y")]
        let occupied = ["a": 1, "b": 2, "c": 99, "x": 3]
        let (steps, blocked) = MoveOrder.steps(moves, occupied: occupied)
        #expect(steps.map(\.move.copyID) == [3])
        #expect(Set(blocked.map(\.copyID)) == [1, 2])
    }
}
