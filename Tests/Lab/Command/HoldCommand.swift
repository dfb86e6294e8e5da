import ArgumentParser
import Foundation

struct HoldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hold",
        abstract:
            "Let the git sessions of a project of a running lab's source wait, so that a run stays in its middle."
    )

    @Option(help: "The file that 'up' wrote.")
    var envFile: String

    @Flag(help: "Let them go on.")
    var release = false

    @Argument(help: "The full path of the project.")
    var project: String

    func run() async throws {
        let environment = try EnvironmentFile(reading: URL(filePath: envFile))
        let source = LabClient(server: try environment.server("LOCAL_GITLAB_URL"))
        try await source.hold(!release, project: project)
    }
}
