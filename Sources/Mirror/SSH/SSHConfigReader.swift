import Foundation

/// Goes through ssh_config files for one host and keeps the first value of each key.
struct SSHConfigReader {
    private let host: String
    private let user: String?
    private let surroundings: SSHConfig.Surroundings
    private(set) var settings = SSHHostSettings()
    private var sawIdentityNone = false
    private var isProxyDecided = false

    init(host: String, user: String?, surroundings: SSHConfig.Surroundings) {
        self.host = host
        self.user = user
        self.surroundings = surroundings
    }

    /// Reads a file and those that it includes; relative ones are looked for in `folder`.
    mutating func read(_ file: String, folder: String, depth: Int = 0) throws(SSHError) {
        guard depth < 16 else {
            throw SSHError(
                .configuration,
                "the SSH configuration \(EscapedText.quoted(file)) includes itself"
            )
        }
        var isActive = true
        for text in try Self.contents(of: file).split(whereSeparator: \.isNewline) {
            guard let line = SSHConfigLine(text) else { continue }
            switch line.keyword {
            case "host":
                isActive = GlobPatternList(line.words.map { $0[...] }).matches(host)
            case "match":
                isActive = matches(line.words)
            case "include" where isActive:
                for included in line.words.flatMap({ Self.files(matching: $0, folder, surroundings.home) }) {
                    try read(included, folder: folder, depth: depth + 1)
                }
            default:
                if isActive { take(line) }
            }
        }
    }

    /// Understands `all`, `host`, `originalhost`, `user` and `localuser`; what else there is, is noted.
    private mutating func matches(_ words: [String]) -> Bool {
        var rest = words[...]
        var result = true
        while let word = rest.popFirst() {
            let isNegated = word.hasPrefix("!")
            let criterion = (isNegated ? String(word.dropFirst()) : word).lowercased()
            if criterion == "all" {
                result = result && !isNegated
                continue
            }
            let subject: String
            switch criterion {
            case "host": subject = settings.hostName.map { SSHConfigTokens.hostOnly($0, host) } ?? host
            case "originalhost": subject = host
            case "user": subject = user ?? settings.user ?? SSHURL.defaultUser
            case "localuser": subject = surroundings.localUser
            default:
                note("Match \(criterion)")
                return false
            }
            guard let patterns = rest.popFirst() else { return false }
            let isMatch = GlobPatternList(patterns.split(separator: ",")).matches(subject)
            result = result && isMatch != isNegated
        }
        return result
    }

    private mutating func take(_ line: SSHConfigLine) {
        guard let value = line.words.first else { return }
        let isNone = value.lowercased() == "none"
        switch line.keyword {
        case "hostname": settings.hostName = settings.hostName ?? value
        case "port": settings.port = settings.port ?? Int(value)
        case "user": settings.user = settings.user ?? value
        case "identityfile": takeIdentity(value)
        case "identitiesonly": settings.identitiesOnly = settings.identitiesOnly ?? Self.flag(value)
        case "identityagent": settings.identityAgent = settings.identityAgent ?? agent(value)
        case "userknownhostsfile":
            settings.userKnownHostsFiles = settings.userKnownHostsFiles ?? (isNone ? [] : line.words)
        case "globalknownhostsfile":
            settings.globalKnownHostsFiles = settings.globalKnownHostsFiles ?? (isNone ? [] : line.words)
        case "stricthostkeychecking":
            // Nobody can be asked, and a changed key is never accepted: the rest is accept-new.
            settings.hostKeyPolicy =
                settings.hostKeyPolicy ?? (Self.flag(value) == true ? .strict : .acceptNew)
        case "hostkeyalias": settings.hostKeyAlias = settings.hostKeyAlias ?? value
        case "hashknownhosts": settings.hashKnownHosts = settings.hashKnownHosts ?? Self.flag(value)
        case "connecttimeout":
            settings.connectTimeout = settings.connectTimeout ?? Int(value).map { .seconds(max(1, $0)) }
        case "proxyjump", "proxycommand":
            takeProxy(line.keyword == "proxyjump" ? "ProxyJump" : "ProxyCommand", isNone: isNone)
        case "certificatefile": note("CertificateFile")
        case "pkcs11provider": if !isNone { note("PKCS11Provider") }
        default: break
        }
    }

    private mutating func takeProxy(_ name: String, isNone: Bool) {
        guard !isProxyDecided else { return }
        isProxyDecided = true
        if !isNone { note(name) }
    }

    private mutating func takeIdentity(_ value: String) {
        if value.lowercased() == "none" {
            sawIdentityNone = settings.identityFiles.isEmpty
        } else if !sawIdentityNone, !settings.identityFiles.contains(value) {
            settings.identityFiles.append(value)
        }
    }

    private func agent(_ value: String) -> SSHHostSettings.Agent {
        if value.lowercased() == "none" { return .none }
        if value == "SSH_AUTH_SOCK" { return .environment }
        guard value.hasPrefix("$"), !value.hasPrefix("${") else { return .socket(value) }
        return surroundings.environment[String(value.dropFirst())].map { .socket($0) } ?? .none
    }

    private mutating func note(_ what: String) {
        if !settings.beyondLibrary.contains(what) { settings.beyondLibrary.append(what) }
    }

    private static func flag(_ value: String) -> Bool? {
        switch value.lowercased() {
        case "yes", "true": true
        case "no", "false", "off", "ask", "accept-new": false
        default: nil
        }
    }

    private static func contents(of file: String) throws(SSHError) -> String {
        do throws(SmallFile.Problem) {
            return String(decoding: try SmallFile.read(file), as: UTF8.self)
        } catch {
            if error.isMissing { return "" }
            throw SSHError(
                .configuration,
                "the SSH configuration \(EscapedText.quoted(file)) cannot be read: \(error.reason)"
            )
        }
    }

    private static func files(matching pattern: String, _ folder: String, _ home: String) -> [String] {
        let path =
            if pattern.hasPrefix("/") {
                pattern
            } else if pattern.hasPrefix("~/") {
                home + pattern.dropFirst()
            } else {
                "\(folder)/\(pattern)"
            }
        var found = glob_t()
        defer { globfree(&found) }
        guard glob(path, 0, nil, &found) == 0 else { return [] }
        return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0].map { String(cString: $0) } }
    }
}
