/// What a push asks of a server's receive-pack, before the pack.
///
/// https://git-scm.com/docs/gitprotocol-pack#_reference_update_request_and_packfile_transfer
struct PushRequest {
    private static let absent = [UInt8](repeating: UInt8(ascii: "0"), count: 40)

    let packets: PacketWriter

    /// - Parameters:
    ///   - changes: What to change, in this order. Must not be empty.
    ///   - capabilities: What the server can do.
    init(_ changes: [RefChange], capabilities: Set<String>) {
        var packets = PacketWriter()
        var options = ["report-status", "side-band-64k", "quiet", "push-options"].filter(
            capabilities.contains
        )
        let takesPushOptions = options.contains("push-options")
        options.append("agent=gitlab-sync/\(ProductVersion.current)")
        for (index, change) in changes.enumerated() {
            packets.addPacket { line in
                for id in [change.old, change.new] {
                    if let id { id.appendHex(to: &line) } else { line += Self.absent }
                    line += " ".utf8
                }
                line += change.name.rawValue.utf8
                if index == 0 { line += "\0 \(options.joined(separator: " "))".utf8 }
            }
        }
        packets.addFlush()
        if takesPushOptions {
            // A copy must start no pipelines, also where CI is switched on for it.
            packets.add("ci.skip")
            packets.addFlush()
        }
        self.packets = packets
    }
}
