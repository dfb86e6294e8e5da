import CLibGit2

/// What libgit2's callbacks reach through their payload pointer during one conversation with a server.
///
/// libgit2 calls back on the thread that called it, so nothing here is shared, and `Task.isCancelled` speaks of the task that
/// called.
final class RemoteCallbacks {
    private let login: SSHLogin
    private let url: SSHURL
    private let onProgress: (TransferProgress) -> Void
    private var untriedKeys: [String]

    /// Why one of our callbacks stopped libgit2.
    private(set) var cause: GitError?

    /// What the refs of a push were when we last looked.
    var expectedRefs: [RefName: ObjectID] = [:]

    /// The server's word on each ref of a push; nil means that the ref was taken.
    private(set) var pushStatuses: [RefName: String?] = [:]

    /// The bytes that the server sent for people to read.
    private(set) var serverText = ""

    init(login: SSHLogin, url: SSHURL, onProgress: @escaping (TransferProgress) -> Void = { _ in }) {
        self.login = login
        self.url = url
        self.onProgress = onProgress
        self.untriedKeys = login.keyFiles
    }

    /// Why the conversation failed: the task was cancelled, or one of our callbacks stopped it, or else libgit2's own `error`.
    func reason(for error: GitError) -> any Error {
        Task.isCancelled ? CancellationError() : cause ?? error
    }

    /// Callbacks whose payload is this object, unretained: keep it alive for as long as libgit2 uses them.
    func make() throws(GitError) -> git_remote_callbacks {
        var raw = git_remote_callbacks()
        try check("git_remote_init_callbacks") {
            git_remote_init_callbacks(&raw, UInt32(GIT_REMOTE_CALLBACKS_VERSION))
        }
        raw.payload = Unmanaged.passUnretained(self).toOpaque()
        raw.credentials = { credential, _, user, _, payload in
            RemoteCallbacks.from(payload).offerKey(into: credential, user: user)
        }
        raw.certificate_check = { certificate, _, host, payload in
            RemoteCallbacks.from(payload).checkHostKey(certificate)
        }
        raw.sideband_progress = { text, length, payload in
            RemoteCallbacks.from(payload).receive(text: text, length: length)
        }
        raw.transfer_progress = { progress, payload in
            guard let progress, !Task.isCancelled else { return GIT_EUSER.rawValue }
            RemoteCallbacks.from(payload).onProgress(TransferProgress(progress.pointee))
            return GIT_OK.rawValue
        }
        raw.push_transfer_progress = { _, _, _, _ in Task.isCancelled ? GIT_EUSER.rawValue : GIT_OK.rawValue }
        raw.pack_progress = { _, _, _, _ in Task.isCancelled ? GIT_EUSER.rawValue : GIT_OK.rawValue }
        raw.push_negotiation = { updates, count, payload in
            RemoteCallbacks.from(payload).checkExpectations(UnsafeBufferPointer(start: updates, count: count))
        }
        raw.push_update_reference = { name, status, payload in
            guard let name else { return GIT_OK.rawValue }
            let refName = RefName(rawValue: String(cString: name))
            let refusal: String? = status.map { String(cString: $0) }
            RemoteCallbacks.from(payload).pushStatuses.updateValue(refusal, forKey: refName)
            return GIT_OK.rawValue
        }
        return raw
    }

    private static func from(_ payload: UnsafeMutableRawPointer?) -> RemoteCallbacks {
        guard let payload else { preconditionFailure("libgit2 called back without a payload") }
        return Unmanaged<RemoteCallbacks>.fromOpaque(payload).takeUnretainedValue()
    }

    /// Offers each key once: a server ends the connection when the same key comes again and again.
    private func offerKey(
        into credential: UnsafeMutablePointer<UnsafeMutablePointer<git_credential>?>?,
        user: UnsafePointer<CChar>?
    ) -> Int32 {
        guard !untriedKeys.isEmpty else {
            return stop(.unauthorized, login.explainNoKeyAccepted(by: url))
        }
        let key = untriedKeys.removeFirst()
        let name = user.map { String(cString: $0) } ?? url.user ?? SSHURL.defaultUser
        return git_credential_ssh_key_new(credential, name, nil, key, nil)
    }

    private func checkHostKey(_ certificate: UnsafeMutablePointer<git_cert>?) -> Int32 {
        guard let certificate, certificate.pointee.cert_type == GIT_CERT_HOSTKEY_LIBSSH2 else {
            return stop(.hostKeyRefused, "the server showed no SSH host key")
        }
        return certificate.withMemoryRebound(to: git_cert_hostkey.self, capacity: 1) { key in
            let blob = UnsafeRawBufferPointer(start: key.pointee.hostkey, count: key.pointee.hostkey_len)
            guard let refusal = login.refusal(ofHostKey: Array(blob), from: url) else { return GIT_OK.rawValue }
            return stop(.hostKeyRefused, refusal)
        }
    }

    private func receive(text: UnsafePointer<CChar>?, length: Int32) -> Int32 {
        let bytes = UnsafeRawBufferPointer(start: text, count: Int(length))
        // Enough for every message of GitLab; a hostile server must not fill our memory.
        if serverText.utf8.count < 64 * 1024 { serverText += String(decoding: bytes, as: UTF8.self) }
        return Task.isCancelled ? GIT_EUSER.rawValue : GIT_OK.rawValue
    }

    /// Refuses to push over a ref that is not what it was when the push was planned.
    private func checkExpectations(_ updates: UnsafeBufferPointer<UnsafePointer<git_push_update>?>) -> Int32 {
        for update in updates {
            guard let update = update?.pointee, let rawName = update.dst_refname else { continue }
            let name = RefName(rawValue: String(cString: rawName))
            let present = ObjectID(update.src)
            guard present == expectedRefs[name] ?? ObjectID(git_oid()) else {
                return stop(
                    .changedMeanwhile,
                    "'\(name.rawValue.escapedForDisplay)' is at \(present), which is not what it was a moment ago"
                )
            }
        }
        return GIT_OK.rawValue
    }

    private func stop(_ code: GitError.Code, _ message: String) -> Int32 {
        cause = GitError(code, function: "git_remote_connect", message: message)
        git_error_set_str(Int32(GIT_ERROR_CALLBACK.rawValue), message)
        return GIT_EUSER.rawValue
    }
}
