import Foundation
import Logging

/// Reads ssh_config files (ssh_config(5)) for the keys that matter to a git client.
struct SSHConfig: Sendable {
    /// Where things are; a value of its own so that tests have a home.
    struct Surroundings: Sendable {
        var home: String
        var localUser: String
        var environment: [String: String]

        /// Those of this process.
        ///
        /// The home is the user's own even where `HOME` is unset, as under cron.
        static var current: Surroundings {
            let environment = ProcessInfo.processInfo.environment
            return Surroundings(
                home: environment["HOME"] ?? NSHomeDirectory(),
                localUser: NSUserName(),
                environment: environment
            )
        }
    }

    /// The files in order of precedence; those that do not exist are empty.
    let files: [String]
    let surroundings: Surroundings

    /// The user's file and the machine's.
    static func standardFiles(home: String) -> [String] {
        ["\(home)/.ssh/config", "/etc/ssh/ssh_config"]
    }

    /// What the files say about `host`, a name as the URL has it.
    ///
    /// The first value of a key wins.
    ///
    /// - Throws: `SSHError` with `configuration` if a file cannot be read or includes itself.
    func settings(for host: String, user: String? = nil, port: Int? = nil) throws(SSHError) -> SSHHostSettings
    {
        var reader = SSHConfigReader(host: host, user: user, surroundings: surroundings)
        for file in files {
            try reader.read(file, folder: (file as NSString).deletingLastPathComponent)
        }
        var settings = reader.settings
        let tokens = SSHConfigTokens(
            host: settings.hostName.map { SSHConfigTokens.hostOnly($0, host) } ?? host,
            originalHost: host,
            port: port ?? settings.port ?? SSHURL.defaultPort,
            user: user ?? settings.user ?? SSHURL.defaultUser,
            surroundings: surroundings
        )
        settings.hostName = settings.hostName.map { _ in tokens.host }
        settings.identityFiles = settings.identityFiles.map(tokens.expand)
        settings.userKnownHostsFiles = settings.userKnownHostsFiles?.map(tokens.expand)
        settings.globalKnownHostsFiles = settings.globalKnownHostsFiles?.map(tokens.expand)
        if case .socket(let path) = settings.identityAgent {
            settings.identityAgent = .socket(tokens.expand(path))
        }
        return settings
    }
}

/// Replaces what ssh_config(5) calls tokens.
struct SSHConfigTokens {
    let host: String
    let originalHost: String
    let port: Int
    let user: String
    let surroundings: SSHConfig.Surroundings

    /// `HostName` knows no tokens but these two.
    static func hostOnly(_ text: String, _ host: String) -> String {
        text.replacing("%%", with: "\u{0}").replacing("%h", with: host).replacing("\u{0}", with: "%")
    }

    func expand(_ text: String) -> String {
        var result = ""
        var rest = Substring(text)
        if rest == "~" || rest.hasPrefix("~/") {
            result = surroundings.home
            rest = rest.dropFirst()
        }
        while let character = rest.popFirst() {
            if character == "%", let token = rest.popFirst() {
                result += value(of: token)
            } else if character == "$", rest.hasPrefix("{"), let end = rest.firstIndex(of: "}") {
                let name = String(rest[..<end].dropFirst())
                result += surroundings.environment[name] ?? ""
                rest = rest[end...].dropFirst()
            } else {
                result.append(character)
            }
        }
        return result
    }

    private func value(of token: Character) -> String {
        switch token {
        case "%": "%"
        case "h": host
        case "n": originalHost
        case "p": String(port)
        case "r": user
        case "u": surroundings.localUser
        case "d": surroundings.home
        case "i": String(getuid())
        default: "%\(token)"
        }
    }
}
