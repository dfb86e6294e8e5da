import Mirror

/// `${NAME}` and `${NAME:-DEFAULT}` in a configuration file, as docker compose knows them; `$${` stands for `${` itself.
enum VariableReference {
    /// The text with the values in the places of the references.
    ///
    /// A variable that is empty counts as not set, as everywhere.
    static func replacing(in text: String, by environment: [String: String]) throws(ConfigurationError)
        -> String
    {
        var result = ""
        var rest = text[...]
        while let start = rest.firstRange(of: "${") {
            if rest[..<start.lowerBound].hasSuffix("$") {
                result += rest[..<start.lowerBound].dropLast() + "${"
                rest = rest[start.upperBound...]
                continue
            }
            result += rest[..<start.lowerBound]
            rest = rest[start.upperBound...]
            guard let end = rest.firstIndex(of: "}") else {
                throw ConfigurationError(
                    "'${' has no '}'",
                    hint: "write ${NAME} for a variable, $${ for the characters themselves"
                )
            }
            result += try value(of: rest[..<end], environment)
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    private static func value(
        of reference: Substring,
        _ environment: [String: String]
    ) throws(ConfigurationError) -> String {
        let parts = reference.split(separator: ":-", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0])
        guard name.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_]*/) != nil else {
            throw ConfigurationError(
                "'${\(reference)}' names no variable".escapedForDisplay,
                hint: "write ${NAME}, ${NAME:-default}, or $${ for the characters themselves"
            )
        }
        if let value = environment[name], !value.isEmpty { return value }
        guard parts.count == 2 else {
            throw ConfigurationError(
                "the environment variable \(name) is not set",
                hint: "set it, or write ${\(name):-default}"
            )
        }
        return String(parts[1])
    }
}
