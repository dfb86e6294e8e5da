import Foundation

/// How much of the machine the transfer of a repository takes.
///
/// Looking at refs costs next to nothing and waits for servers: as many projects as there are jobs do it at the same time. A
/// transfer indexes what comes in, which keeps a core busy for a big repository, and is waiting for small ones.
enum TransferCost {
    /// What a core has to give: so many small repositories at a time, or one big one.
    static let ofCore = 4

    /// Each further unit; a repository of this size times `ofCore` is a big one.
    private static let bytesOfUnit = 16 << 20

    /// What all transfers of a run may cost together.
    static var limit: Int { ofCore * ProcessInfo.processInfo.activeProcessorCount }

    /// The cost of a repository of `size` bytes: 1 for a small one, ``ofCore`` for a big one.
    static func cost(ofSize size: Int) -> Int {
        min(1 + size / bytesOfUnit, ofCore)
    }
}
