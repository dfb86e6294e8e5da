import ArgumentParser
import Foundation
import Mirror
import Testing

@testable import App

/// Who is told of runs.
struct NotifyConfigurationTests {
    private func notifications(_ flags: [String] = [], _ changes: [String: String] = [:]) throws
        -> NotifySettings
    {
        let variables = Resolving.environment.merging(changes) { $1 }
        return try SettingsResolver(flags: try SyncOptions.parse(flags).given, environment: variables)
            .notifications()
    }

    @Test func withoutAnythingNobodyIsTold() throws {
        #expect(try notifications().isEmpty)
        #expect(try notifications([], ["GITLAB_SYNC_PING_URL": "  "]).isEmpty)
    }

    @Test func receiversComeFromFlagsAndVariables() throws {
        let flags = try notifications([
            "--notify-webhook", "https://hooks.example/a", "--ping-url", "https://hc.example/uuid",
            "--notify-mail", "a@example.com, b@example.com",
        ])
        #expect(flags.webhook == NotifyURL("https://hooks.example/a"))
        #expect(flags.ping == NotifyURL("https://hc.example/uuid"))
        #expect(flags.mail == ["a@example.com", "b@example.com"])
        #expect(flags.secret == nil)
        let variables = try notifications(
            [],
            [
                "GITLAB_SYNC_NOTIFY_WEBHOOK": "https://hooks.example/a",
                "GITLAB_SYNC_PING_URL": "https://hc.example/uuid", "GITLAB_SYNC_NOTIFY_MAIL": "root",
                "GITLAB_SYNC_NOTIFY_SECRET": "signing-signing",
            ]
        )
        #expect(variables.webhook == flags.webhook)
        #expect(variables.ping == flags.ping)
        #expect(variables.mail == ["root"])
        #expect(variables.secret == Secret("signing-signing"))
        #expect(variables.secrets.contains(Secret("/uuid")))
    }

    @Test func theSecretMayLieInAFile() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("signing-signing\n", to: "secret")
        let settings = try notifications([], ["GITLAB_SYNC_NOTIFY_SECRET_FILE": file])
        #expect(settings.secret == Secret("signing-signing"))
        let error = try Resolving.failure([], ["GITLAB_SYNC_NOTIFY_SECRET_FILE": file + "-not"])
        #expect(error.message.contains("GITLAB_SYNC_NOTIFY_SECRET_FILE cannot be read"))
    }

    @Test(arguments: ["--notify-webhook", "--ping-url"])
    func aReceiverThatIsNoURLIsAnErrorThatDoesNotRepeatIt(flag: String) throws {
        for value in ["hooks.example/T0KEN", "ftp://hooks.example/T0KEN", "https://u:T0KEN@hooks.example/"] {
            let error = try Resolving.failure([flag, value])
            #expect(error.message == "\(flag) is no URL of a receiver")
            #expect(!error.hint.contains("T0KEN"))
        }
    }

    @Test(arguments: ["-oQ/tmp@example.com", "a b@example.com", "a@b\nBcc: c@d", "a;b"])
    func anAddressThatIsNoneIsAnError(address: String) throws {
        #expect(try Resolving.failure(["--notify-mail=\(address)"]).message.contains("--notify-mail names"))
    }

    @Test func theCommandToRepeatMasksReceivers() {
        let text = RepeatableCommand.text([
            "--notify-webhook", "https://hooks.example/T0KEN", "--ping-url=https://hc.example/T0KEN", "-v",
        ])
        #expect(text == "gitlab-sync sync --notify-webhook *** --ping-url *** -v")
    }
}
