import ArgumentParser

/// `gitlab-sync doctor`: whether a run has what it needs.
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks everything that a run needs before it is needed, with the fix for each finding.",
        discussion: """
            Asks both servers, logs in with each SSH key, looks at the state directory and at this machine. Changes nothing \
            on either server. Takes the flags and variables of `gitlab-sync sync`.

            Each line begins with a mark: = as it should be, * works but needs attention, ! a run fails by it.

            EXAMPLES
              gitlab-sync doctor
              gitlab-sync doctor -c gitlab-sync.yaml --output json

            EXIT CODES, the first that applies
              64 bad usage or configuration                  69 a server is unreachable
              77 a token or all SSH keys are refused         1 any other error
              0 all is well, or there are warnings only      130, 143 stopped by a signal
            """
    )

    @OptionGroup var options: SyncOptions

    func run() async throws {
        try await DoctorRun(options.given).run()
    }
}
