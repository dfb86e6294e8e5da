import Foundation
import Testing

@testable import Lab

extension LabTests {
    /// SIGTERM for the executable itself, in the middle of a pack.
    @Suite struct StoppedProcessTests {
        /// A run that does not end by itself at once is ended hard after 2.5 s, and then says nothing.
        @Test(arguments: HeldTransfer.Direction.allCases)
        func aTerminatedRunSaysSoAndTheNextConverges(direction: HeldTransfer.Direction) async throws {
            try await HeldTransfer.with(direction) { held in
                let first = try Executable(held)
                try await held.waitUntilHeld()

                kill(first.process.id, SIGTERM)

                #expect(await first.process.status() == 143)
                #expect(first.errorText.contains("the run was stopped"))
                held.proxy.set(.none)
                let second = try Executable(held)
                #expect(await second.process.status() == 0, "\(second.errorText)")
                await held.fixture.lab.settle()
                try await held.expectConvergence()
            }
        }
    }
}

/// `gitlab-sync` as a child, which SwiftPM builds into the folder of the test bundle.
private struct Executable {
    let process: ChildProcess
    private let error: ScratchFile

    var errorText: String { String(decoding: error.contents(), as: UTF8.self) }

    init(_ held: HeldTransfer) throws {
        let folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        var environment = held.fixture.lab.environment
        environment["LOCAL_GITLAB_GROUP"] = "acme"
        environment["GITLAB_SYNC_TIMEOUT"] = "3600"
        if held.direction == .push { environment["REMOTE_GITLAB_PUSH_URL"] = held.base }
        environment["HOME"] = held.fixture.lab.directory.path
        environment["PATH"] = "/usr/bin:/bin"
        environment.merge(LabGit.sanitizerOptions) { $1 }
        error = try ScratchFile()
        process = try ChildProcess(
            ChildProcess.Launch(
                executable: folder.appending(path: "gitlab-sync").path,
                arguments: [],
                environment: environment,
                error: error.descriptor
            )
        )
    }
}
