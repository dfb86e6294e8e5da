import Foundation

/// A login with one key that asks for nothing, as `ssh -T` does.
///
/// Host keys that are new to us are noted in a file of our own, which is removed: nothing is trusted by having been looked at.
struct SSHLoginAttempt: Sendable {
    /// What came of all attempts at one host.
    struct Outcomes: Sendable {
        var attempts: [(key: String, greeting: Result<String, SSHError>)] = []
        /// The key that the host showed, where no known_hosts file has one.
        var newHostKey: SSHPublicKey?
        /// Why no key could be tried, or no further one.
        var hostError: SSHError?
    }

    private enum Way {
        case builtin(SSHConnectionSettings)
        case program(SSHEndpoint, SSHProgram.Settings)
    }

    private static let aboutKeys: Set<SSHError.Code> = [
        .keyNotAccepted, .keyNeedsNewerLibrary, .keyEncrypted, .keyUnreadable, .noKey, .noKeyLogin, .agent,
    ]

    private let key: String
    private var way: Way

    /// With one key in this process.
    init(_ settings: SSHConnectionSettings, with candidate: SSHKeyPlan.Candidate) {
        var settings = settings
        settings.credentials.areExplicit = true
        switch candidate {
        case .agent(_, let key):
            settings.credentials.identityFiles = []
            settings.credentials.agentKey = key
            settings.credentials.identitiesOnly = false
        case .file(let file, _):
            settings.credentials.identityFiles = [file.path]
            settings.credentials.agentSocket = nil
        }
        key = candidate.summary
        way = .builtin(settings)
    }

    private init(_ key: String, _ endpoint: SSHEndpoint, _ settings: SSHProgram.Settings) {
        self.key = key
        way = .program(endpoint, settings)
    }

    /// By the program: with each file that we name to it, or once with whatever it finds by itself.
    static func all(_ endpoint: SSHEndpoint, _ settings: SSHProgram.Settings) -> [SSHLoginAttempt] {
        guard !settings.identityFiles.isEmpty else {
            return [SSHLoginAttempt("the ssh program's key", endpoint, settings)]
        }
        return settings.identityFiles.map { file in
            var settings = settings
            settings.identityFiles = [file]
            settings.identitiesOnly = true
            return SSHLoginAttempt((try? SSHKeyFile(path: file))?.summary ?? file, endpoint, settings)
        }
    }

    /// Tries all of them, one after the other, until the host itself is the problem.
    ///
    /// - Throws: `CancellationError`, or an error of the temporary folder.
    static func run(_ attempts: [SSHLoginAttempt]) async throws -> Outcomes {
        let folder = FileManager.default.temporaryDirectory
            .appending(component: "gitlab-sync-doctor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        defer { try? FileManager.default.removeItem(at: folder) }
        let notes = folder.appending(component: "known_hosts").path(percentEncoded: false)
        var outcomes = Outcomes()
        for attempt in attempts {
            do {
                outcomes.attempts.append((attempt.key, .success(try await attempt.greeting(notingIn: notes))))
            } catch let error as SSHError where aboutKeys.contains(error.code) {
                outcomes.attempts.append((attempt.key, .failure(error)))
            } catch let error as SSHError {
                try Task.checkCancellation()
                outcomes.hostError = error
                break
            }
        }
        outcomes.newHostKey = try KnownHosts(files: [notes]).entries.first?.line.key
        return outcomes
    }

    /// What the server says to who wants nothing.
    private func greeting(notingIn notes: String) async throws -> String {
        switch way {
        case .builtin(var settings):
            let pool = SSHPool()
            settings.knownHostsFiles.insert(notes, at: 0)
            settings.hashKnownHosts = false
            return try await Self.read(endingWith: { await pool.shutdown() }) {
                try await pool.open("", settings: settings)
            }
        case .program(let endpoint, var settings):
            let launcher = SSHProgramLauncher(limits: SSHLimits())
            let files =
                settings.knownHostsFiles.isEmpty
                ? ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"] : settings.knownHostsFiles
            settings.knownHostsFiles = [notes] + files
            return try await Self.read(endingWith: { await launcher.shutdown() }) {
                try await launcher.open("", endpoint: endpoint, settings: settings)
            }
        }
    }

    /// Reads what a channel says until its end, and closes the connection that it was on.
    private static func read(
        endingWith shutdown: () async -> Void,
        open: () async throws -> any GitChannel
    ) async throws -> String {
        let result: Result<String, any Error>
        do {
            result = .success(try await read(try await open()))
        } catch {
            result = .failure(error)
        }
        await shutdown()
        return try result.get()
    }

    private static func read(_ channel: any GitChannel) async throws -> String {
        defer { channel.close() }
        // A shell that waits for commands gets none.
        channel.closeWrite()
        var bytes: [UInt8] = []
        while bytes.count < 65_536, let more = try await channel.readAvailable(upTo: 4096) { bytes += more }
        let text = String(decoding: bytes, as: UTF8.self) + channel.standardError
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
