import Foundation
import Testing

@testable import Mirror

/// A repository of a few MB on a real sshd, an empty one beside it, and a proxy in front that breaks connections.
final class FaultBench: Sendable {
    /// What is asked of the server.
    enum Operation: String, CaseIterable, CustomTestStringConvertible {
        /// `GitRemote.refs`.
        case list
        /// `Repository.fetch` into an empty mirror.
        case fetch
        /// `Repository.push` of everything into an empty repository.
        case push

        var testDescription: String { rawValue }

        /// Bytes in the middle of what moves: refs for a list, else the pack.
        var middle: Int { self == .list ? 50_000 : 500_000 }
    }

    /// How an operation ended that was not broken off.
    struct Ending: Hashable {
        /// The branches and tags that it brought to where they belong.
        var refs: [RefName: ObjectID] = [:]
        /// What the server said of a ref that it refused.
        var refusal: String?
    }

    let folder: TemporaryFolder
    let server: SSHServerFixture
    let proxy: FaultProxy
    /// What the repository holds.
    let refs: [RefName: ObjectID]
    /// What a fetch and a push are to bring of it.
    let someRefs: [RefName: ObjectID]
    private let options: SSHOptions
    private let transport: SSHTransport

    /// Makes the repositories and starts the server.
    ///
    /// - Parameters:
    ///   - fault: what the proxy does.
    ///   - configuration: lines of sshd_config, with `FOLDER` for the folder of scripts and repositories.
    ///   - scripts: programs by name, with `FOLDER` too.
    ///   - change: changes the options of the client.
    /// - Throws: what keeps the server from starting.
    init(
        fault: FaultProxy.Fault = .none,
        configuration: [String] = [],
        scripts: [String: String] = [:],
        _ change: (inout SSHOptions) -> Void = { _ in }
    ) throws {
        folder = try TemporaryFolder()
        for (name, text) in scripts {
            let text = text.replacing("FOLDER", with: folder.path)
            try folder.write(program: "#!/bin/bash\n\(text)\n", to: name)
        }
        let path = folder.path
        server = try SSHServerFixture(configuration: configuration.map { $0.replacing("FOLDER", with: path) })
        proxy = try FaultProxy(to: server.port, fault: fault)
        refs = try Self.makeRepository(in: folder, named: "full.git")
        someRefs = refs.filter { $0.key.rawValue.hasPrefix("refs/heads/") || $0.key.rawValue.hasSuffix("99") }
        for name in ["empty.git", "mirror.git"] { try Self.git("init", "-q", "--bare", folder.file(name)) }
        var options = SSHOptions()
        let key = try Tool.makeKey(in: folder, name: "key")
        try server.authorize(key)
        options.identityFiles = [key]
        options.knownHostsFile = folder.file("known_hosts")
        options.configFile = try folder.write("", to: "config")
        options.backend = .builtin
        change(&options)
        self.options = options
        transport = SSHTransport(options)
    }

    deinit {
        let transport = transport
        Task { await transport.shutdown() }
    }

    /// Where the server's repository `name` is, by way of the proxy or of another port.
    func remote(_ name: String, port: Int? = nil) throws -> GitRemote {
        let url = "ssh://\(NSUserName())@127.0.0.1:\(port ?? proxy.port)\(folder.file(name))"
        return GitRemote(url: try SSHURL(url), connections: transport)
    }

    /// The end of an operation that nothing broke.
    func success(of operation: Operation) -> Ending {
        Ending(refs: operation == .list ? refs : someRefs)
    }

    /// Runs an operation; a push goes to the repository `copy`, a fetch to the mirror `mirror`.
    func run(
        _ operation: Operation,
        copy: String = "empty.git",
        mirror: String = "mirror.git",
        port: Int? = nil
    ) async throws -> Ending {
        switch operation {
        case .list:
            return Ending(refs: try await remote("full.git", port: port).refs().refs)
        case .fetch:
            let repository = try await Repository.open(bareAt: folder.file(mirror))
            let (archive, wanted) = (ArchiveFolder(time: Date()), Set(someRefs.keys))
            let result = try await repository.fetch(
                from: try remote("full.git", port: port),
                archive: archive,
                where: wanted.contains
            )
            #expect(try await repository.refs() == result.refs)
            try Self.git("-C", folder.file(mirror), "fsck", "--full")
            return Ending(refs: result.refs)
        case .push:
            let repository = try await Repository.open(bareAt: folder.file("full.git"))
            let changes = RefChange.changes(from: [:], to: someRefs)
            let result = try await repository.push(changes, to: try remote(copy, port: port))
            guard result.rejected.isEmpty else {
                return Ending(refusal: result.rejected.values.sorted()[0] + " " + result.serverText)
            }
            return Ending(refs: try await remote(copy, port: server.port).refs().refs)
        }
    }

    @discardableResult
    static func git(_ arguments: String..., input: String = "/dev/null") throws -> String {
        let words = arguments.map(SSHURL.quoted).joined(separator: " ")
        let result = try Tool.run("sh", "-c", "git \(words) <\(SSHURL.quoted(input))")
        guard result.status == 0 else { throw Tool.Failure(command: arguments, output: result.output) }
        return result.output
    }

    /// One commit with 3 MB that do not compress, and many tags on it, which make a list of 260 kB.
    static func makeRepository(
        in folder: TemporaryFolder,
        named name: String
    ) throws -> [RefName: ObjectID] {
        let path = folder.file(name)
        try git("init", "-q", "--bare", "--initial-branch=main", path)
        let random = try #require(FileHandle(forReadingAtPath: "/dev/urandom"))
        var script = Data(
            "commit refs/heads/main\nmark :1\ncommitter Lab <lab@example.com> 0 +0000\ndata 1\nx\n".utf8
        )
        for number in 0..<12 {
            script += Data("M 100644 inline \(number)\ndata 250000\n".utf8)
            script += try #require(try random.read(upToCount: 250_000)) + Data("\n".utf8)
        }
        script += Data("get-mark :1\ndone\n".utf8)
        let file = folder.file("\(name).fast-import")
        try script.write(to: URL(filePath: file))
        let commit = try git("-C", path, "fast-import", "--quiet", "--done", input: file).prefix(40)
        let names = (0..<4000).map { "refs/tags/v1.\($0)" }.sorted()
        let packed =
            "# pack-refs with: peeled fully-peeled sorted \n" + names.map { "\(commit) \($0)\n" }.joined()
        try folder.write(packed, to: "\(name)/packed-refs")
        let id = try #require(ObjectID(hex: String(commit)))
        return Dictionary(
            uniqueKeysWithValues: (["refs/heads/main"] + names).map { (RefName(rawValue: $0), id) }
        )
    }
}
