import Foundation

/// An authority of the lab's own and a certificate for 127.0.0.1, made by `openssl`.
struct LabCertificates: Sendable {
    let directory: URL

    /// What a client must trust.
    var authority: URL { directory.appending(path: "ca.pem") }
    var certificate: URL { directory.appending(path: "server.pem") }
    var key: URL { directory.appending(path: "server.key") }

    static func create(in directory: URL, using git: LabGit) async throws -> LabCertificates {
        let files = LabCertificates(directory: directory)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        let newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        let names = directory.appending(path: "names")
        let request = directory.appending(path: "request")
        let authorityKey = directory.appending(path: "ca.key").path
        try Data("subjectAltName=IP:127.0.0.1\n".utf8).write(to: names)
        let steps = [
            [
                "req", "-x509", "-days", "30", "-subj", "/CN=Lab", "-keyout", authorityKey, "-out",
                files.authority.path,
            ]
                + newKey,
            ["req", "-subj", "/CN=127.0.0.1", "-keyout", files.key.path, "-out", request.path] + newKey,
            [
                "x509", "-req", "-days", "30", "-in", request.path, "-CA", files.authority.path, "-CAkey",
                authorityKey,
                "-CAcreateserial", "-extfile", names.path, "-out", files.certificate.path,
            ],
        ]
        for step in steps {
            let result = try await git.program("openssl", step)
            guard result.status == 0 else { throw LabError("openssl \(step[0]): \(result.error)") }
        }
        return files
    }
}
