import Foundation

/// A network of IP addresses, as `10.0.0.0/8` or `fd00::/8` (RFC 4632, RFC 4291).
struct AddressRange: Hashable, Sendable {
    private let network: [UInt8]
    private let prefixLength: Int

    /// Reads an address and the length of its prefix in bits; nil if `text` is none.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let network = Self.bytes(String(parts[0])), let length = Int(parts[1]),
            (0...network.count * 8).contains(length)
        else { return nil }
        self.network = network
        prefixLength = length
    }

    /// Whether `host` is an address of this network; names are in none.
    func contains(_ host: String) -> Bool {
        guard let address = Self.bytes(host), address.count == network.count else { return false }
        let whole = prefixLength / 8
        guard address.prefix(whole) == network.prefix(whole) else { return false }
        let rest = prefixLength % 8
        return rest == 0 || (address[whole] ^ network[whole]) >> (8 - rest) == 0
    }

    private static func bytes(_ text: String) -> [UInt8]? {
        let text = text.trimmingCharacters(in: ["[", "]"])
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
