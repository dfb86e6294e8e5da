import Foundation

/// Takes the forms of an SSH URL apart.
enum SSHURLParser {
    struct Parts {
        var user: String?
        var host: String
        var port: Int?
        var path: String
    }

    struct Problem: Error {
        let reason: String
    }

    static func parse(_ text: String) throws(Problem) -> Parts {
        guard !text.isEmpty else { throw Problem(reason: "it is empty") }
        guard text.utf8.count <= 4096 else { throw Problem(reason: "it is too long") }
        guard text.unicodeScalars.allSatisfy({ $0.value > 32 && $0.value < 127 }) else {
            throw Problem(reason: "it contains a space, a control character or a character outside of ASCII")
        }
        if let scheme = text.range(of: "://") {
            guard text[..<scheme.lowerBound].lowercased() == "ssh" else {
                throw Problem(reason: "its scheme is not ssh")
            }
            return try parseURL(text[scheme.upperBound...])
        }
        return try parseShortForm(text)
    }

    /// `[user@]host[:port]/path`, what follows `ssh://`.
    private static func parseURL(_ rest: Substring) throws(Problem) -> Parts {
        guard let slash = rest.firstIndex(of: "/") else { throw Problem(reason: "it has no path") }
        let (user, place) = try splitUser(rest[..<slash])
        let (host, port) = try splitPort(place)
        let path = rest[slash...]
        let asked = path.hasPrefix("/~") ? path.dropFirst() : path
        return Parts(user: user, host: host, port: port, path: try checkedPath(asked))
    }

    /// `[user@]host:path`, also with brackets around the address, or around all of user, host and port.
    private static func parseShortForm(_ text: String) throws(Problem) -> Parts {
        if text.contains("::"), !text.contains("[") {
            throw Problem(reason: "it is not an address of an SSH server")
        }
        let place: Substring
        let path: Substring
        if let open = text.firstIndex(of: "["), !text[..<open].contains(where: { $0 == "/" || $0 == ":" }) {
            guard let close = text.firstIndex(of: "]"), text[close...].hasPrefix("]:") else {
                throw Problem(reason: "its brackets are not followed by a colon and a path")
            }
            place = text[...close]
            path = text[text.index(close, offsetBy: 2)...]
        } else {
            guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") else {
                throw Problem(reason: "it is a local path, or the host has no colon after it")
            }
            place = text[..<colon]
            path = text[text.index(after: colon)...]
            if place.count == 1, path.hasPrefix("/") || path.hasPrefix("\\") {
                throw Problem(reason: "it looks like a path with a drive letter")
            }
        }
        let (outerUser, bracketed) = place.hasPrefix("[") ? (nil, place) : try splitUser(place)
        guard bracketed.hasPrefix("[") else {
            return Parts(
                user: outerUser,
                host: try checkedHost(bracketed),
                port: nil,
                path: try checkedPath(path)
            )
        }
        let (innerUser, inner) = try splitUser(bracketed.dropFirst().dropLast())
        guard outerUser == nil || innerUser == nil else { throw Problem(reason: "it names two users") }
        let (host, port) = isIPv6(inner) ? (String(inner), nil) : try splitPort(inner)
        return Parts(user: outerUser ?? innerUser, host: host, port: port, path: try checkedPath(path))
    }

    private static func splitUser(_ text: Substring) throws(Problem) -> (user: String?, rest: Substring) {
        guard let at = text.lastIndex(of: "@") else { return (nil, text) }
        let user = text[..<at]
        if user.contains(":") {
            throw Problem(reason: "it contains a password; SSH logs in by key here")
        }
        guard !user.isEmpty, !user.hasPrefix("-"), user.allSatisfy({ $0.isASCIIWord || "-.".contains($0) })
        else {
            throw Problem(reason: "its user name is not made of letters, digits and . _ -")
        }
        return (String(user), text[text.index(after: at)...])
    }

    private static func splitPort(_ text: Substring) throws(Problem) -> (host: String, port: Int?) {
        if text.hasPrefix("[") {
            guard let close = text.firstIndex(of: "]") else {
                throw Problem(reason: "a bracket is not closed")
            }
            let inner = text[text.index(after: text.startIndex)..<close]
            guard isIPv6(inner) else { throw Problem(reason: "what is in brackets is not an IPv6 address") }
            let after = text[text.index(after: close)...]
            if after.isEmpty { return (String(inner), nil) }
            guard after.hasPrefix(":") else {
                throw Problem(reason: "its brackets are not followed by a port")
            }
            return (String(inner), try checkedPort(after.dropFirst()))
        }
        guard let colon = text.firstIndex(of: ":") else { return (try checkedHost(text), nil) }
        return (try checkedHost(text[..<colon]), try checkedPort(text[text.index(after: colon)...]))
    }

    private static func checkedPort(_ text: Substring) throws(Problem) -> Int {
        guard text.count <= 5, text.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(text),
            (1...65535).contains(port)
        else { throw Problem(reason: "its port is not a number from 1 to 65535") }
        return port
    }

    static func checkedHost(_ text: Substring) throws(Problem) -> String {
        guard let first = text.first, first.isASCIIWord, text.count <= 253,
            text.allSatisfy({ $0.isASCIIWord || "-.".contains($0) }), !text.contains("..")
        else { throw Problem(reason: "its host is not a name of letters, digits and . _ - nor an address") }
        return String(text)
    }

    /// GitLab's own alphabet for paths, `+` and `@` of old ones, and `~` in the first place for other servers.
    private static func checkedPath(_ path: Substring) throws(Problem) -> String {
        let relative = path.drop { $0 == "/" }
        guard !relative.isEmpty, path.count - relative.count <= 1 else {
            throw Problem(reason: "it has no path, or an empty part in it")
        }
        guard !path.hasPrefix("-") else { throw Problem(reason: "its path begins with a hyphen") }
        let body = relative.hasPrefix("~") ? relative.dropFirst() : relative
        guard body.allSatisfy({ $0.isASCIIWord || "-./+@".contains($0) }) else {
            throw Problem(reason: "its path has a character other than letters, digits and . _ - / + @")
        }
        var parts = relative.split(separator: "/", omittingEmptySubsequences: false)
        if parts.last?.isEmpty == true, parts.count > 1 { parts.removeLast() }
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            throw Problem(reason: "its path has an empty part, . or ..")
        }
        return String(path)
    }

    static func isIPv6(_ text: Substring) -> Bool {
        let parts = text.split(separator: "%", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, parts[1].isEmpty || !parts[1].allSatisfy(\.isASCIIWord) { return false }
        var address = in6_addr()
        return inet_pton(AF_INET6, String(parts[0]), &address) == 1
    }
}

extension Character {
    /// A letter or digit of ASCII, or an underscore.
    fileprivate var isASCIIWord: Bool {
        isASCII && (isLetter || isNumber || self == "_")
    }
}
