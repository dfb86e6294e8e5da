import Foundation
import Logging

/// Brings options, ssh_config and keys together to the way to one server.
struct SSHRouteResolver {
    let options: SSHOptions
    let surroundings: SSHConfig.Surroundings

    func resolve(_ url: SSHURL) throws(SSHError) -> (SSHRoute, SSHBackend.Choice) {
        let files = options.configFile.map { [$0] } ?? SSHConfig.standardFiles(home: surroundings.home)
        let host = try SSHConfig(files: files, surroundings: surroundings)
            .settings(for: url.host, user: url.user, port: url.port)
        let endpoint = SSHEndpoint(
            user: url.user ?? host.user ?? SSHURL.defaultUser,
            host: host.hostName ?? url.host,
            port: url.port ?? host.port ?? SSHURL.defaultPort
        )
        var timeouts = options.timeouts
        if let limit = host.connectTimeout { timeouts.connect = limit }
        let credentials = credentials(host)
        var choice = options.backend.choose(beyondLibrary: host.beyondLibrary, plan: SSHKeyPlan(credentials))
        if choice.usesProgram, options.backend == .auto, !hasProgram {
            choice = SSHBackend.Choice(
                usesProgram: false,
                reason: "\(choice.reason), but there is no ssh program",
                lacksProgram: true
            )
        }
        if choice.usesProgram { choice.lacksProgram = !hasProgram }
        if choice.usesProgram {
            return (.program(endpoint, programSettings(url, host, timeouts)), choice)
        }
        if !host.beyondLibrary.isEmpty {
            Logger.current.warning(
                "the builtin SSH ignores parts of ssh_config",
                metadata: ["host": "\(url.host)", "ignored": "\(host.beyondLibrary.joined(separator: ", "))"]
            )
        }
        var settings = SSHConnectionSettings(endpoint: endpoint)
        settings.hostKeyAlias = host.hostKeyAlias
        settings.knownHostsFiles = knownHostsFiles(host)
        settings.hostKeyPolicy = options.hostKeyPolicy ?? host.hostKeyPolicy ?? .acceptNew
        settings.hashKnownHosts = host.hashKnownHosts ?? false
        settings.credentials = credentials
        settings.timeouts = timeouts
        return (.connection(settings), choice)
    }

    private func credentials(_ host: SSHHostSettings) -> SSHCredentials {
        var credentials = SSHCredentials()
        if !options.identityFiles.isEmpty {
            credentials.identityFiles = options.identityFiles
        } else if !host.identityFiles.isEmpty {
            credentials.identityFiles = host.identityFiles
        } else {
            credentials.identityFiles = SSHKeyFile.discover(in: "\(surroundings.home)/.ssh")
            credentials.areExplicit = false
        }
        credentials.identitiesOnly = options.identitiesOnly ?? host.identitiesOnly ?? false
        credentials.passphrase = options.passphrase
        switch host.identityAgent ?? .environment {
        case .none: break
        case .environment: credentials.agentSocket = surroundings.environment["SSH_AUTH_SOCK"]
        case .socket(let path): credentials.agentSocket = path
        }
        if credentials.agentSocket?.isEmpty == true { credentials.agentSocket = nil }
        return credentials
    }

    private func knownHostsFiles(_ host: SSHHostSettings) -> [String] {
        let folder = "\(surroundings.home)/.ssh"
        let user = options.knownHostsFile.map { [$0] } ?? host.userKnownHostsFiles
        let global = host.globalKnownHostsFiles ?? ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"]
        return withSpare(user ?? ["\(folder)/known_hosts", "\(folder)/known_hosts2"]) + global
    }

    /// New hosts are written to the first of the files.
    private func withSpare(_ files: [String]) -> [String] {
        guard let spare = options.spareKnownHostsFile, let first = files.first else { return files }
        return Self.isWritable(first) ? files + [spare] : [spare] + files
    }

    private static func isWritable(_ file: String) -> Bool {
        if access(file, F_OK) == 0 { return access(file, W_OK) == 0 }
        let folder = (file as NSString).deletingLastPathComponent
        // A folder that is not there is made, if that can be.
        return access(folder, W_OK) == 0
            || access(folder, F_OK) != 0 && access((folder as NSString).deletingLastPathComponent, W_OK) == 0
    }

    private func programSettings(_ url: SSHURL, _ host: SSHHostSettings, _ timeouts: SSHTimeouts)
        -> SSHProgram.Settings
    {
        SSHProgram.Settings(
            program: options.program,
            host: url.host,
            // Without a name, the program would log in as the local user.
            user: url.user ?? (host.user == nil ? SSHURL.defaultUser : nil),
            port: url.port,
            identityFiles: options.identityFiles,
            identitiesOnly: options.identitiesOnly ?? false,
            knownHostsFiles: programKnownHosts(host),
            hostKeyPolicy: options.hostKeyPolicy ?? host.hostKeyPolicy ?? .acceptNew,
            configFile: programConfigFile,
            timeouts: timeouts
        )
    }

    /// A file that is not there counts as empty here; the program would refuse it.
    private var programConfigFile: String? {
        options.configFile.map { access($0, F_OK) == 0 ? $0 : "none" }
    }

    /// The program reads ssh_config itself: it is told of files only where they are others.
    private func programKnownHosts(_ host: SSHHostSettings) -> [String] {
        let files = knownHostsFiles(host)
        if let spare = options.spareKnownHostsFile, files.first == spare {
            return files.filter { !$0.hasPrefix("/etc/ssh/") }
        }
        return options.knownHostsFile.map { [$0] } ?? []
    }

    private var hasProgram: Bool {
        if options.program.contains("/") { return access(options.program, X_OK) == 0 }
        let path = surroundings.environment["PATH"] ?? "/usr/bin:/bin"
        return path.split(separator: ":").contains { access("\($0)/\(options.program)", X_OK) == 0 }
    }
}
