// How much room text takes on a terminal.
extension StringProtocol {
    /// The number of columns that the text takes: two for each character of Chinese, Japanese and Korean writing, none for marks
    /// that combine with the character before.
    var columns: Int { unicodeScalars.reduce(0) { $0 + $1.columns } }

    /// The text with spaces up to a number of columns.
    func padded(toColumns width: Int) -> String {
        self + String(repeating: " ", count: Swift.max(0, width - columns))
    }

    /// The text in at most `width` columns; what is cut off at its end is an ellipsis.
    func clipped(toColumns width: Int) -> String {
        guard columns > width else { return String(self) }
        guard width > 0 else { return "" }
        return Self.fitting(self, in: width - 1) + "…"
    }

    /// The text in at most `width` columns; what is cut off at its beginning is an ellipsis, as paths differ at their end.
    func clippedAtStart(toColumns width: Int) -> String {
        guard columns > width else { return String(self) }
        guard width > 0 else { return "" }
        return "…" + String(Self.fitting(String(reversed()), in: width - 1).reversed())
    }

    /// The longest beginning that takes no more than `width` columns.
    private static func fitting(_ text: some StringProtocol, in width: Int) -> String {
        var (result, taken) = ("", 0)
        for character in text {
            let columns = String(character).columns
            guard taken + columns <= width else { break }
            result.append(character)
            taken += columns
        }
        return result
    }

    /// The text in lines of at most `width` columns, broken between words, from the second on with `indent`; a word that is longer
    /// than a line has one of its own, so that it can be copied whole.
    func wrapped(toColumns width: Int, indent: String) -> String {
        var lines: [String] = []
        let start = String(prefix { $0 == " " })
        var line = start
        var isEmpty = true
        for word in dropFirst(start.count).split(separator: " ", omittingEmptySubsequences: false) {
            if !isEmpty, line.columns + 1 + word.columns > width {
                lines.append(line)
                line = indent + word
            } else {
                line += (isEmpty ? "" : " ") + word
            }
            isEmpty = false
        }
        return (lines + [line]).joined(separator: "\n")
    }
}

extension Unicode.Scalar {
    /// As terminals count: East Asian Wide and Fullwidth of Unicode's annex 11 (https://www.unicode.org/reports/tr11/).
    fileprivate var columns: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: break
        }
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F,
            0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
