import Foundation
import Lab
import Testing

@testable import Mirror

#if canImport(FoundationNetworking)
import FoundationNetworking
#endif

extension LabTests {
    /// How other machines reach the lab, and that they do not unless it was asked for.
    @Suite struct LabHostTests {
        /// The IPv4 addresses on which a server listens at a port, as the kernel writes them.
        private func listeners(at port: Int) throws -> Set<String> {
            while true {
                let table = String(decoding: try SmallFile.read("/proc/net/tcp"), as: UTF8.self)
                let addresses = table.split(separator: "\n").compactMap { line -> String? in
                    let words = line.split(separator: " ")
                    guard words.count > 3, words[3] == "0A" else { return nil }
                    let parts = words[1].split(separator: ":").map(String.init)
                    return Int(parts[1], radix: 16) == port ? parts[0] : nil
                }
                // The table is read in pieces, and may lack a line while other connections come and go.
                if !addresses.isEmpty { return Set(addresses) }
            }
        }

        private func sshURL(of project: String, on server: LabServer) async throws -> String? {
            let path = project.replacing("/", with: "%2F")
            let url = try #require(URL(string: "\(server.url)/api/v4/projects/\(path)"))
            var request = URLRequest(url: url)
            request.setValue(server.readToken, forHTTPHeaderField: "PRIVATE-TOKEN")
            let (data, _) = try await URLSession.shared.data(for: request)
            let entity = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
            return entity["ssh_url_to_repo"] as? String
        }

        @Test func onlyThisMachineReachesIt() async throws {
            let lab = try await Lab.start()
            for server in [lab.source, lab.target] {
                #expect(server.url.host() == "127.0.0.1")
                #expect(try listeners(at: try #require(server.url.port)) == ["0100007F"])
                #expect(try listeners(at: server.sshPort) == ["0100007F"])
            }
            await lab.stop()
        }

        @Test func everyAddressNamesTheHostThatWasAskedFor() async throws {
            var options = LabOptions()
            options.host = "localhost"
            let lab = try await Lab.start(source: options, target: options)
            let server = lab.source
            try server.createProject("acme/web")
            try await server.commit(to: "acme/web", files: ["a": "a"])

            let port = try #require(server.url.port)
            #expect(server.url.absoluteString == "http://localhost:\(port)")
            #expect(try listeners(at: port) == ["00000000"])
            #expect(try listeners(at: server.sshPort) == ["00000000"])
            let address = "ssh://\(server.sshUser)@localhost:\(server.sshPort)"
            #expect(server.sshBase == address)
            #expect(try await sshURL(of: "acme/web", on: server) == "\(address)/acme/web.git")
            // The host's key is known by that name: git takes no other one.
            let refs = try await lab.clientGit.run(
                ["ls-remote", "\(address)/acme/web.git"],
                in: lab.directory
            )
            #expect(refs.text.contains("refs/heads/main"))
            #expect(lab.environment["REMOTE_GITLAB_URL"]?.hasPrefix("http://localhost:") == true)

            let ssh = "\(lab.sshCommand) -p \(server.sshPort) \(server.sshUser)@localhost"
            let grant = try Tool.run("sh", "-c", "\(ssh) git-lfs-authenticate acme/web.git download")
            #expect(grant.output.contains("http://localhost:\(port)/acme/web.git/info/lfs"))
            await lab.stop()
        }
    }
}
