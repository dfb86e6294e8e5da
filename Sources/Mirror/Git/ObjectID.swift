import CLibGit2

/// The SHA-1 name of a git object.
public struct ObjectID: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    init(_ raw: git_oid) {
        self = withUnsafeBytes(of: raw.id) { ObjectID(bytes: $0) }
    }

    /// Reads the first 20 of `bytes`.
    init(bytes: UnsafeRawBufferPointer) {
        first = bytes.loadUnaligned(as: UInt64.self)
        second = bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)
        third = bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
    }

    /// Reads 40 hexadecimal digits; any other text gives nil.
    ///
    /// Without libgit2, which crashes when it has an error to note before it was started: servers are listed
    /// before that.
    public init?(hex: String) {
        let digits = hex.utf8.compactMap(Self.value(ofDigit:))
        guard hex.utf8.count == 40, digits.count == 40 else { return nil }
        var raw = git_oid()
        withUnsafeMutableBytes(of: &raw.id) { bytes in
            for index in 0..<20 { bytes[index] = digits[2 * index] << 4 | digits[2 * index + 1] }
        }
        self.init(raw)
    }

    private static func value(ofDigit digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The form that libgit2 takes.
    var raw: git_oid {
        var raw = git_oid()
        withUnsafeMutableBytes(of: &raw.id) { bytes in
            bytes.storeBytes(of: first, as: UInt64.self)
            bytes.storeBytes(of: second, toByteOffset: 8, as: UInt64.self)
            bytes.storeBytes(of: third, toByteOffset: 16, as: UInt32.self)
        }
        return raw
    }
}

extension ObjectID {
    /// Hashes the first bytes only: a name is itself a hash.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(first)
    }
}

extension ObjectID: CustomStringConvertible {
    /// The 40 hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return withUnsafeBytes(of: raw.id) { bytes in
            String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }
}
