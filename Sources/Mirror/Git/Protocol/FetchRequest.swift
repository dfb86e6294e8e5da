/// What a fetch asks of a server's upload-pack.
///
/// Every local tip goes out as a have, in one round. For a mirror that is complete: all that is local can be
/// reached from its tips. libgit2's own negotiation stops at the first common commit, which made it download 17 MB where
/// 11 KB were missing.
struct FetchRequest {
    private static let usefulCapabilities = ["side-band-64k", "thin-pack", "ofs-delta", "no-progress"]

    let packets: PacketWriter

    /// - Parameters:
    ///   - wants: The objects to ask for. Must not be empty.
    ///   - haves: The tips of what is already here.
    ///   - capabilities: What the server can do.
    init(wants: some Collection<ObjectID>, haves: some Collection<ObjectID>, capabilities: Set<String>) {
        var packets = PacketWriter()
        var options = Self.usefulCapabilities.filter(capabilities.contains)
        options.append("agent=gitlab-sync/\(ProductVersion.current)")
        for (index, want) in wants.enumerated() {
            packets.addPacket { line in
                line += "want ".utf8
                want.appendHex(to: &line)
                if index == 0 { line += " \(options.joined(separator: " "))".utf8 }
                line += "\n".utf8
            }
        }
        packets.addFlush()
        for have in haves {
            packets.addPacket { line in
                line += "have ".utf8
                have.appendHex(to: &line)
                line += "\n".utf8
            }
        }
        packets.add("done\n")
        self.packets = packets
    }
}
