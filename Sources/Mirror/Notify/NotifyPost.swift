import Crypto
import Foundation

/// Sends one message by HTTP POST, within a deadline, and again once if that may help.
struct NotifyPost: Sendable {
    /// The header that signs a webhook's body: `sha256=` and the HMAC-SHA256 in hexadecimal digits.
    static let signatureHeader = "X-Gitlab-Sync-Signature-256"

    private static let attempts = 2

    /// Why a message did not arrive.
    struct Failure: Error {
        let reason: String
        let mayPass: Bool
    }

    let transport: any HTTPTransport
    let timeout: Duration

    /// Sends `body`.
    ///
    /// - Throws: ``Failure``, or `CancellationError`.
    func send(_ body: Data, to url: String, type: String, headers: [(name: String, value: String)] = [])
        async throws
    {
        let request = HTTPRequest(
            method: "POST",
            url: url,
            headers: [
                (name: "Content-Type", value: type),
                (name: "User-Agent", value: "gitlab-sync/\(ProductVersion.current)"),
            ] + headers,
            body: body
        )
        for attempt in 1... {
            do {
                return try await sendOnce(request)
            } catch let failure as Failure where failure.mayPass && attempt < Self.attempts {
                continue
            }
        }
    }

    private func sendOnce(_ request: HTTPRequest) async throws {
        let (transport, timeout) = (transport, timeout)
        let answer = try await withThrowingTaskGroup(of: HTTPResponse?.self) { group in
            group.addTask {
                do {
                    return try await transport.send(request)
                } catch is CancellationError {
                    throw CancellationError()
                } catch {
                    throw Failure(reason: "\(error)", mayPass: true)
                }
            }
            group.addTask {
                try await Task.sleep(for: timeout)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        guard let answer else { throw Failure(reason: "no answer for \(timeout.text)", mayPass: false) }
        guard (200..<300).contains(answer.status) else {
            throw Failure(reason: "it answers \(answer.status)", mayPass: answer.status >= 500)
        }
    }

    /// What signs `body`.
    static func signature(of body: Data, with secret: Secret) -> String {
        let key = SymmetricKey(data: Data(secret.reveal().utf8))
        let code = HMAC<SHA256>.authenticationCode(for: body, using: key)
        return "sha256=" + code.hexadecimal
    }
}
