/// What all projects of a run share of the machine.
struct RunResources: Sendable {
    /// What limits the transfers of repositories.
    let transfers: CostLimit

    /// How many LFS objects move at a time.
    let lfsTransfers: CostLimit

    /// The disk of the mirrors.
    let disk: DiskSpace

    /// The limits that the settings name, and the usual ones for the rest.
    init(_ settings: SyncSettings) {
        let ceiling = settings.memoryCeiling.map { MemoryCeiling($0) }
        let hasRoom: @Sendable () -> Bool = { ceiling?.hasRoom ?? true }
        transfers = CostLimit(TransferCost.limit, hasRoom: hasRoom)
        lfsTransfers = CostLimit(4, hasRoom: hasRoom)
        disk = DiskSpace(settings.stateDirectory, reserve: settings.minimumFree)
    }
}
