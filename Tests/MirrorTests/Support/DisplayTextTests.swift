import Testing

@testable import Mirror

struct DisplayTextTests {
    @Test(arguments: [
        ("plain Grüße 世界 👍", "plain Grüße 世界 👍"), ("a\nb\r\tc", "a\\nb\\r\\tc"), ("\r\n", "\\r\\n"),
        ("\u{1B}[2J", "\\u{1B}[2J"), ("\u{0}", "\\u{0}"), ("\u{7F}\u{9B}", "\\u{7F}\\u{9B}"),
        ("a\\b", "a\\\\b"),
        ("\\u{1B}", "\\\\u{1B}"), ("\u{202E}evil\u{2066}", "\\u{202E}evil\\u{2066}"),
        ("\u{2028}\u{2029}", "\\u{2028}\\u{2029}"),
        ("\u{200B}\u{FEFF}", "\\u{200B}\\u{FEFF}"), ("\u{E000}", "\\u{E000}"), ("", ""),
    ])
    func writesOutWhatATerminalWouldActUpon(text: String, escaped: String) {
        #expect(text.escapedForDisplay == escaped)
        #expect(text[...].escapedForDisplay == escaped)
    }

    @Test func noControlCharacterIsLeft() throws {
        for value in (0...0x20).map({ UInt32($0) }) + (0x7F...0x9F).map({ UInt32($0) }) {
            let scalar = try #require(Unicode.Scalar(value))
            let text = String(Character(scalar)).escapedForDisplay
            #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value < 0x7F }, "\(value)")
        }
    }
}
