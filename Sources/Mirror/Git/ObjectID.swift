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
    public init?(hex: String) {
        var hex = hex
        guard let id = hex.withUTF8({ ObjectID(hex: UnsafeRawBufferPointer($0)) }) else { return nil }
        self = id
    }

    /// Reads 40 hexadecimal digits; anything else gives nil.
    ///
    /// Without libgit2, which crashes when it has an error to note before it was started: servers are listed
    /// before that.
    init?(hex: UnsafeRawBufferPointer) {
        guard hex.count == 40 else { return nil }
        var raw = git_oid()
        let isValid = withUnsafeMutableBytes(of: &raw.id) { bytes in
            for index in 0..<20 {
                guard let high = Self.value(ofDigit: hex[2 * index]),
                    let low = Self.value(ofDigit: hex[2 * index + 1])
                else { return false }
                bytes[index] = high << 4 | low
            }
            return true
        }
        guard isValid else { return nil }
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
        String(unsafeUninitializedCapacity: 40) { digits in
            writeHex(to: UnsafeMutableRawBufferPointer(digits))
            return 40
        }
    }

    /// Adds the 40 hexadecimal digits to `text`.
    func appendHex(to text: inout [UInt8]) {
        let start = text.count
        text.append(contentsOf: repeatElement(0, count: 40))
        text.withUnsafeMutableBytes { writeHex(to: UnsafeMutableRawBufferPointer(rebasing: $0[start...])) }
    }

    private func writeHex(to digits: UnsafeMutableRawBufferPointer) {
        withUnsafeBytes(of: raw.id) { bytes in
            for index in 0..<20 {
                digits[2 * index] = Self.digit(bytes[index] >> 4)
                digits[2 * index + 1] = Self.digit(bytes[index] & 15)
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
