import ArgumentParser
import Mirror

/// The command `gitlab-sync`.
@main
struct App: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gitlab-sync",
        abstract:
            "Copies whole GitLab groups - subgroups, projects, branches, tags, wikis - to another GitLab.",
        discussion: """
            A run lists the source groups, creates what is missing on the target, copies what differs, and says of \
            every project whether its copy is equal and if not, why. What is already equal costs almost nothing, \
            so run it as often as you like.

            FIRST RUN
              export LOCAL_GITLAB_URL=https://gitlab.wuhan.example LOCAL_GITLAB_TOKEN_FILE=/run/secrets/local
              export REMOTE_GITLAB_URL=https://gitlab.paris.example REMOTE_GITLAB_TOKEN_FILE=/run/secrets/remote
              gitlab-sync plan --local-group team-a     # shows what would be done, changes nothing
              gitlab-sync --local-group team-a          # does it

            SSH keys and known_hosts come from ~/.ssh (--ssh-dir). The source token needs the scope read_api, the \
            target token the scope api.

            EXIT CODES
              0 everything in scope is equal on both sides   1 a project failed or differs
              3 a guard holds a deletion or rewrite that needs your word (--approve)
              64 bad usage or configuration                  69 a server is unreachable
              70 internal error                              75 another run holds the lock
              77 credentials refused                         130, 143 stopped by a signal
            """,
        version: ProductVersion.current,
        subcommands: [
            SyncCommand.self, PlanCommand.self, VerifyCommand.self, RestoreCommand.self, StatusCommand.self,
            DoctorCommand.self, ConfigCommand.self, ArchivesCommand.self, ScheduleCommand.self,
            HealthCommand.self,
        ],
        defaultSubcommand: SyncCommand.self
    )

    static func main() async {
        if let unknown = UnknownCommand(CommandLine.arguments.dropFirst(), of: Self.self) {
            Console().log("gitlab-sync: \(unknown.message)\n    next step: \(unknown.hint)")
            exit(withError: ExitCode(ExitStatus.usage.rawValue))
        }
        await main(nil)
    }
}
