import CLibSSH2
import Foundation
import Logging

extension SSHSession {
    private enum Attempt {
        case accepted
        case refused
        /// The key could not be used.
        case failed(SSHError)
        case disconnected
    }

    /// Offers the keys one after the other, each once.
    ///
    /// - Throws: `SSHError` that names every key that was tried.
    func authenticate(as endpoint: SSHEndpoint, with plan: SSHKeyPlan, limit: Duration) throws(SSHError) {
        guard !plan.candidates.isEmpty else { throw plan.emptiness }
        let deadline = ContinuousClock.now + limit
        var problems = plan.problems
        var tried: [SSHKeyPlan.Candidate] = []
        for candidate in plan.candidates {
            switch try offer(candidate, to: endpoint, until: deadline) {
            case .accepted:
                Logger.current.debug(
                    "logged in",
                    metadata: ["host": "\(endpoint)", "key": "\(candidate.summary)"]
                )
                return
            case .refused:
                tried.append(candidate)
            case .failed(let error):
                problems.append(error)
            case .disconnected:
                tried.append(candidate)
                throw disconnected(endpoint, tried)
            }
        }
        guard !tried.isEmpty else { throw problems.first ?? plan.emptiness }
        try checkKeyLogin(endpoint, until: deadline)
        throw refusal(endpoint, tried, problems)
    }

    private func offer(
        _ candidate: SSHKeyPlan.Candidate,
        to endpoint: SSHEndpoint,
        until deadline: ContinuousClock.Instant
    ) throws(SSHError) -> Attempt {
        let result: Int32
        let signer: SSHAgentSigner?
        switch candidate {
        case .agent(let agent, let key):
            let agentSigner = SSHAgentSigner(
                agent: agent,
                key: key,
                isOpenSSH: banner?.contains("OpenSSH") == true
            )
            signer = agentSigner
            result = try completeAuthentication(endpoint, until: deadline) {
                agentSigner.authenticate(session: handle, user: endpoint.user)
            }
        case .file(let file, let passphrase):
            signer = nil
            let secret = passphrase?.reveal() ?? ""
            result = try completeAuthentication(endpoint, until: deadline) {
                libssh2_userauth_publickey_fromfile_ex(
                    handle,
                    endpoint.user,
                    UInt32(endpoint.user.utf8.count),
                    nil,
                    file.path,
                    secret
                )
            }
        }
        if result == 0 { return .accepted }
        if let error = signer?.failure { return .failed(error) }
        let text = lastErrorText
        switch result {
        case LIBSSH2_ERROR_AUTHENTICATION_FAILED:
            return .refused
        case LIBSSH2_ERROR_PUBLICKEY_UNVERIFIED where !text.hasPrefix("Waiting for"):
            // Also what a failing signature looks like.
            return text.hasPrefix("Callback returned error") ? .failed(unusable(candidate, text)) : .refused
        case LIBSSH2_ERROR_FILE, LIBSSH2_ERROR_METHOD_NOT_SUPPORTED, LIBSSH2_ERROR_KEYFILE_AUTH_FAILED:
            return .failed(unusable(candidate, text))
        default:
            return .disconnected
        }
    }

    private func completeAuthentication(
        _ endpoint: SSHEndpoint,
        until deadline: ContinuousClock.Instant,
        _ call: () -> Int32
    ) throws(SSHError) -> Int32 {
        let late = SSHError(.silentServer, "\(endpoint) did not answer in time while logging in")
        return try complete(until: deadline, onTimeout: { late }, call)
    }

    /// A server that takes no keys at all gets another message than one that does not take these.
    private func checkKeyLogin(_ endpoint: SSHEndpoint, until deadline: ContinuousClock.Instant)
        throws(SSHError)
    {
        var methods: String?
        _ = try completeAuthentication(endpoint, until: deadline) {
            if let list = libssh2_userauth_list(handle, endpoint.user, UInt32(endpoint.user.utf8.count)) {
                methods = String(cString: list)
                return 0
            }
            return lastErrorCode
        }
        guard let methods, !methods.split(separator: ",").contains("publickey") else { return }
        throw SSHError(
            .noKeyLogin,
            "\(endpoint) does not log \(endpoint.user) in by key, it offers \(EscapedText.quoted(methods)) only"
        )
    }

    private func unusable(_ candidate: SSHKeyPlan.Candidate, _ text: String) -> SSHError {
        if case .file(let file, let passphrase) = candidate, file.isEncrypted, passphrase != nil {
            return SSHError(
                .keyEncrypted,
                "the passphrase does not open the key \(file.summary), or libssh2 cannot read it: \(text)"
            )
        }
        return SSHError(.keyUnreadable, "libssh2 cannot use the key \(candidate.summary): \(text)")
    }

    private func disconnected(_ endpoint: SSHEndpoint, _ tried: [SSHKeyPlan.Candidate]) -> SSHError {
        guard tried.count > 1 else {
            return SSHError(
                .connectionLost,
                "\(endpoint) closed the connection while logging in: \(lastErrorText)"
            )
        }
        return SSHError(
            .keyNotAccepted,
            "\(endpoint) closed the connection after \(tried.count) keys: \(Self.list(tried))",
            hint: "Servers allow few attempts: name the right key, with IdentitiesOnly"
        )
    }

    private func refusal(
        _ endpoint: SSHEndpoint,
        _ tried: [SSHKeyPlan.Candidate],
        _ problems: [SSHError]
    ) -> SSHError {
        let banner = banner ?? "unknown server"
        let rsaFiles =
            Self.signsRSAWithSHA2 ? [] : tried.filter { if case .file = $0 { $0.isRSA } else { false } }
        if let key = rsaFiles.first, rsaFiles.count == tried.count {
            return SSHError(
                .keyNeedsNewerLibrary,
                "RSA key \(key.summary) was not accepted by \(endpoint) (\(banner)). "
                    + "libssh2 \(Self.libraryVersion) signs RSA with SHA-1 only",
                hint: "Use an ed25519 or ecdsa key (ssh-keygen -t ed25519), or run with --ssh=openssh"
            )
        }
        let notTried = problems.map { "; \($0.message)" }.joined()
        return SSHError(
            .keyNotAccepted,
            "\(endpoint) (\(banner)) accepted none of the keys for \(endpoint.user): \(Self.list(tried))\(notTried)",
            hint: "Add one of them to the account that is to be used"
        )
    }

    private static func list(_ tried: [SSHKeyPlan.Candidate]) -> String {
        tried.map(\.summary).joined(separator: ", ")
    }
}
