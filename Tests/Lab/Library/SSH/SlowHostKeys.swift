import Foundation

/// RSA host keys, which take a second of a busy machine to find, for all servers of this process.
///
/// There are four pairs, handed out in turn, so that the servers of one lab and a server that is started again have different ones.
actor SlowHostKeys {
    static let shared = SlowHostKeys()

    private static let count = 4
    private var pairs: [Task<Pair, any Error>] = []
    private var turn = 0

    /// A private key and its public half, as `ssh-keygen` writes them.
    struct Pair: Sendable {
        let secret: Data
        let open: Data
    }

    /// The next pair; `make` is asked for one while there are not enough.
    func next(_ make: @escaping @Sendable () async throws -> Pair) async throws -> Pair {
        if pairs.count < Self.count {
            let task = Task { try await make() }
            pairs.append(task)
            return try await task.value
        }
        turn += 1
        return try await pairs[turn % Self.count].value
    }
}
