import Foundation
import Lab
import Testing

@testable import Mirror

/// A repository of a few MB on the lab's GitLab, and an empty one beside it.
final class HTTPFaultBench: Sendable {
    typealias Operation = FaultBench.Operation
    typealias Ending = FaultBench.Ending

    let server: LabServer
    let folder: TemporaryFolder
    /// What the repository holds.
    let refs: [RefName: ObjectID]
    /// What a fetch and a push are to bring of it.
    let someRefs: [RefName: ObjectID]

    /// Starts a server, hands it to `body`, and ends it.
    static func with(_ body: (HTTPFaultBench) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let server = try await LabServer.start(in: URL(filePath: folder.file("server")))
        do {
            try await body(try HTTPFaultBench(server, folder))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private init(_ server: LabServer, _ folder: TemporaryFolder) throws {
        self.server = server
        self.folder = folder
        refs = try FaultBench.makeRepository(in: folder, named: "full.git")
        someRefs = refs.filter { $0.key.rawValue.hasPrefix("refs/heads/") || $0.key.rawValue.hasSuffix("99") }
        try FaultBench.git("init", "-q", "--bare", folder.file("mirror.git"))
        for name in ["full", "empty"] { try server.createProject("g/\(name)") }
        let place = try server.repositoryDirectory(of: "g/full").path
        try FaultBench.git("-C", folder.file("full.git"), "push", "-q", "--mirror", place)
    }

    /// The end of an operation that nothing broke.
    func success(of operation: Operation) -> Ending {
        Ending(refs: operation == .list ? refs : someRefs)
    }
}

/// A way to the server of a bench, with a proxy in front of its HTTP that breaks connections.
final class HTTPAttempt: Sendable {
    let bench: HTTPFaultBench
    let proxy: FaultProxy
    private let transport: HTTPGitTransport

    /// - Parameters:
    ///   - bench: Where the server is.
    ///   - fault: What the proxy does.
    ///   - progressLimit: How long the client waits without data moving.
    /// - Throws: What keeps the proxy from listening.
    init(_ bench: HTTPFaultBench, _ fault: FaultProxy.Fault, progressLimit: Duration) throws {
        self.bench = bench
        proxy = try FaultProxy(to: try #require(bench.server.url.port), fault: fault)
        transport = HTTPGitTransport(
            progressLimit: progressLimit,
            connectLimit: .seconds(1),
            retry: RetryPolicy(maximumAttempts: 2, pause: { _ in })
        )
    }

    func end() async { await transport.shutdown() }

    /// A repository, by way of the proxy or of another port.
    func remote(_ name: String, port: Int? = nil, token: String? = nil) throws -> GitRemote {
        let url = try HTTPRepositoryURL("http://127.0.0.1:\(port ?? proxy.port)/g/\(name).git")
        let credential = HTTPCredential(Secret(token ?? bench.server.apiToken), for: url.origin)
        return GitRemote(HTTPRepository(url: url, credential: credential, transport: transport))
    }

    func run(
        _ operation: FaultBench.Operation,
        port: Int? = nil,
        token: String? = nil
    ) async throws -> FaultBench.Ending {
        let (folder, someRefs) = (bench.folder, bench.someRefs)
        typealias Ending = FaultBench.Ending
        switch operation {
        case .list: return Ending(refs: try await remote("full", port: port, token: token).refs().refs)
        case .fetch:
            let repository = try await Repository.open(bareAt: folder.file("mirror.git"))
            let wanted = Set(someRefs.keys)
            let result = try await repository.fetch(
                from: try remote("full", port: port, token: token),
                archive: ArchiveFolder(time: Date()),
                where: wanted.contains
            )
            #expect(try await repository.refs() == result.refs)
            try FaultBench.git("-C", folder.file("mirror.git"), "fsck", "--full")
            return Ending(refs: result.refs)
        case .push:
            let repository = try await Repository.open(bareAt: folder.file("full.git"))
            let changes = RefChange.changes(from: [:], to: someRefs)
            let result = try await repository.push(changes, to: try remote("empty", port: port, token: token))
            guard result.rejected.isEmpty else {
                return Ending(refusal: result.rejected.values.sorted()[0] + " " + result.serverText)
            }
            let present = try await bench.server.refs(of: "g/empty")
            return Ending(
                refs: Dictionary(
                    uniqueKeysWithValues: try present.map { name, id in
                        (RefName(rawValue: name), try #require(ObjectID(hex: id)))
                    }
                )
            )
        }
    }
}
