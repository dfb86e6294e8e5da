import Foundation

@testable import Mirror

/// Runs a program of OpenSSH, as a maker and judge of files.
enum Tool {
    struct Result {
        var status: Int32
        var output: String
    }

    struct Failure: Error {
        var command: [String]
        var output: String
    }

    static func run(_ arguments: String..., environment: [String: String] = [:]) throws -> Result {
        try run(arguments, environment: environment)
    }

    /// Not by Foundation's `Process`: it waits for a descriptor that any other child, such as an sshd that is
    /// started at the same moment, may have inherited.
    private static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Result {
        var ends: [Int32] = [-1, -1]
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw Loopback.Failure()
        }
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        let variables = environment.map { "\($0.key)=\($0.value)" }
        let process = try ChildProcess(
            ["env"] + variables + arguments,
            descriptors: [null, ends[1], ends[1]]
        )
        close(null)
        close(ends[1])
        let output = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        let text = String(decoding: try output.readToEnd() ?? Data(), as: UTF8.self)
        return Result(status: process.exit(waiting: true)?.status ?? -1, output: text)
    }

    /// Makes a key pair with ssh-keygen and returns the path of the private half.
    @discardableResult
    static func makeKey(
        in folder: TemporaryFolder,
        name: String,
        type: String = "ed25519",
        bits: Int? = nil,
        format: String? = nil,
        passphrase: String = "",
        keepsPublicHalf: Bool = true
    ) throws -> String {
        let path = folder.file(name)
        let arguments =
            ["ssh-keygen", "-q", "-t", type, "-N", passphrase, "-f", path, "-C", "test"]
            + (bits.map { ["-b", String($0)] } ?? []) + (format.map { ["-m", $0] } ?? [])
        let result = try run(arguments)
        guard result.status == 0 else { throw Failure(command: arguments, output: result.output) }
        if !keepsPublicHalf {
            try FileManager.default.removeItem(atPath: path + ".pub")
        }
        return path
    }
}
