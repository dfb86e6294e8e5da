import ArgumentParser

@main
struct LabCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gitlab-lab",
        abstract: "Two simulated GitLabs on this machine, to try gitlab-sync without a GitLab.",
        subcommands: [UpCommand.self, CompareCommand.self, SessionsCommand.self, HoldCommand.self]
    )
}
