import Foundation

/// The folder of one server's SSH side: host keys, configuration, scripts, logs.
struct SSHFiles: Sendable {
    let directory: URL
    private let keyTypes = ["ed25519", "ecdsa", "rsa"]

    var configuration: URL { directory.appending(path: "sshd_config") }
    var log: URL { directory.appending(path: "sshd.log") }
    var processID: URL { directory.appending(path: "sshd.pid") }
    var hooks: URL { directory.appending(path: "hooks") }
    /// One line for each ended session: its id and the exit status.
    var endedSessions: URL { directory.appending(path: "sessions") }
    private var authorizedKeys: URL { directory.appending(path: "authorized_keys") }
    var gitConfigurationFile: URL { directory.appending(path: "gitconfig") }
    private var session: URL { directory.appending(path: "session") }

    /// Makes keys, scripts and an empty list of authorised keys, in place of an earlier run's.
    static func create(in directory: URL, httpPort: Int, secret: String, using git: LabGit) async throws
        -> SSHFiles
    {
        let files = SSHFiles(directory: directory)
        let manager = FileManager.default
        try? manager.removeItem(at: directory)
        try manager.createDirectory(at: files.hooks, withIntermediateDirectories: true)
        try await withThrowingTaskGroup { group in
            for type in files.keyTypes {
                group.addTask { try await files.makeHostKey(type, using: git) }
            }
            try await group.waitForAll()
        }
        let settings = "port=\(httpPort)\nsecret=\(secret)\nlab='\(directory.path)'\n"
        try files.write(settings + ShellScripts.library, to: directory.appending(path: "lab.sh"), mode: 0o600)
        let load = "#!/usr/bin/env bash\n. '\(directory.path)/lab.sh'\n"
        for (script, file) in [
            (ShellScripts.session, files.session),
            (ShellScripts.preReceive, files.hooks.appending(path: "pre-receive")),
            (ShellScripts.postReceive, files.hooks.appending(path: "post-receive")),
        ] {
            try await files.write(program: load + script, to: file, using: git)
        }
        try files.write(files.gitConfiguration, to: files.gitConfigurationFile, mode: 0o600)
        try files.write("", to: files.authorizedKeys, mode: 0o600)
        try files.write("", to: files.endedSessions, mode: 0o600)
        return files
    }

    /// Lines for a `known_hosts` file.
    func knownHosts(host: String, port: Int) throws -> String {
        try keyTypes.map { type in
            let key = try String(contentsOf: hostKey(type).appendingPathExtension("pub"), encoding: .utf8)
            let parts = key.split(separator: " ").prefix(2).joined(separator: " ")
            return "[\(host)]:\(port) \(parts.trimmingCharacters(in: .newlines))\n"
        }.joined()
    }

    /// Lets a key in; `owner` is how the welcome names who logs in with it, `nil` for the server's user.
    func authorize(_ publicKey: String, owner: String? = nil) throws {
        let handle = try FileHandle(forWritingTo: authorizedKeys)
        defer { try? handle.close() }
        try handle.seekToEnd()
        let options = owner.map { "environment=\"LAB_KEY_OWNER=\($0)\" " } ?? ""
        try handle.write(
            contentsOf: Data((options + publicKey.trimmingCharacters(in: .newlines) + "\n").utf8)
        )
    }

    func deauthorizeAll() throws { try write("", to: authorizedKeys, mode: 0o600) }

    /// Gitaly's configuration of git: `internal/git/gitcmd/command_description.go`.
    private var gitConfiguration: String {
        let ignored = ["badTimezone", "missingSpaceBeforeDate", "zeroPaddedFilemode"].map {
            "\($0) = ignore\n"
        }
        return """
            [core]
            alternateRefsCommand = "exit 0 #"
            hooksPath = "\(hooks.path)"
            [transfer]
            fsckObjects = true
            hideRefs = refs/keep-around
            hideRefs = refs/remotes
            hideRefs = refs/tmp
            [receive]
            hideRefs = refs/merge-requests
            hideRefs = refs/pipelines
            hideRefs = refs/environments
            advertisePushOptions = true
            denyDeleteCurrent = ignore
            denyNonFastForwards = false
            autogc = false
            [uploadpack]
            allowFilter = true
            allowAnySHA1InWant = true
            [gc]
            auto = 0
            [safe]
            directory = *
            [fsck]
            \(ignored.joined())[receive "fsck"]
            \(ignored.joined())
            """
    }

    func writeConfiguration(address: String, port: Int) throws {
        let hostKeys = keyTypes.map { "HostKey \"\(hostKey($0).path)\"\n" }.joined()
        let text = """
            ListenAddress \(address)
            Port \(port)
            \(hostKeys)PidFile "\(processID.path)"
            AuthorizedKeysFile "\(authorizedKeys.path)"
            ForceCommand '\(session.path)'
            SetEnv "HOME=\(directory.path)" GIT_CONFIG_NOSYSTEM=1 "GIT_CONFIG_GLOBAL=\(gitConfigurationFile.path)"
            AcceptEnv GIT_PROTOCOL
            UsePAM no
            StrictModes no
            PasswordAuthentication no
            KbdInteractiveAuthentication no
            PermitRootLogin prohibit-password
            PermitTTY no
            PrintMotd no
            PrintLastLog no
            AllowTcpForwarding no
            AllowAgentForwarding no
            X11Forwarding no
            PermitUserEnvironment LAB_KEY_OWNER
            MaxStartups 200:30:300
            MaxSessions 10
            LoginGraceTime 60
            UseDNS no
            LogLevel INFO

            """
        try write(text, to: configuration, mode: 0o600)
    }

    /// Makes a key pair without a passphrase.
    func generateKey(at file: URL, type: String, using git: LabGit) async throws {
        let size = type == "rsa" ? ["-b", "2048"] : []
        let arguments = ["-q", "-t", type] + size + ["-N", "", "-C", "lab", "-f", file.path]
        let result = try await git.program("ssh-keygen", arguments)
        guard result.status == 0 else { throw LabError("ssh-keygen: \(result.error)") }
    }

    private func makeHostKey(_ type: String, using git: LabGit) async throws {
        let file = hostKey(type)
        guard type == "rsa" else { return try await generateKey(at: file, type: type, using: git) }
        let pair = try await SlowHostKeys.shared.next {
            let scratch = FileManager.default.temporaryDirectory.appending(
                path: "lab-key-\(UUID().uuidString)"
            )
            defer {
                for name in [scratch, scratch.appendingPathExtension("pub")] {
                    try? FileManager.default.removeItem(at: name)
                }
            }
            try await generateKey(at: scratch, type: type, using: git)
            return SlowHostKeys.Pair(
                secret: try Data(contentsOf: scratch),
                open: try Data(contentsOf: scratch.appendingPathExtension("pub"))
            )
        }
        try write(pair.secret, to: file, mode: 0o600)
        try write(pair.open, to: file.appendingPathExtension("pub"), mode: 0o644)
    }

    private func hostKey(_ type: String) -> URL { directory.appending(path: "ssh_host_\(type)_key") }

    /// Writes a program that can be started at once.
    ///
    /// A child of this process that is being started elsewhere inherits what is open for writing here, and as long as
    /// it does, the system refuses to start the file ("Text file busy"). So a child of our own writes it.
    private func write(program text: String, to file: URL, using git: LabGit) async throws {
        let arguments = ["-m", "700", "/dev/stdin", file.path]
        let result = try await git.program("install", arguments, input: Data(text.utf8))
        guard result.status == 0 else { throw LabError("install: \(result.error)") }
    }

    private func write(_ text: String, to file: URL, mode: Int) throws {
        try write(Data(text.utf8), to: file, mode: mode)
    }

    private func write(_ data: Data, to file: URL, mode: Int) throws {
        try data.write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
    }
}
