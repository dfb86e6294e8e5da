import Foundation

/// Connects to a host without ever waiting longer than it may.
struct TCPConnector {
    let host: String
    let port: Int
    let limit: Duration
    let wake: WakeSignal
    /// Throws when the connection is not wanted any more; asked after each wake-up.
    let checkCancellation: () throws(SSHError) -> Void

    /// How much the socket takes that is not on its way yet, in bytes.
    ///
    /// The kernel would take megabytes: on a slow link, what was written last would stand still for longer than the
    /// limit on progress while it is all being sent, and the data of a small command would wait behind it.
    private static let unsentLimit: Int32 = 256 << 10

    private var place: String { KnownHosts.lookupName(host: host, port: port) }

    /// Tries all addresses one after the other; each gets its share of the time that is left.
    ///
    /// - Returns: a connected, non-blocking socket that the caller must close.
    func connect() throws(SSHError) -> Int32 {
        let deadline = ContinuousClock.now + limit
        var addresses = try resolve(until: deadline)[...]
        var failures: [SSHError] = []
        while let address = addresses.first {
            let now = ContinuousClock.now
            let share = (deadline - now) / addresses.count
            addresses = addresses.dropFirst()
            do throws(SSHError) {
                return try connect(to: address, until: now + max(share, .zero))
            } catch {
                guard error.code == .refused || error.code == .connectTimeout else { throw error }
                failures.append(error)
            }
        }
        // A time-out hides nothing: the host may be up at the address that refused.
        guard let worst = failures.first(where: { $0.code == .refused }) ?? failures.first else {
            throw SSHError(.unresolvable, "the host name \(EscapedText.quoted(host)) has no address")
        }
        throw worst
    }

    private func resolve(until deadline: ContinuousClock.Instant) throws(SSHError) -> [SocketAddress] {
        let resolver = try Resolver(host: host, port: port)
        while true {
            if let addresses = try resolver.addresses() { return addresses }
            _ = Poll.wait(
                [pollfd(resolver.done.descriptor, POLLIN), pollfd(wake.descriptor, POLLIN)],
                until: deadline
            )
            try checkCancellation()
            guard ContinuousClock.now < deadline else {
                throw SSHError(.unresolvable, "looking the host \(EscapedText.quoted(host)) up took too long")
            }
        }
    }

    private func connect(
        to address: SocketAddress,
        until deadline: ContinuousClock.Instant
    ) throws(SSHError) -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(address.family, type, 0)
        guard descriptor >= 0 else {
            if errno == EAFNOSUPPORT { throw failure(errno, address) }
            throw SSHError(system: "socket")
        }
        do throws(SSHError) {
            Self.set(TCP_NODELAY, of: IPPROTO_TCP, to: 1, on: descriptor)
            Self.set(TCP_NOTSENT_LOWAT, of: IPPROTO_TCP, to: Self.unsentLimit, on: descriptor)
            Self.set(SO_KEEPALIVE, of: Int(SOL_SOCKET), to: 1, on: descriptor)
            let result = address.bytes.withUnsafeBytes { raw in
                Foundation.connect(
                    descriptor,
                    raw.baseAddress?.assumingMemoryBound(to: sockaddr.self),
                    socklen_t(raw.count)
                )
            }
            guard result != 0 else { return descriptor }
            guard errno == EINPROGRESS || errno == EINTR else { throw failure(errno, address) }
            try finish(descriptor, address, until: deadline)
            return descriptor
        } catch {
            close(descriptor)
            throw error
        }
    }

    private func finish(
        _ descriptor: Int32,
        _ address: SocketAddress,
        until deadline: ContinuousClock.Instant
    ) throws(SSHError) {
        while true {
            let entries = Poll.wait(
                [pollfd(descriptor, POLLOUT), pollfd(wake.descriptor, POLLIN)],
                until: deadline
            )
            try checkCancellation()
            if entries[0].happened { break }
            guard ContinuousClock.now < deadline else {
                throw SSHError(
                    .connectTimeout,
                    "\(place) (\(address.description)) did not answer in \(limit.text)"
                )
            }
        }
        var error: Int32 = 0
        var size = socklen_t(MemoryLayout<Int32>.size)
        getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size)
        guard error == 0 else { throw failure(error, address) }
    }

    private func failure(_ error: Int32, _ address: SocketAddress) -> SSHError {
        SSHError(
            error == ETIMEDOUT ? .connectTimeout : .refused,
            "\(place) (\(address.description)) cannot be reached: \(String(cString: strerror(error)))"
        )
    }

    private static func set(_ option: Int32, of level: Int, to value: Int32, on descriptor: Int32) {
        var value = value
        setsockopt(descriptor, Int32(level), option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
}
