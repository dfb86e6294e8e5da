import Crypto
import Foundation

/// Ten hexadecimal digits that stand for a text: few enough to be typed by a person.
enum ShortDigest {
    static func of(_ text: String) -> String {
        SHA256.hash(data: Data(text.utf8)).prefix(5).hexadecimal
    }
}
