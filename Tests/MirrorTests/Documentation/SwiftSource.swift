/// What one source file declares, imports and names, as far as a look at its words tells.
///
/// No compiler: comments are left out, and so are string literals but for what they interpolate.
struct SwiftSource {
    /// A word of the code.
    struct Word: Hashable {
        let text: String
        /// Whether it is a member of what stands before it: `.text`.
        let isMember: Bool
        /// How many braces are open.
        let depth: Int
    }

    /// The file's path below the folder of all sources.
    let path: String
    private(set) var words: [Word] = []
    private(set) var literals: [String] = []

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(path: String, text: String) {
        self.path = path
        bytes = Array(text.utf8)
        scanCode(untilParenthesis: false)
    }

    /// The modules that it imports.
    var imports: [String] {
        zip(words, words.dropFirst()).filter { $0.0.text == "import" && $0.0.depth == 0 }.map(\.1.text)
    }

    /// The types that other files can name and that stand in no other type.
    var declaredTypes: [String] { declarations { $0.depth == 0 && !$0.isHidden } }

    /// All other types that it declares.
    var innerTypes: [String] { declarations { $0.depth > 0 || $0.isHidden } }

    private func declarations(where isMeant: ((depth: Int, isHidden: Bool)) -> Bool) -> [String] {
        words.indices.dropLast().compactMap { index in
            let word = words[index]
            guard Self.typeKeywords.contains(word.text), !word.isMember else { return nil }
            let isHidden = words[..<index].suffix(3).contains { Self.hiding.contains($0.text) }
            return isMeant((word.depth, isHidden)) ? words[index + 1].text : nil
        }
    }

    private static let typeKeywords: Set = [
        "struct", "class", "enum", "actor", "protocol", "typealias", "associatedtype",
    ]
    private static let hiding: Set = ["private", "fileprivate"]

    // MARK: Scanning

    private func byte(_ offset: Int = 0) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    private func starts(with text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[position...].starts(with: $0) }
    }

    /// Scans to the end, or to the parenthesis that ends an interpolation.
    private mutating func scanCode(untilParenthesis: Bool) {
        var parentheses = 0
        while position < bytes.count {
            switch byte() {
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "/"): skipLine()
            case UInt8(ascii: "/") where byte(1) == UInt8(ascii: "*"): skipBlockComment()
            case UInt8(ascii: "\""): scanLiteral(hashes: 0)
            case UInt8(ascii: "#"):
                let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
                position += hashes
                if byte() == UInt8(ascii: "\"") { scanLiteral(hashes: hashes) }
            case UInt8(ascii: "("):
                parentheses += 1
                position += 1
            case UInt8(ascii: ")"):
                position += 1
                if untilParenthesis, parentheses == 0 { return }
                parentheses -= 1
            case UInt8(ascii: "{"):
                depth += 1
                position += 1
            case UInt8(ascii: "}"):
                depth -= 1
                position += 1
            case let byte where Self.isWordByte(byte): scanWord()
            default: position += 1
            }
        }
    }

    private mutating func skipLine() {
        while position < bytes.count, byte() != UInt8(ascii: "\n") { position += 1 }
    }

    private mutating func skipBlockComment() {
        var open = 0
        repeat {
            if starts(with: "/*") {
                open += 1
                position += 2
            } else if starts(with: "*/") {
                open -= 1
                position += 2
            } else {
                position += 1
            }
        } while open > 0 && position < bytes.count
    }

    private mutating func scanWord() {
        let start = position
        while Self.isWordByte(byte()) { position += 1 }
        let isMember = start > 0 && bytes[start - 1] == UInt8(ascii: ".")
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        words.append(Word(text: text, isMember: isMember, depth: depth))
    }

    /// Scans a literal whose first quotation mark is here; what it interpolates is code.
    private mutating func scanLiteral(hashes: Int) {
        let quotes = starts(with: "\"\"\"") ? 3 : 1
        let end = [UInt8](repeating: UInt8(ascii: "\""), count: quotes) + Self.hashes(hashes)
        let escape = [UInt8(ascii: "\\")] + Self.hashes(hashes)
        position += quotes
        var content: [UInt8] = []
        while position < bytes.count, !bytes[position...].starts(with: end) {
            // A quotation mark that begins no literal, in a regular expression, must not swallow the lines below.
            if quotes == 1, byte() == UInt8(ascii: "\n") { break }
            if bytes[position...].starts(with: escape) {
                position += escape.count
                if byte() == UInt8(ascii: "(") {
                    position += 1
                    scanCode(untilParenthesis: true)
                    continue
                }
            }
            content.append(byte())
            position += 1
        }
        position = min(position + end.count, bytes.count)
        literals.append(String(decoding: content, as: UTF8.self))
    }

    private static func hashes(_ count: Int) -> [UInt8] {
        [UInt8](repeating: UInt8(ascii: "#"), count: count)
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
