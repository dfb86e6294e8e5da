import Foundation
import Testing

@testable import App
@testable import Mirror

/// The codes that scripts rely on.
struct ExitStatusTests {
    @Test(arguments: [
        (AppExitStatus.equal, 0, "equal"), (.different, 1, "different"), (.held, 3, "held"),
        (.usage, 64, "configuration"),
        (.unreachable, 69, "unreachable"), (.internalError, 70, "internal-error"), (.locked, 75, "locked"),
        (.unauthorized, 77, "unauthorized"), (.interrupted, 130, "stopped"), (.terminated, 143, "stopped"),
    ])
    func numbersAndNames(status: AppExitStatus, number: Int32, name: String) {
        #expect(status.rawValue == number)
        #expect(status.name == name)
    }

    @Test func aGuardIsTheCodeOnlyIfNothingFailed() {
        let finding = GuardFinding(.massDelete, "m", losses: [], command: "gitlab-sync sync")
        let equal = Reports.project(status: .synced)
        var held = Reports.project(status: .partial, failure: finding.failure)
        held.isHeld = true
        let failed = Reports.project(status: .failed)
        let code = { (reports: [ProjectReport], findings: [GuardFinding]) in
            AppExitStatus(RunReport(projects: reports, failures: [], findings: findings))
        }
        #expect(code([equal], []) == .equal)
        #expect(code([equal, held], [finding]) == .held)
        #expect(code([equal, held, failed], [finding]) == .different)
        #expect(code([failed], []) == .different)
        let absent = SyncFailure(code: "group-not-found", message: "m", hint: "h")
        #expect(
            AppExitStatus(RunReport(projects: [held], failures: [absent], findings: [finding])) == .different
        )
    }

    @Test func errorsOfTheWholeRun() {
        #expect(AppExitStatus(ConfigurationError("a", hint: "b")) == .usage)
        #expect(AppExitStatus(SyncFailure(code: "configuration", message: "m", hint: "h")) == .usage)
        #expect(AppExitStatus(SyncFailure(code: "group-not-found", message: "m", hint: "h")) == .different)
        #expect(AppExitStatus(RunLock.Held(holder: "process 7")) == .locked)
        #expect(AppExitStatus(CocoaError(.fileNoSuchFile)) == .internalError)
    }

    @Test(arguments: [
        (GitLabError.Code.unauthorized, AppExitStatus.unauthorized), (.insufficientScope, .unauthorized),
        (.forbidden, .unauthorized), (.redirected, .usage), (.unreachable, .unreachable),
        (.serverFailure, .unreachable),
        (.rateLimited, .unreachable), (.notGitLab, .unreachable), (.notFound, .unreachable),
        (.refused, .internalError),
    ])
    func failuresOfAServer(code: GitLabError.Code, status: AppExitStatus) {
        let error = GitLabError(code, request: "GET /version", server: "https://gitlab.example", message: "m")
        #expect(AppExitStatus(error) == status)
    }

    @Test func everyFailureHasWordsAndANextStep() {
        let errors: [any Error] = [
            ConfigurationError("the value is wrong", hint: "write another"),
            CocoaError(.fileWriteNoPermission),
            SyncFailure(code: "configuration", message: "two meet", hint: "move one"), CancellationError(),
            UnforeseenError(), RunLock.Held(holder: "process 7"),
        ]
        for error in errors {
            let failure = RunFailure.describe(error, status: AppExitStatus(error))
            #expect(!failure.code.isEmpty)
            #expect(!failure.message.isEmpty)
            #expect(!failure.hint.isEmpty)
        }
        let folder = RunFailure.describe(CocoaError(.fileWriteNoPermission), status: .internalError)
        #expect(folder.code == "state-directory")
        #expect(folder.hint.contains("--state-dir"))
    }

    private struct UnforeseenError: Error {}
}
