import Foundation
import Mirror

/// Readers of single values.
///
/// Each error names the origin, the value and the fix.
enum Values {
    static func bool(_ setting: Setting) throws -> Bool {
        switch setting.value.lowercased() {
        case "true", "yes", "on", "1": return true
        case "false", "no", "off", "0": return false
        default:
            throw ConfigurationError(
                "\(setting.origin) is '\(setting.value.escapedForDisplay)'",
                hint: "write true or false (or yes/no, on/off, 1/0)"
            )
        }
    }

    static func number(_ setting: Setting, in range: ClosedRange<Int>) throws -> Int {
        guard let number = Int(setting.value), range.contains(number) else {
            throw ConfigurationError(
                "\(setting.origin) is '\(setting.value.escapedForDisplay)'",
                hint: "write a whole number from \(range.lowerBound) to \(range.upperBound)"
            )
        }
        return number
    }

    /// How many refs: a number, or a share of all such as `10%`.
    static func lossLimit(_ setting: Setting) throws -> LossLimit {
        let isShare = setting.value.hasSuffix("%")
        let number = Int(isShare ? setting.value.dropLast() : Substring(setting.value))
        guard let number, (0...(isShare ? 100 : Int.max)).contains(number) else {
            throw ConfigurationError(
                "\(setting.origin) is '\(setting.value.escapedForDisplay)'",
                hint: "write a number of branches and tags such as 25, or a share such as 10%"
            )
        }
        return isShare ? .percent(number) : .count(number)
    }

    /// The ids of findings, as a run prints them.
    static func approvals(_ values: [String]) throws -> Set<String> {
        let ids = values.flatMap(list)
        for id in ids where id.count != 10 || !id.allSatisfy({ $0.isHexDigit && $0.isASCII }) {
            throw ConfigurationError(
                "--approve names '\(id.escapedForDisplay)', which is no id of a finding",
                hint: "copy the ten digits that the run printed after --approve"
            )
        }
        return Set(ids.map { $0.lowercased() })
    }

    /// A length of time such as `90m`, `26h` or `8d`, in seconds.
    static func age(_ setting: Setting) throws -> Double {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = setting.value.last.flatMap({ units[$0] }),
            let number = Int(setting.value.dropLast()),
            (1...100_000).contains(number)
        else {
            throw ConfigurationError(
                "\(setting.origin) is '\(setting.value.escapedForDisplay)'",
                hint: "write a number and a unit: 90m, 26h, 8d"
            )
        }
        return Double(number) * unit
    }

    /// A moment such as `2026-11-20T12:00Z`, with or without seconds and their parts, or with an offset as in `+01:00`.
    static func moment(_ setting: Setting) throws -> Date {
        let pattern =
            /([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})(:[0-9]{2})?(\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})/
        if let match = setting.value.wholeMatch(of: pattern), match.4 == nil || match.3 != nil {
            let text = "\(match.1)T\(match.2)\(match.3 ?? ":00")\(match.5)"
            if let whole = try? Date(text, strategy: .iso8601) {
                return whole.addingTimeInterval(Double("0" + (match.4 ?? ".0")) ?? 0)
            }
        }
        throw ConfigurationError(
            "\(setting.origin) is '\(setting.value.escapedForDisplay)'",
            hint: "write a moment with its time zone: 2026-11-20T12:00Z, or 2026-11-20T20:00:00+08:00"
        )
    }

    /// What is done with LFS objects; yes and no stand for the default and for nothing.
    static func lfsMode(_ setting: Setting) throws -> LFSMode {
        if let isCopied = try? bool(setting) { return isCopied ? .keep : .off }
        return try choice(setting)
    }

    /// A glob, or a regular expression after `re:`.
    static func pathPattern(_ text: String, _ origin: String) throws -> PathPattern {
        do {
            return try PathPattern(text)
        } catch {
            throw ConfigurationError(
                "\(origin) is '\(text.escapedForDisplay)', which is no regular expression: \("\(error)".escapedForDisplay)",
                hint:
                    "write a regular expression that matches whole paths, such as re:team/(api|web)-[0-9]+, or a glob"
            )
        }
    }

    static func choice<Choice: RawRepresentable & CaseIterable>(_ setting: Setting) throws -> Choice
    where Choice.RawValue == String {
        guard let choice = Choice(rawValue: setting.value.lowercased()) else {
            throw unknown(setting, names: Choice.allCases.map(\.rawValue))
        }
        return choice
    }

    static func unknown(_ setting: Setting, names: [String]) -> ConfigurationError {
        unknown("value '\(setting.value.escapedForDisplay)' of \(setting.origin)", setting.value, keys: names)
    }

    static func unknown(_ what: String, _ value: String, keys: [String]) -> ConfigurationError {
        let nearest = keys.min { editDistance($0, value) < editDistance($1, value) } ?? ""
        return ConfigurationError(
            "unknown \(what)",
            hint: "did you mean '\(nearest)'? Known are \(keys.joined(separator: ", "))"
        )
    }

    /// The base URL of a GitLab, with an optional relative root.
    ///
    /// One server has one URL, however it is written: its mirrors are found again by it.
    static func serverURL(_ setting: Setting) throws -> URL {
        let problem = { (reason: String) in
            ConfigurationError(
                "\(setting.origin) is '\(withoutSecrets(setting.value).escapedForDisplay)', \(reason)",
                hint: "write the GitLab's base URL, for example https://gitlab.example.com"
            )
        }
        guard var parts = URLComponents(string: setting.value), let scheme = parts.scheme?.lowercased() else {
            throw problem("which is no URL")
        }
        guard ["http", "https"].contains(scheme) else { throw problem("which is no http or https URL") }
        guard let host = parts.host, !host.isEmpty else { throw problem("which names no host") }
        guard parts.user == nil, parts.password == nil else {
            throw problem("which holds a user name or a password")
        }
        guard parts.query == nil, parts.fragment == nil else { throw problem("which holds a query") }
        parts.scheme = scheme
        parts.host = host.lowercased()
        if parts.port == (scheme == "https" ? 443 : 80) { parts.port = nil }
        while parts.path.hasSuffix("/") { parts.path.removeLast() }
        guard let url = parts.url else { throw problem("which is no URL") }
        return url
    }

    /// A URL without what may be a password or a token: query, fragment, and any user but `git`.
    static func withoutSecrets(_ url: String) -> String {
        let start = url.firstRange(of: "://")?.upperBound ?? url.startIndex
        let rest = url[start...]
        // Up to the last `@`, since a password may hold any character.
        let at = rest.lastIndex(of: "@")
        let user = at.map { rest[..<$0] == "git" ? "git" : "***" } ?? ""
        let host = at.map { rest[$0...] } ?? rest
        let visible = host.prefix { $0 != "?" && $0 != "#" }
        let mark = host[visible.endIndex...].prefix(1)
        return url[..<start] + user + visible + mark + (mark.isEmpty ? "" : "***")
    }

    /// A group's full path, without slashes at its ends.
    static func groupPath(_ setting: Setting) throws -> String {
        let path = setting.value.trimmingCharacters(in: CharacterSet(charactersIn: "/ "))
        let components = path.split(separator: "/", omittingEmptySubsequences: false)
        let allowed = CharacterSet(
            charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.+"
        )
        let isSafe = components.allSatisfy { component in
            !component.isEmpty && component != "." && component != ".."
                && component.unicodeScalars.allSatisfy(allowed.contains)
        }
        guard isSafe else {
            throw ConfigurationError(
                "\(setting.origin) names the group '\(setting.value.escapedForDisplay)'",
                hint: "write a group's full path, for example team-a/backend"
            )
        }
        return path
    }

    /// A list with commas between its elements; blanks around them do not count.
    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }
}
