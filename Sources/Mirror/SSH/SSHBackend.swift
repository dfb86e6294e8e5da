/// What carries SSH connections.
public enum SSHBackend: String, Sendable, CaseIterable {
    /// The builtin one, but the `ssh` program where configuration or keys need it.
    case auto
    /// libssh2 in this process: shared connections, own deadlines.
    case builtin
    /// The `ssh` program, one process for each command.
    case openssh
}

extension SSHBackend {
    /// What carries the connections to one host, and why.
    struct Choice: Hashable, Sendable {
        let usesProgram: Bool
        let reason: String
        /// Whether it is to be the `ssh` program, and there is none.
        var lacksProgram = false
    }

    /// Decides for one host.
    ///
    /// - Parameters:
    ///   - beyondLibrary: what its configuration asks for that libssh2 cannot do.
    ///   - plan: its keys.
    ///   - signsRSAWithSHA2: whether RSA key files can be used; keys in an agent always can.
    /// - Returns: the program where something needs it.
    func choose(
        beyondLibrary: [String],
        plan: SSHKeyPlan,
        signsRSAWithSHA2: Bool = SSHSession.signsRSAWithSHA2
    ) -> Choice {
        switch self {
        case .builtin: return Choice(usesProgram: false, reason: "asked for")
        case .openssh: return Choice(usesProgram: true, reason: "asked for")
        case .auto: break
        }
        if !beyondLibrary.isEmpty {
            return Choice(
                usesProgram: true,
                reason: "ssh_config uses \(beyondLibrary.joined(separator: ", "))"
            )
        }
        let usable = plan.candidates.filter { candidate in
            guard case .file(let file, _) = candidate else { return true }
            return !file.isRSA || signsRSAWithSHA2
        }
        if usable.isEmpty {
            if !plan.candidates.isEmpty {
                return Choice(
                    usesProgram: true,
                    reason: "there are only RSA keys, which libssh2 signs with SHA-1"
                )
            }
            if plan.hasKeysBeyondLibrary {
                return Choice(
                    usesProgram: true,
                    reason: "there are only keys of kinds that libssh2 cannot use"
                )
            }
        }
        return Choice(usesProgram: false, reason: "nothing needs the ssh program")
    }
}
