import Foundation

/// What to log in with.
struct SSHCredentials: Hashable, Sendable {
    /// Key files in the order in which to try them.
    var identityFiles: [String] = []
    /// Whether these files were asked for by name, so that a broken one is worth an error.
    var areExplicit = true
    /// Use only keys of these files, although the agent has more.
    var identitiesOnly = false
    /// The socket of the ssh-agent.
    var agentSocket: String?
    /// The only key of the agent to use; `nil` for all.
    var agentKey: SSHPublicKey?
    var passphrase = SSHPassphrase.none
}

/// The keys to try, in order, and what is wrong with the others.
struct SSHKeyPlan: Sendable {
    enum Candidate: Sendable {
        case agent(SSHAgent, SSHPublicKey)
        case file(SSHKeyFile, passphrase: Secret?)

        var publicKey: SSHPublicKey? {
            switch self {
            case .agent(_, let key): key
            case .file(let file, _): file.publicKey
            }
        }

        var isRSA: Bool {
            switch self {
            case .agent(_, let key): key.isRSA
            case .file(let file, _): file.isRSA
            }
        }

        var summary: String {
            switch self {
            case .agent(_, let key): "ssh-agent (\(key.algorithm) \(key.fingerprint))"
            case .file(let file, _): file.summary
            }
        }
    }

    private(set) var candidates: [Candidate] = []
    /// Why keys were left out.
    private(set) var problems: [SSHError] = []
    /// Whether there are keys on security tokens, certificates or of other kinds that libssh2 does not know.
    private(set) var hasKeysBeyondLibrary = false

    /// Looks at the agent and the files, in the order of OpenSSH (`pubkey_prepare` in sshconnect2.c): keys of the
    /// agent that a file names, then the agent's other keys, then the files.
    ///
    /// No key comes twice.
    init(_ credentials: SSHCredentials) {
        var files: [SSHKeyFile] = []
        var wanted: [SSHPublicKey] = []
        for path in credentials.identityFiles {
            do throws(SSHError) {
                let file = try SSHKeyFile(path: path)
                files.append(file)
                if let key = file.publicKey { wanted.append(key) }
            } catch {
                let key = SSHPublicKey(filesFor: path)
                if let key { wanted.append(key) }
                // A private half that is there and cannot be used is a problem, whatever lies beside it.
                if credentials.areExplicit, key == nil || SSHPublicKey.hidesPrivateHalf(at: path) {
                    problems.append(error)
                }
            }
        }
        addAgentKeys(credentials, wanted: wanted)
        addFiles(files, credentials.passphrase)
    }

    private mutating func addAgentKeys(_ credentials: SSHCredentials, wanted: [SSHPublicKey]) {
        guard let path = credentials.agentSocket else { return }
        let agent = SSHAgent(path: path)
        do throws(SSHError) {
            let all = try agent.keys().map(\.publicKey)
            let keys = credentials.agentKey.map { key in all.filter { $0 == key } } ?? all
            let named = wanted.filter(keys.contains)
            let others = credentials.identitiesOnly ? [] : keys.filter { !named.contains($0) }
            for key in named + others where KnownHosts.algorithmOrder.contains(key.algorithm) {
                candidates.append(.agent(agent, key))
            }
            let unusable = (named + others).filter { !KnownHosts.algorithmOrder.contains($0.algorithm) }
            hasKeysBeyondLibrary = !unusable.isEmpty
            problems += unusable.map {
                Self.unusable("the key \($0.algorithm) \($0.fingerprint) of the ssh-agent")
            }
        } catch {
            problems.append(error)
        }
    }

    private mutating func addFiles(_ files: [SSHKeyFile], _ source: SSHPassphrase) {
        let offered = candidates.compactMap(\.publicKey)
        for file in files {
            if let key = file.publicKey, offered.contains(key) { continue }
            if file.isUnusableByLibrary {
                hasKeysBeyondLibrary = true
                problems.append(Self.unusable("the key \(file.summary)"))
                continue
            }
            guard file.isEncrypted else {
                candidates.append(.file(file, passphrase: nil))
                continue
            }
            do throws(SSHError) {
                if let passphrase = try source.resolve() {
                    candidates.append(.file(file, passphrase: passphrase))
                } else {
                    problems.append(Self.encrypted(file))
                }
            } catch {
                problems.append(error)
            }
        }
    }

    /// Why there is nothing to try at all.
    var emptiness: SSHError {
        let order: [SSHError.Code] = [.keyEncrypted, .keyUnreadable, .agent]
        let worst =
            order.lazy.compactMap { code in problems.first { $0.code == code } }.first ?? problems.first
        guard let worst else {
            return SSHError(
                .noKey,
                "there is no SSH key to log in with",
                hint:
                    "Make one with `ssh-keygen -t ed25519` and add it to the GitLab account, or start an ssh-agent"
            )
        }
        return worst
    }

    private static func encrypted(_ file: SSHKeyFile) -> SSHError {
        SSHError(
            .keyEncrypted,
            "the key \(file.summary) is encrypted and there is no passphrase for it",
            hint: "Give the passphrase by file or variable, or add the key to an ssh-agent with `ssh-add`"
        )
    }

    private static func unusable(_ what: String) -> SSHError {
        SSHError(
            .keyUnreadable,
            "\(what) is of a kind that libssh2 cannot use",
            hint: "Use an ed25519 or ecdsa key, or run with --ssh=openssh"
        )
    }
}

extension SSHPublicKey {
    /// The public key that stands in `path` itself or in the `.pub` file beside it, where only the agent has the
    /// private half.
    init?(filesFor path: String) {
        guard let key = [path, path + ".pub"].lazy.compactMap(Self.init(file:)).first else { return nil }
        self = key
    }

    /// Whether a file is there that is no public key, so that it must be the private half or something else.
    static func hidesPrivateHalf(at path: String) -> Bool {
        access(path, F_OK) == 0 && Self(file: path) == nil
    }

    private init?(file path: String) {
        guard let data = FileManager.default.contents(atPath: path), data.count < 65536 else { return nil }
        self.init(line: String(decoding: data, as: UTF8.self))
    }
}
