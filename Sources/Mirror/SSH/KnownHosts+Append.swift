import Foundation

extension KnownHosts {
    /// Writes a new host's key down in the first file, as one line at its end.
    ///
    /// The file is locked meanwhile and looked at again, so that several processes that meet a host at the same
    /// time write one line. A missing file and folder are made, for the owner alone.
    ///
    /// - Parameters:
    ///   - key: the key that the host showed.
    ///   - name: the host's lookup name.
    ///   - hashed: whether to hide the name, as `HashKnownHosts yes` of ssh_config.
    /// - Returns: the files' new contents.
    /// - Throws: `SSHError` with `knownHosts` if the file cannot be written, and `hostKeyChanged` if another
    ///   process wrote another key for the host meanwhile.
    func appending(_ key: SSHPublicKey, for name: String, hashed: Bool = false) throws(SSHError) -> KnownHosts
    {
        guard let file = files.first else {
            throw SSHError(
                .knownHosts,
                "no known_hosts file is configured, the new host \(name) cannot be kept"
            )
        }
        let descriptor = try Self.openForAppending(file)
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw Self.failure("locked", file) }
        }
        let current = try KnownHosts(files: files)
        guard try HostKeyPolicy.acceptNew.check(key, name: name, in: current) else {
            return current
        }
        let hosts = hashed ? Self.hashedName(name) : name
        var line = "\(hosts) \(key.algorithm) \(key.base64)\n"
        if try Self.lacksFinalNewline(descriptor, file) {
            line = "\n" + line
        }
        try Self.write(line, to: descriptor, file)
        return try KnownHosts(files: files)
    }

    private static func hashedName(_ name: String) -> String {
        let salt = (0..<20).map { _ in UInt8.random(in: 0...255) }
        let hash = KnownHostsLine.hash(of: name, salt: salt)
        return "|1|\(Data(salt).base64EncodedString())|\(Data(hash).base64EncodedString())"
    }

    private static func openForAppending(_ file: String) throws(SSHError) -> Int32 {
        let folder = (file as NSString).deletingLastPathComponent
        if mkdir(folder, 0o700) != 0, errno != EEXIST, errno != EISDIR {
            throw failure("created", file)
        }
        let descriptor = open(file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("written", file) }
        return descriptor
    }

    private static func lacksFinalNewline(_ descriptor: Int32, _ file: String) throws(SSHError) -> Bool {
        let size = lseek(descriptor, 0, SEEK_END)
        guard size > 0 else { return false }
        var last: UInt8 = 0
        guard pread(descriptor, &last, 1, size - 1) == 1 else { throw failure("read", file) }
        return last != UInt8(ascii: "\n")
    }

    /// One call, so that no reader ever sees half a line; what a full disk cut is taken back.
    private static func write(_ line: String, to descriptor: Int32, _ file: String) throws(SSHError) {
        let size = lseek(descriptor, 0, SEEK_END)
        let bytes = Array(line.utf8)
        let written = Foundation.write(descriptor, bytes, bytes.count)
        // A device such as /dev/null has nothing to bring to a disk.
        guard written == bytes.count, fsync(descriptor) == 0 || errno == EINVAL else {
            let error = failure("written", file)
            ftruncate(descriptor, size)
            throw error
        }
    }

    private static func failure(_ what: String, _ file: String) -> SSHError {
        SSHError(
            .knownHosts,
            "the known_hosts file \(EscapedText.quoted(file)) cannot be \(what): \(String(cString: strerror(errno)))",
            hint: "Make it writable, or add the host's key to it by hand"
        )
    }
}
