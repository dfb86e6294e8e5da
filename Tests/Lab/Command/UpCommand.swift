import ArgumentParser
import Foundation
import Lab

struct UpCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Start both servers, print the variables that gitlab-sync needs, and run until interrupted."
    )

    @Option(help: "Where everything lies; a temporary folder if left out.")
    var directory: String?

    @Option(help: "Also write the variables to this file, readable by its owner only.")
    var envFile: String?

    @Option(help: "Copy the SSH key and known_hosts into this directory as well.")
    var sshDir: String?

    @Flag(help: "Start the source without the sample world.")
    var noWorld = false

    @Option(
        help: ArgumentHelp(
            "Listen on all addresses, and name this host in every URL; otherwise only this machine reaches the lab.",
            valueName: "name"
        )
    )
    var host: String?

    @Option(help: "Add so many small projects to the source, 'many/project-1' and on.")
    var projects = 0

    @Option(
        help: ArgumentHelp(
            "Add this project to the source, also at a path that no GitLab allows; may be given again.",
            valueName: "path"
        )
    )
    var project: [String] = []

    @Option(
        help: "Spread them over so many groups below each other, quickly; projects then share their objects."
    )
    var groups = 0

    @Option(help: "How many hours ago something last happened in those projects.")
    var idle = 24

    @Option(
        help: "Strike so many of all requests to both servers with 429, 502 or a cut connection, from 0 to 1."
    )
    var storm = 0.0

    @Option(help: "Where the random numbers of the storm begin.")
    var seed: UInt64 = 1

    func validate() throws {
        guard let host, host.wholeMatch(of: /[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?/) == nil else { return }
        throw ValidationError("'\(host)' is not a host's name or IPv4 address")
    }

    func run() async throws {
        let stop = StopSignal()
        var (source, target) = (LabOptions(), LabOptions.target)
        (source.host, target.host) = (host, host)
        let lab = try await Lab.start(
            in: directory.map { URL(filePath: $0) },
            source: source,
            target: target
        )
        do {
            try await prepare(lab)
            print("ready")
            fflush(nil)
            await stop.wait()
        } catch {
            await lab.stop()
            throw error
        }
        await lab.stop()
    }

    private func prepare(_ lab: Lab) async throws {
        if !noWorld { _ = try await SampleWorld.build(on: lab.source) }
        if groups > 0 {
            try await lab.source.createMany(
                projects: projects,
                groups: groups,
                below: "many",
                lastActivity: Date(timeIntervalSinceNow: -3600 * Double(idle))
            )
        }
        let many = (0..<(groups > 0 ? 0 : projects)).map { "many/project-\($0 + 1)" }
        for path in many + project {
            try lab.source.createProject(path)
            try await lab.source.commit(to: path, files: ["README.md": "# \(path)\n"])
        }
        if storm > 0 {
            lab.source.setStorm(LabStorm(rate: storm, seed: seed))
            lab.target.setStorm(LabStorm(rate: storm, seed: seed &+ 1))
        }
        var environment = lab.environment
        // For whoever changes the source while gitlab-sync copies it.
        environment["LAB_SOURCE_API_TOKEN"] = lab.source.apiToken
        if let sshDir {
            let folder = URL(filePath: sshDir)
            try copySSHFiles(of: lab, to: folder)
            environment["GITLAB_SYNC_SSH_DIR"] = folder.path
        }
        let lines = EnvironmentFile(environment).text
        if let envFile { try EnvironmentFile(environment).write(to: URL(filePath: envFile)) }
        print(lines, terminator: "")
    }

    private func copySSHFiles(of lab: Lab, to folder: URL) throws {
        let manager = FileManager.default
        try manager.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        for name in ["id_ed25519", "id_ed25519.pub", "known_hosts"] {
            let copy = folder.appending(path: name)
            guard !manager.fileExists(atPath: copy.path) else {
                throw ValidationError("'\(copy.path)' is already there")
            }
            try manager.copyItem(at: lab.sshDirectory.appending(path: name), to: copy)
        }
    }
}
