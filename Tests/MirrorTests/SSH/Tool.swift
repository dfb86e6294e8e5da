import Foundation

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
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Result(status: process.terminationStatus, output: String(decoding: output, as: UTF8.self))
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
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/ssh-keygen")
        process.arguments =
            ["-q", "-t", type, "-N", passphrase, "-f", path, "-C", "test"]
            + (bits.map { ["-b", String($0)] } ?? []) + (format.map { ["-m", $0] } ?? [])
        process.standardInput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(command: process.arguments ?? [], output: "")
        }
        if !keepsPublicHalf {
            try FileManager.default.removeItem(atPath: path + ".pub")
        }
        return path
    }
}
