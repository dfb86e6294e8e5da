/// How the objects of a push come into a pack.
public enum PackKind: String, Hashable, Sendable, Codable, CaseIterable {
    /// No pack: deletions only.
    case none
    /// A pack without objects: the target has them all.
    case empty
    /// The source's pack, sent on while it came in.
    case teed
    /// The source's pack, as it was received.
    case received
    /// The mirror's only pack, as it is stored.
    case stored
    /// Entries of the mirror's packs, copied as they are.
    case copied
    /// Objects that were packed anew, which is slow.
    case rebuilt
}

/// The pack of one push, ready to be sent.
enum PreparedPack {
    case none
    case empty
    case teed(IncomingPack)
    case received(IncomingPack)
    case stored(StoredPack)
    case copied(PackCopier)
    case rebuilt(PackBuilder)

    /// How the pack was made.
    var kind: PackKind {
        switch self {
        case .none: .none
        case .empty: .empty
        case .teed: .teed
        case .received: .received
        case .stored: .stored
        case .copied: .copied
        case .rebuilt: .rebuilt
        }
    }

    /// Hands the pack to `send`, its checksum last.
    func write(_ send: (UnsafeRawBufferPointer) throws -> Void) throws {
        switch self {
        case .none: return
        case .empty: try PackStream.empty.withUnsafeBytes(send)
        case .teed(let pack), .received(let pack): try pack.follow(send)
        case .stored(let pack): try pack.write(send)
        case .copied(let copier): try copier.write(send)
        case .rebuilt(let builder): try builder.write(send)
        }
    }
}
