extension Sequence<UInt8> {
    /// Two hexadecimal digits for each byte, in lower case.
    var hexadecimal: String {
        reduce(into: "") { $0 += String($1 >> 4, radix: 16) + String($1 & 15, radix: 16) }
    }
}
