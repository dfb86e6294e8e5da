import Foundation

@testable import Mirror

/// Sockets of this machine.
enum Loopback {
    struct Failure: Error {}

    /// A port that was free a moment ago: whoever wants it must be ready for another to be faster.
    static func freePort() throws -> Int {
        let (descriptor, port) = try bound()
        close(descriptor)
        return port
    }

    static func listen(backlog: Int32) throws -> (descriptor: Int32, port: Int) {
        let (descriptor, port) = try bound()
        guard Foundation.listen(descriptor, backlog) == 0 else {
            close(descriptor)
            throw Failure()
        }
        return (descriptor, port)
    }

    /// A socket that has a port and does not listen: who connects to it is refused.
    static func bound() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard isBound else {
            close(descriptor)
            throw Failure()
        }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// How many established connections lead to a port of this machine, as the kernel tells.
    static func connections(to port: Int) throws -> Int {
        let address = "0100007F:" + String(port, radix: 16, uppercase: true).leftPadded(to: 4)
        let table = String(decoding: try SmallFile.read("/proc/net/tcp"), as: UTF8.self)
        return table.split(separator: "\n").count { line in
            let words = line.split(separator: " ")
            return words.count > 3 && words[2] == address && words[3] == "01"
        }
    }

    /// Connects; with `blocking` false only begins to, without waiting for an answer.
    static func connect(port: Int, blocking: Bool = true) throws -> Int32 {
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_INET, blocking ? type : type | Int32(SOCK_NONBLOCK.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        address.sin_port = in_port_t(port).bigEndian
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Foundation.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 || !blocking && errno == EINPROGRESS else {
            close(descriptor)
            throw Failure()
        }
        return descriptor
    }
}

extension String {
    fileprivate func leftPadded(to length: Int) -> String {
        String(repeating: "0", count: max(0, length - count)) + self
    }
}

extension GitChannel {
    /// Everything that the command says until its end.
    func readToEnd() throws(SSHError) -> [UInt8] {
        var all: [UInt8] = []
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 65536, alignment: 16)
        defer { buffer.deallocate() }
        while true {
            let count = try read(into: buffer)
            if count == 0 { return all }
            all += buffer[..<count]
        }
    }

    func text() throws(SSHError) -> String {
        String(decoding: try readToEnd(), as: UTF8.self)
    }
}
