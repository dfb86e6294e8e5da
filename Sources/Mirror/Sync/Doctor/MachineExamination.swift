import Foundation

/// Looks at what the installed libraries cannot do, and at variables that other programs heed.
struct MachineExamination {
    private static let proxies = ["http_proxy", "https_proxy", "all_proxy"]

    private let environment: [String: String]
    private let objectFormats: [String: Int]

    /// `objectFormats` says how many projects name their objects by which other hash than SHA-1.
    init(_ doctor: Doctor, objectFormats: [String: Int]) {
        environment = doctor.environment
        self.objectFormats = objectFormats
    }

    func run() -> [DoctorFinding] {
        [gitLibrary, sshLibrary, proxy]
    }

    private var gitLibrary: DoctorFinding {
        let text = "libgit2 \(LibGit2.version) reads repositories with SHA-1 only"
        guard !objectFormats.isEmpty else { return .ok(.machine, "git-library", text) }
        let counts = objectFormats.sorted { $0.key < $1.key }.map { "\($0.value) with \($0.key)" }
        return .warning(
            .machine,
            "git-library",
            "\(text); in scope are projects of others: \(counts.joined(separator: ", "))",
            fix: "leave them out with --exclude, or accept that they are reported as failed"
        )
    }

    private var sshLibrary: DoctorFinding {
        let version = SSHSession.libraryVersion
        return .ok(
            .machine,
            "ssh-library",
            SSHSession.signsRSAWithSHA2
                ? "libssh2 \(version) uses ed25519, ecdsa and RSA keys"
                : "libssh2 \(version) uses ed25519 and ecdsa keys; RSA keys need the ssh program, or an ssh-agent"
        )
    }

    /// Only names are told: the value of such a variable may hold a password.
    private var proxy: DoctorFinding {
        let set = environment.filter { Self.proxies.contains($0.key.lowercased()) && !$0.value.isEmpty }.keys
            .sorted()
        guard !set.isEmpty else { return .ok(.machine, "proxy", "no proxy is set") }
        return .warning(
            .machine,
            "proxy",
            "\(set.joined(separator: ", ")) is set: HTTPS_PROXY and HTTP_PROXY carry the API and git over HTTPS, nothing carries SSH",
            fix: "for SSH, ProxyJump or ProxyCommand in ssh_config work; or use --transport https"
        )
    }
}
