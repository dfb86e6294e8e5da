import ArgumentParser
import Mirror

/// `gitlab-sync verify`: the proof that copies are equal, or what differs.
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Compares source, target and mirrors ref by ref, and prints the proof or the differences.",
        discussion: """
            Takes the flags and variables of `gitlab-sync sync` and changes nothing, neither on a server nor on disk. Each \
            line begins with a mark: = equal, + missing, - only there, * differs, ! error. The exit code is 0 if everything \
            is equal and 1 if anything differs.

            EXAMPLES
              gitlab-sync verify --local-group team-a
              gitlab-sync verify --deep --proof proofs.jsonl --html proof.html
              gitlab-sync verify --check-proofs proofs.jsonl
            """
    )

    @Flag(help: "Also read every object of the mirrors: as much work as `git fsck` of each.")
    var deep = false

    @Option(
        help: ArgumentHelp("Append the proof to this file, chained to the one before.", valueName: "file")
    )
    var proof: String?

    @Option(
        name: .customLong("check-proofs"),
        help: ArgumentHelp(
            "Only check the chain of such a file: any record that was edited, removed or moved.",
            valueName: "file"
        )
    )
    var proofsToCheck: String?

    @Option(help: ArgumentHelp("Also write the result as a page for people.", valueName: "file"))
    var html: String?

    @OptionGroup var options: SyncOptions

    func validate() throws {
        if proofsToCheck != nil, deep || proof != nil || html != nil {
            throw ValidationError("--check-proofs stands alone: leave out --deep, --proof and --html")
        }
    }

    func run() async throws {
        let session = CommandSession(command: "verify", flags: options.given)
        if let proofsToCheck {
            try await session.run { try ProofCheckRun(path: proofsToCheck).perform($0) }
        } else {
            let run = VerifyRun(isDeep: deep, proof: proof, html: html)
            try await session.run { try await run.perform($0) }
        }
    }
}
