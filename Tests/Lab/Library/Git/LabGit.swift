public import Foundation

/// Runs the git program with captured output, apart from the user's own git configuration.
public struct LabGit: Sendable {
    /// The end of one run.
    public struct Result: Sendable {
        /// The exit status, or 128 and the number of the signal that ended it.
        public let status: Int32
        /// Standard output.
        public let output: Data
        /// Standard error.
        public let error: String
        /// Standard output as text, without the line break at its end.
        public var text: String {
            var text = String(decoding: output, as: UTF8.self)
            if text.last == "\n" { text.removeLast() }
            return text
        }
        /// The lines of standard output.
        public var lines: [String] { text.isEmpty ? [] : text.components(separatedBy: "\n") }
    }

    /// The folder that stands for the home directory.
    public let home: URL
    /// Variables set for every run, over the isolated ones.
    public var environment: [String: String] = [:]

    /// Git with `home` as home directory.
    public init(home: URL) { self.home = home }

    /// Runs git and expects it to succeed.
    ///
    /// - Parameters:
    ///   - arguments: The arguments after `git`.
    ///   - directory: The repository or work tree to run in.
    ///   - input: Standard input; nothing if empty.
    /// - Returns: Output of a run with status 0.
    /// - Throws: ``LabError`` with git's words for any other status.
    @discardableResult
    public func run(_ arguments: [String], in directory: URL? = nil, input: Data = Data()) async throws
        -> Result
    {
        let result = try await attempt(arguments, in: directory, input: input)
        guard result.status == 0 else {
            throw LabError("git \(arguments.joined(separator: " ")): exit \(result.status): \(result.error)")
        }
        return result
    }

    /// Runs git and returns however it ended.
    ///
    /// - Parameters:
    ///   - arguments: The arguments after `git`.
    ///   - directory: The repository or work tree to run in.
    ///   - input: Standard input; nothing if empty.
    /// - Returns: Status and output.
    /// - Throws: ``LabError`` only if git cannot be started.
    public func attempt(
        _ arguments: [String],
        in directory: URL? = nil,
        input: Data = Data()
    ) async throws -> Result {
        let location = directory.map { ["-C", $0.path] } ?? []
        let options = ["-c", "safe.directory=*", "-c", "gc.auto=0", "-c", "maintenance.auto=false"]
        return try await program("git", location + options + arguments, input: input)
    }

    /// Runs any program in git's isolated environment.
    func program(_ executable: String, _ arguments: [String], input: Data = Data()) async throws -> Result {
        let (stdin, stdout, stderr) = (
            try ScratchFile(containing: input), try ScratchFile(), try ScratchFile()
        )
        let launch = ChildProcess.Launch(
            executable: executable,
            arguments: arguments,
            environment: isolatedEnvironment.merging(environment) { $1 },
            input: stdin.descriptor,
            output: stdout.descriptor,
            error: stderr.descriptor
        )
        let status = await (try ChildProcess(launch)).status()
        return Result(
            status: status,
            output: stdout.contents(),
            error: String(decoding: stderr.contents(), as: UTF8.self)
        )
    }

    /// What `scripts/sanitize` tells instrumented programs, for those that get an environment of their own.
    package static var sanitizerOptions: [String: String] {
        let names = ["ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"]
        return ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
    }

    var isolatedEnvironment: [String: String] {
        [
            "HOME": home.path,
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin",
            "LC_ALL": "C",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_AUTHOR_NAME": "Lab", "GIT_AUTHOR_EMAIL": "lab@example.com",
            "GIT_COMMITTER_NAME": "Lab", "GIT_COMMITTER_EMAIL": "lab@example.com",
        ]
    }
}
