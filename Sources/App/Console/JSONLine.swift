import Foundation

/// Documents for programs.
enum JSONLine {
    /// `document` as one line of JSON, with its keys in order.
    static func text(_ document: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self)
    }
}
