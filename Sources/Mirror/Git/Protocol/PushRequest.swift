/// What a push asks of a server's receive-pack, before the pack.
///
/// https://git-scm.com/docs/gitprotocol-pack#_reference_update_request_and_packfile_transfer
struct PushRequest {
    private static let absent = String(repeating: "0", count: 40)

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
            let old = change.old?.description ?? Self.absent
            let new = change.new?.description ?? Self.absent
            packets.add(
                "\(old) \(new) \(change.name)" + (index == 0 ? "\0 " + options.joined(separator: " ") : "")
            )
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
