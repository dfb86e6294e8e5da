import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Why no answer came, or only a part of one, in words for people.
struct TransportFailure: Error, CustomStringConvertible {
    let code: ConnectionError.Code
    let message: String
    let hint: String?

    var description: String { hint.map { "\(message); \($0)" } ?? message }

    private init(_ code: ConnectionError.Code, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }

    init(_ error: any Error) {
        switch error {
        case let error as IOError:
            let isRefusal = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode)
            self.init(isRefusal ? .refused : .connectionLost, String(cString: strerror(error.errnoCode)))
        case let error as NIOConnectionError: self.init(error)
        case let error as HTTPClientError: self.init(error)
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: self.init(encryption: error)
        case let error as HTTPParserError where error != .invalidEOFState:
            self.init(.notGit, "what answers there does not speak HTTP: \(error)")
        case ChannelError.connectTimeout: self.init(.connectTimeout, "no connection in time")
        case is HTTPParserError, is ChannelError: self.init(lost: error)
        default: self.init(.other, "\(error)")
        }
    }

    private init(_ error: NIOConnectionError) {
        if let dnsError = error.dnsAError ?? error.dnsAAAAError {
            self.init(.unresolvable, "the name \(error.host) cannot be resolved: \(dnsError)")
        } else {
            let causes = error.connectionErrors.map { TransportFailure($0.error) }
            self.init(causes.first?.code ?? .refused, causes.map(\.message).joined(separator: ", "))
        }
    }

    private init(_ error: HTTPClientError) {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout:
            self.init(.connectTimeout, "no connection in time")
        case .tlsHandshakeTimeout, .readTimeout, .deadlineExceeded:
            self.init(.silentServer, "no answer in time")
        case .remoteConnectionClosed:
            self.init(.connectionLost, "the server closed the connection without an answer")
        case .uncleanShutdown, .requestStreamCancelled: self.init(lost: error)
        case .proxyAuthenticationRequired:
            self.init(
                .proxy,
                "the proxy wants a user name and a password",
                hint: "write them into HTTPS_PROXY, as http://user:password@proxy:3128"
            )
        case .invalidProxyResponse, .httpProxyHandshakeTimeout:
            self.init(
                .proxy,
                "the proxy does not connect to the server",
                hint: "check HTTPS_PROXY and what the proxy allows, or except the server by NO_PROXY"
            )
        default: self.init(.other, "\(error)")
        }
    }

    private init(lost error: any Error) {
        self.init(.connectionLost, "the connection ended in the middle: \(error)")
    }

    private init(encryption error: any Error) {
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            self.init(
                .tls,
                "the server's certificate is not trusted",
                hint: "give the certificate of the authority that signed it by --ca-file"
            )
        } else if text.contains("failedToValidateHostname") {
            self.init(.tls, "the server's certificate is for another name")
        } else {
            self.init(.tls, "no encrypted connection: \(text)")
        }
    }
}

extension ConnectionError {
    /// What went wrong with a request to `place`.
    init(_ error: any Error, at place: String) {
        switch error {
        case let error as ConnectionError: self = error
        case is CancellationError: self.init(.cancelled, "the operation was cancelled")
        case let error as HTTPClientError where error == .cancelled:
            self.init(.cancelled, "the operation was cancelled")
        default:
            let failure = TransportFailure(error)
            let message = failure.message.escapedForDisplay
            self.init(failure.code, "\(place): \(message)", hint: failure.hint)
        }
    }
}
