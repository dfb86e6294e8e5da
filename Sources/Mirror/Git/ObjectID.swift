import CLibGit2

/// The SHA-1 name of a git object.
public struct ObjectID: Hashable, Sendable {
    private let first: UInt64
    private let second: UInt64
    private let third: UInt32

    init(_ raw: git_oid) {
        (first, second, third) = withUnsafeBytes(of: raw.id) { bytes in
            (
                bytes.loadUnaligned(as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self),
                bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self)
            )
        }
    }

    /// Reads 40 hexadecimal digits; any other text gives nil.
    public init?(hex: String) {
        var raw = git_oid()
        guard hex.utf8.count == 40, git_oid_fromstr(&raw, hex) == 0 else { return nil }
        self.init(raw)
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

extension ObjectID: CustomStringConvertible {
    /// The 40 hexadecimal digits.
    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return withUnsafeBytes(of: raw.id) { bytes in
            String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
        }
    }
}
