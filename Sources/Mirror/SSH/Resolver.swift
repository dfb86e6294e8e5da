import Foundation

/// One address of a host, as the system wants it.
struct SocketAddress: Hashable, Sendable {
    let family: Int32
    let bytes: [UInt8]

    /// The address in numbers, for messages.
    var description: String {
        var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
        let result = bytes.withUnsafeBytes { raw in
            getnameinfo(
                raw.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                socklen_t(bytes.count),
                &name,
                socklen_t(name.count),
                nil,
                0,
                NI_NUMERICHOST
            )
        }
        guard result == 0 else { return "unknown address" }
        return String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

/// Looks a host up on a thread of its own, because `getaddrinfo` knows neither deadline nor cancellation.
///
/// `@unchecked Sendable`: `result` is only touched under `monitor`.
final class Resolver: @unchecked Sendable {
    private let monitor = Monitor()
    private var result: Result<[SocketAddress], SSHError>?
    let done: WakeSignal

    /// Starts looking `host` up.
    init(host: String, port: Int) throws(SSHError) {
        done = try WakeSignal()
        let thread = Thread { [self] in
            let found = Self.addresses(host: host, port: port)
            monitor.withLock { result = found }
            done.send()
        }
        thread.name = "ssh resolver"
        thread.start()
    }

    /// What was found; `nil` as long as it is not known.
    func addresses() throws(SSHError) -> [SocketAddress]? {
        try monitor.withLock { result }?.get()
    }

    private static func addresses(host: String, port: Int) -> Result<[SocketAddress], SSHError> {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV
        var list: UnsafeMutablePointer<addrinfo>?
        var status = getaddrinfo(host, String(port), &hints, &list)
        if status != 0 {
            // AI_ADDRCONFIG hides ::1 on machines without any other IPv6 address.
            hints.ai_flags = AI_NUMERICSERV
            status = getaddrinfo(host, String(port), &hints, &list)
        }
        guard status == 0 else {
            let reason =
                status == EAI_SYSTEM
                ? String(cString: strerror(errno)) : String(cString: gai_strerror(status))
            return .failure(
                SSHError(.unresolvable, "the host name \(EscapedText.quoted(host)) has no address: \(reason)")
            )
        }
        defer { freeaddrinfo(list) }
        var addresses: [SocketAddress] = []
        var next = list
        while let entry = next?.pointee {
            let raw = UnsafeRawBufferPointer(start: entry.ai_addr, count: Int(entry.ai_addrlen))
            addresses.append(SocketAddress(family: entry.ai_family, bytes: Array(raw)))
            next = entry.ai_next
        }
        return .success(addresses)
    }
}
