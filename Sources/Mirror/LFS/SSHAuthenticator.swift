import Foundation

/// Gets access to an LFS store over SSH, by `git-lfs-authenticate`.
struct SSHAuthenticator: LFSAuthenticator {
    private static let largestAnswer = 64 << 10

    let url: SSHURL
    let connections: any GitChannelProvider

    var name: String { url.host }

    private struct Answer: Decodable {
        let href: String?
        let header: [String: String]?
        let expires_in: Int?
        let expires_at: String?
    }

    func access(for operation: LFSOperation) async throws -> LFSAccess {
        let command = url.lfsAuthenticateCommand(operation)
        let output = try await output(of: command)
        // GitLab ends without a word and with success when it cannot make a token.
        guard !output.allSatisfy({ $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: " ") }) else {
            throw failure(command, "the server gave no answer")
        }
        guard let answer = try? JSONDecoder().decode(Answer.self, from: Data(output)), var href = answer.href,
            href.hasPrefix("https://") || href.hasPrefix("http://")
        else {
            throw failure(command, "the answer names no address of the LFS store")
        }
        while href.hasSuffix("/") { href.removeLast() }
        return LFSAccess(
            url: href,
            headers: (answer.header ?? [:]).map { (name: $0.key, value: $0.value) },
            expiry: LFSExpiry(seconds: answer.expires_in, date: answer.expires_at)
        )
    }

    /// Runs a command, on a thread of its own as the end of a command is waited for.
    @concurrent
    private func output(of command: String) async throws -> [UInt8] {
        let channel = try await connections.open(command, at: url)
        defer { channel.close() }
        return try await withTaskCancellationHandler {
            try await withTaskExecutorPreference(BlockingExecutor(label: "git-lfs-authenticate")) {
                channel.closeWrite()
                var output: [UInt8] = []
                while let bytes = try await channel.readAvailable(upTo: 4096) {
                    output += bytes
                    guard output.count <= Self.largestAnswer else {
                        throw failure(command, "the answer is too long")
                    }
                }
                let exit = try channel.waitForExit()
                guard exit?.isSuccess ?? true else {
                    let words = ServerText.cleaned(channel.standardError)
                    throw failure(command, words.isEmpty ? "the server refuses without a word" : words)
                }
                return output
            }
        } onCancel: {
            channel.cancel()
        }
    }

    private func failure(_ command: String, _ words: String) -> LFSError {
        LFSError(.notAuthenticated, "\(command) on \(url.host): \(words)")
    }
}
