import Foundation

/// A folder that is gone when the last reference to it is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "ssh-tests-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String) -> String {
        "\(path)/\(name)"
    }

    @discardableResult
    func write(_ text: String, to name: String, mode: mode_t = 0o600) throws -> String {
        let path = file(name)
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        chmod(path, mode)
        return path
    }

    /// Writes a script that can be started at once.
    ///
    /// Another process writes it: a child of ours that is being started meanwhile would inherit our descriptor, and as long as
    /// it has it the system refuses to start the file ("Text file busy").
    @discardableResult
    func write(program text: String, to name: String) throws -> String {
        let path = file(name)
        let result = try Tool.run(
            "sh",
            "-c",
            "printf %s \"$1\" >\"$2\" && chmod 700 \"$2\"",
            "sh",
            text,
            path
        )
        guard result.status == 0 else { throw Tool.Failure(command: ["sh"], output: result.output) }
        return path
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: file(name), encoding: .utf8)
    }
}
