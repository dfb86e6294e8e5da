import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Why no answer came, or only a part of one, in words for people.
struct TransportFailure: Error, CustomStringConvertible {
    let code: ConnectionError.Code
    let description: String
    var hint: String?

    init(_ error: any Error) {
        switch error {
        case let error as IOError:
            let isRefusal = [ECONNREFUSED, EHOSTUNREACH, ENETUNREACH].contains(error.errnoCode)
            code = isRefusal ? .refused : .connectionLost
            description = String(cString: strerror(error.errnoCode))
        case let error as NIOConnectionError:
            if let dnsError = error.dnsAError ?? error.dnsAAAAError {
                code = .unresolvable
                description = "the name \(error.host) cannot be resolved: \(dnsError)"
            } else {
                let causes = error.connectionErrors.map { TransportFailure($0.error) }
                code = causes.first?.code ?? .refused
                description = causes.map(\.description).joined(separator: ", ")
            }
        case let error as HTTPClientError: self.init(error)
        case let error as HTTPParserError where error == .invalidEOFState: self.init(lost: error)
        case is HTTPParserError:
            code = .notGit
            description = "what answers there does not speak HTTP: \(error)"
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError: self.init(encryption: error)
        case is ChannelError: self.init(lost: error)
        default:
            code = .other
            description = "\(error)"
        }
    }

    private init(_ error: HTTPClientError) {
        switch error {
        case .connectTimeout, .getConnectionFromPoolTimeout:
            code = .connectTimeout
            description = "no connection in time"
        case .tlsHandshakeTimeout, .readTimeout, .deadlineExceeded:
            code = .silentServer
            description = "no answer in time"
        case .remoteConnectionClosed:
            code = .connectionLost
            description = "the server closed the connection without an answer"
        case .uncleanShutdown, .requestStreamCancelled: self.init(lost: error)
        case .proxyAuthenticationRequired:
            code = .proxy
            description = "the proxy wants a user name and a password"
            hint = "write them into HTTPS_PROXY, as http://user:password@proxy:3128"
        case .invalidProxyResponse, .httpProxyHandshakeTimeout:
            code = .proxy
            description = "the proxy does not connect to the server: \(error)"
            hint = "check HTTPS_PROXY and what the proxy allows, or except the server by NO_PROXY"
        default:
            code = .other
            description = "\(error)"
        }
    }

    private init(lost error: any Error) {
        code = .connectionLost
        description = "the connection ended in the middle: \(error)"
    }

    private init(encryption error: any Error) {
        code = .tls
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            description = "the server's certificate is not trusted"
            hint = "give the certificate of the authority that signed it by --ca-file"
        } else if text.contains("HOSTNAME") || text.contains("failedToValidateHostname") {
            description = "the server's certificate is for another name"
        } else {
            description = "no encrypted connection: \(text)"
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
            let message = failure.description.escapedForDisplay
            self.init(failure.code, "\(place): \(message)", hint: failure.hint)
        }
    }
}
