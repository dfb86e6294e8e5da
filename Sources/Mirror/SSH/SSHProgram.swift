import Foundation
import Logging

/// One run of the `ssh` program, which carries one channel.
enum SSHProgram {
    /// What the program is told for one host.
    struct Settings: Hashable, Sendable {
        var program = "ssh"
        /// The name as the URL has it: the program reads ssh_config itself.
        var host: String
        var user: String?
        var port: Int?
        /// Files that were named to us; without any, the program finds its keys as usual.
        var identityFiles: [String] = []
        var identitiesOnly = false
        var knownHostsFiles: [String] = []
        var hostKeyPolicy: HostKeyPolicy?
        /// Instead of the user's and the machine's ssh_config.
        var configFile: String?
        var timeouts = SSHTimeouts()
    }

    /// Starts the program.
    ///
    /// Connecting and logging in come later: their errors are those of the first read.
    static func open(_ command: String, settings: Settings, onEnd: @escaping @Sendable () -> Void)
        throws(SSHError)
        -> CarriedChannel
    {
        let wake = try WakeSignal()
        let channel = CarriedChannel(command: command, progressLimit: settings.timeouts.progress) {
            wake.send()
        }
        let worker = try SSHProgramWorker(channel, arguments: arguments(command, settings), wake: wake)
        let thread = Thread {
            worker.run()
            onEnd()
        }
        thread.name = "ssh \(settings.host)"
        thread.start()
        return channel
    }

    static func arguments(_ command: String, _ settings: Settings) -> [String] {
        var options = [
            "BatchMode=yes", "ConnectTimeout=\(max(1, settings.timeouts.connect.components.seconds))",
            "ServerAliveInterval=15", "ServerAliveCountMax=3", "ForwardX11=no", "ForwardAgent=no",
            "ClearAllForwardings=yes",
        ]
        if !settings.knownHostsFiles.isEmpty {
            options.append(
                "UserKnownHostsFile=\(settings.knownHostsFiles.map { "\"\($0)\"" }.joined(separator: " "))"
            )
        }
        if let policy = settings.hostKeyPolicy {
            options.append("StrictHostKeyChecking=\(policy == .strict ? "yes" : "accept-new")")
        }
        if settings.identitiesOnly { options.append("IdentitiesOnly=yes") }
        var arguments = [settings.program, "-T"]
        if let file = settings.configFile { arguments += ["-F", file] }
        arguments += options.flatMap { ["-o", $0] }
        arguments += settings.identityFiles.flatMap { ["-i", $0] }
        if let port = settings.port { arguments += ["-p", String(port)] }
        if let user = settings.user { arguments += ["-l", user] }
        return arguments + ["--", settings.host, command]
    }

    /// What went wrong, by the text that the program wrote (sshconnect.c, ssh.c, packet.c of OpenSSH).
    static func failure(of text: String) -> SSHError {
        let said = text.trimmingCharacters(in: .whitespacesAndNewlines)
        let codes: [(sign: String, code: SSHError.Code)] = [
            ("REMOTE HOST IDENTIFICATION HAS CHANGED", .hostKeyChanged),
            ("marked as revoked", .hostKeyRevoked),
            ("REVOKED HOST KEY DETECTED", .hostKeyRevoked), ("Host key verification failed", .hostKeyUnknown),
            ("Could not resolve hostname", .unresolvable), ("Connection refused", .refused),
            ("No route to host", .refused), ("Network is unreachable", .refused),
            ("Connection timed out during banner exchange", .silentServer),
            ("Connection timed out", .connectTimeout),
            ("Unable to negotiate", .keyExchange), ("Permission denied", .keyNotAccepted),
            ("Too many authentication failures", .keyNotAccepted),
            ("Bad configuration option", .configuration),
            ("Connection closed", .connectionLost), ("Connection reset", .connectionLost),
            ("Broken pipe", .connectionLost), ("not responding", .connectionLost),
        ]
        let code = codes.first { said.contains($0.sign) }?.code ?? .program
        return SSHError(code, "the ssh program failed" + (said.isEmpty ? "" : ": \(said)"))
    }
}
