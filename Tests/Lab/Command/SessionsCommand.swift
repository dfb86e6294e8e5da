import ArgumentParser
import Foundation

struct SessionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessions",
        abstract: "Count the requests and git sessions that a running lab has seen."
    )

    @Option(help: "The file that 'up' wrote.")
    var envFile: String

    @Flag(help: "Count from now on.")
    var clear = false

    @Flag(help: "End the storm that 'up' began.")
    var calm = false

    func run() async throws {
        let environment = try EnvironmentFile(reading: URL(filePath: envFile))
        for (name, variable) in [("source", "LOCAL_GITLAB_URL"), ("target", "REMOTE_GITLAB_URL")] {
            let client = LabClient(server: try environment.server(variable))
            let journal = try await client.journal()
            print(
                "\(name): \(journal.requests) requests, \(journal.uploadPack) fetches, \(journal.receivePack) pushes"
            )
            if calm { try await client.endStorm() }
            if clear { try await client.clearJournal() }
        }
    }
}
