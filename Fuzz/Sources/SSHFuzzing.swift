import Foundation

@testable import Mirror

/// What stands in the files and URLs of SSH.
enum SSHFuzzing {
    static func knownHosts(_ bytes: [UInt8]) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard case .key(let line) = KnownHostsLine.parse(String(decoding: line, as: UTF8.self)) else {
                continue
            }
            _ = line.matches("example.com")
            _ = line.matches("[127.0.0.1]:2222")
            require(SSHPublicKey(base64: line.key.base64) == line.key, "a key is another after Base64")
            require(line.key.fingerprint.hasPrefix("SHA256:"), "a fingerprint without its name")
        }
    }

    /// In a file of its own, as `Include` and all are part of the reader; what it includes must not be the machine's.
    static func sshConfig(_ bytes: [UInt8]) {
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        let kept = lines.filter { line in SSHConfigLine(line)?.keyword != "include" }.joined(separator: "\n")
        try? Data(kept.utf8).write(to: URL(filePath: configFile))
        let surroundings = SSHConfig.Surroundings(
            home: "/nonexistent",
            localUser: "me",
            environment: ["SSH_AUTH_SOCK": "/agent", "X": "%h${X}"]
        )
        let config = SSHConfig(files: [configFile], surroundings: surroundings)
        for host in ["example.com", "*", "%h"] {
            guard let settings = try? config.settings(for: host, user: nil, port: nil) else {
                fatalError("a file without includes cannot be read")
            }
            require(Set(settings.identityFiles).count <= kept.utf8.count, "more keys than bytes")
        }
    }

    /// Without a name, and so gone with the process that fuzzes.
    private static let configFile: String = {
        var template = Array("/tmp/fuzz-ssh-config-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        require(descriptor >= 0, "no temporary file")
        template.withUnsafeBufferPointer { name in _ = name.baseAddress.map(unlink) }
        return "/proc/self/fd/\(descriptor)"
    }()

    /// What is accepted means the same when it is written out, and nothing to a shell or a program's options.
    static func sshURL(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard let url = try? SSHURL(text) else { return }
        guard let again = try? SSHURL(url.description) else { fatalError("'\(url)' of '\(text)' is refused") }
        require(again.description == url.description, "'\(again)' is not '\(url)'")
        require(again.user == url.user && again.host == url.host, "'\(again)' is not '\(url)'")
        require((again.port ?? 22) == (url.port ?? 22), "'\(again)' has another port")
        require(!url.host.hasPrefix("-") && !url.path.hasPrefix("-"), "'\(text)' is an option")
        require(url.user?.hasPrefix("-") != true, "'\(text)' is an option")
        let command = url.gitCommand(.uploadPack)
        require(command == "git-upload-pack '\(url.path)'", "\(command) needs quotes")
    }

    static func keyFile(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if let content = SSHKeyFile.inspect(text), let key = content.publicKey {
            require(content.algorithm == key.algorithm, "the key is of another type than its file")
        }
        if let key = SSHPublicKey(line: text) { require(!key.algorithm.isEmpty, "a key of no type") }
        var reader = WireReader(bytes)
        while let string = reader.string() {
            var writer = WireWriter()
            writer.string(string)
            var second = WireReader(writer.bytes)
            require(second.string() == string && second.isAtEnd, "a string is another after writing")
        }
    }
}
