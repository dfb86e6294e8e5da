import Foundation
import Testing

@testable import Lab

/// Every test that runs the executable against a lab: one after the other, as each lab has four servers.
@Suite(.serialized, .timeLimit(.minutes(10)))
enum CommandTests {}

/// The executable `gitlab-sync`, as a user starts it: with a clean environment, against a lab.
struct CommandFixture: Sendable {
    let lab: Lab

    /// Starts a lab, hands it to `body`, and stops it.
    static func with(_ body: (CommandFixture) async throws -> Void) async throws {
        let lab = try await Lab.start()
        do {
            try await body(CommandFixture(lab: lab))
        } catch {
            await lab.stop()
            throw error
        }
        await lab.stop()
    }

    var source: LabServer { lab.source }
    var target: LabServer { lab.target }
    var stateDirectory: URL { lab.directory.appending(path: "state") }

    /// The folder whose contents no run may touch: everything but the state directory.
    var home: URL { lab.directory.appending(path: "home") }

    /// A source project with one commit.
    func makeProject(_ path: String, on server: LabServer? = nil) async throws {
        try (server ?? source).createProject(path)
        try await (server ?? source).commit(to: path, files: ["README.md": "\(path)\n"], message: "Start")
    }

    /// Starts the executable.
    ///
    /// - Parameters:
    ///   - arguments: The arguments after the name.
    ///   - changes: What is different from the lab's environment; nil removes a variable.
    /// - Returns: The run.
    /// - Throws: ``LabError`` if it cannot be started.
    func start(_ arguments: [String], _ changes: [String: String?] = [:]) throws -> RunningCommand {
        var environment = lab.environment
        environment["HOME"] = home.path
        environment["PATH"] = "/usr/bin:/bin"
        environment.merge(LabGit.sanitizerOptions) { $1 }
        for (name, value) in changes { environment[name] = value }
        return try RunningCommand(arguments, environment: environment)
    }

    /// Runs the executable to its end.
    func run(_ arguments: [String] = [], _ changes: [String: String?] = [:]) async throws -> CommandResult {
        let result = await (try start(arguments, changes)).result()
        await lab.settle()
        return result
    }

    /// Waits until `server` has been asked what `matches` describes.
    ///
    /// There is no fixed pause: the journal is read again until the request is there; the suite's time limit ends the wait.
    func waitForRequest(to server: LabServer, _ matches: (LabRequest) -> Bool) async throws {
        while !server.requests.contains(where: matches) {
            try Task.checkCancellation()
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// The branches and tags of both sides are the same, as git tells.
    func expectEqual(_ project: String, wiki: Bool = false, location: SourceLocation = #_sourceLocation)
        async throws
    {
        let (expected, actual) = (
            try await source.refs(of: project, wiki: wiki), try await target.refs(of: project, wiki: wiki)
        )
        let isMirrored = { (ref: (key: String, value: String)) in
            ref.key.hasPrefix("refs/heads/") || ref.key.hasPrefix("refs/tags/")
        }
        #expect(
            actual.filter(isMirrored) == expected.filter(isMirrored),
            "\(project)",
            sourceLocation: location
        )
    }
}

/// A run of the executable that goes on; it ends with the last reference, should a test fail before its end.
final class RunningCommand: Sendable {
    private let process: ChildProcess
    private let output: ScratchFile
    private let error: ScratchFile

    /// Starts the executable with nothing but `environment`.
    init(_ arguments: [String], environment: [String: String]) throws {
        output = try ScratchFile()
        error = try ScratchFile()
        process = try ChildProcess(
            ChildProcess.Launch(
                executable: Self.executable.path,
                arguments: arguments,
                environment: environment,
                output: output.descriptor,
                error: error.descriptor
            )
        )
    }

    deinit {
        if process.isRunning { kill(process.id, SIGKILL) }
    }

    /// SwiftPM builds the executable into the folder of the test bundle.
    private static let executable = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appending(path: "gitlab-sync")

    var id: pid_t { process.id }

    func send(signal: Int32) {
        kill(process.id, signal)
    }

    /// Waits until standard error has lines that `matches` accepts; the suite's time limit ends the wait.
    func waitForError(_ matches: (String) -> Bool) async throws {
        while !matches(String(decoding: error.contents(), as: UTF8.self)) {
            try Task.checkCancellation()
            try await Task.sleep(for: .milliseconds(5))
        }
    }

    /// Waits for its end; a test that has run out of time does not.
    func result() async -> CommandResult {
        let status = await withTaskCancellationHandler {
            await process.status()
        } onCancel: { [id = process.id] in
            kill(id, SIGKILL)
        }
        return CommandResult(
            status: status,
            output: String(decoding: output.contents(), as: UTF8.self),
            error: String(decoding: error.contents(), as: UTF8.self)
        )
    }
}

/// What a run of the executable left behind.
struct CommandResult: Sendable {
    let status: Int32
    let output: String
    let error: String

    /// The document of `--output json`.
    func document() throws -> ResultDocument {
        try JSONDecoder().decode(ResultDocument.self, from: Data(output.utf8))
    }
}

/// The document of the contract, as a script reads it: everything that it names must be there.
struct ResultDocument: Decodable {
    let result: String
    let run: Run
    let projects: [Project]
    let errors: [Failure]
    let guards: [Guard]

    struct Guard: Decodable {
        let id: String
        let code: String
        let message: String
        let approve: String
    }

    struct Run: Decodable {
        let command: String
        let exitCode: Int
    }

    struct Project: Decodable {
        let source: String
        let target: String
        let kind: String
        let status: String
        let refs: Refs
        let archived: [String]
        let bytes: Int
        let seconds: Double
        let error: Failure?
    }

    struct Refs: Decodable, Equatable {
        let created: Int
        let updated: Int
        let rewritten: Int
        let deleted: Int
        let rejected: Int
    }

    struct Failure: Decodable {
        let code: String
        let message: String
        let hint: String
    }

    func project(_ source: String, kind: String = "project") -> Project? {
        projects.first { $0.source == source && $0.kind == kind }
    }
}
