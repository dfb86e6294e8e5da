extension StringProtocol {
    /// The text with every character that a terminal or a log would act upon written out.
    ///
    /// Names come from servers that may be hostile. Control characters, line separators and the
    /// characters that change the direction of writing become `\n`, `\t` or `\u{1B}`; a backslash is doubled so that the
    /// result is unambiguous.
    public var escapedForDisplay: String {
        var result = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if scalar.changesTheDisplay {
                    result += "\\u{\(String(scalar.value, radix: 16, uppercase: true))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    fileprivate var changesTheDisplay: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
            true
        default: false
        }
    }
}
