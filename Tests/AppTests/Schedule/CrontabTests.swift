import Foundation
import Testing

@testable import App

struct CrontabTests {
    private func jobs(_ text: String) throws -> [Crontab.Job] {
        try Crontab(text, name: "cron", zone: .gmt).jobs
    }

    private func zone(_ job: Crontab.Job) -> String? {
        if case .cron(_, let zone) = job.time { zone.identifier } else { nil }
    }

    @Test func linesCommentsAndVariables() throws {
        let jobs = try jobs(
            """
            # comment
              # another, with blanks before
            MAILTO=""
            LOCAL_GITLAB_GROUP = 'team a'

            0 2 * * *
            \t*/5\t*  * * mon-fri \t gitlab-sync -q   # a comment after it
            LOCAL_GITLAB_GROUP="team-b"
            @reboot gitlab-sync sync --jobs 2
            """
        )

        #expect(jobs.map(\.line) == [6, 7, 9])
        #expect(jobs.map(\.timeText) == ["0 2 * * *", "*/5 * * * mon-fri", "@reboot"])
        #expect(jobs.map(\.command.arguments) == [[], ["-q"], ["--jobs", "2"]])
        #expect(
            jobs.map(\.environment) == [
                ["LOCAL_GITLAB_GROUP": "team a"], ["LOCAL_GITLAB_GROUP": "team a"],
                ["LOCAL_GITLAB_GROUP": "team-b"],
            ]
        )
        #expect(jobs[2].time == .start)
    }

    @Test(arguments: [
        "0 2 * * * gitlab-sync", "0 2 * * * gitlab-sync\r\n", "\u{FEFF}0 2 * * * gitlab-sync\n",
        "\r\n0 2 * * * gitlab-sync\r\n\r\n",
    ])
    func theEndsOfLinesDoNotMatter(text: String) throws {
        let jobs = try jobs(text)

        #expect(jobs.map(\.timeText) == ["0 2 * * *"])
        #expect(jobs.map(\.command.arguments) == [[]])
    }

    @Test func timeZonesHoldForTheLinesBelow() throws {
        let jobs = try jobs(
            """
            0 1 * * *
            TZ=Asia/Shanghai
            0 2 * * *
            CRON_TZ=Europe/Berlin
            0 3 * * *
            CRON_TZ=
            TZ=:America/New_York
            0 4 * * *
            """
        )

        #expect(jobs.map(zone) == ["GMT", "Asia/Shanghai", "Europe/Berlin", "America/New_York"])
        // TZ is also what a run sees; CRON_TZ is not.
        #expect(jobs[2].environment == ["TZ": "Asia/Shanghai"])
    }

    @Test(arguments: [
        ("\n61 2 * * *", "line 2: the minute is '61'", "from 0 to 59"),
        ("0 2 * *", "line 1: the time is '0 2 * *'", "five fields"),
        ("0 2 * * gitlab-sync", "line 1: the day of week is 'gitlab-sync'", "from 0 to 7"),
        ("@dayly gitlab-sync", "line 1: the time is '@dayly'", "@daily"),
        ("CRON_TZ=Europe/Berln\n0 2 * * *", "line 1: CRON_TZ is 'Europe/Berln'", "Europe/Berlin"),
        ("CRON_TZ=UTC 0 2 * * *", "line 1: CRON_TZ is 'UTC 0 2 * * *'", "on a line of its own"),
        ("0 2 * * * root gitlab-sync", "line 1: the command has the program 'root'", "remove 'root'"),
        ("0 2 * * * rsync -a", "line 1: the command has the program 'rsync'", "gitlab-sync and its flags"),
        ("0 2 * * * gitlab-sync --jobz 3", "'--jobz'", "gitlab-sync sync --help"),
        ("0 2 * * * gitlab-sync plan", "'plan'", "gitlab-sync sync --help"),
        ("0 2 * * * gitlab-sync --dry-run", "the flag --dry-run", "remove it"),
        ("0 2 * * * gitlab-sync --log-file x", "the flag --log-file", "schedule --log-format"),
        ("0 2 * * * gitlab-sync && date", "'&', which needs a shell", "quote it"),
        ("0 2 * * * gitlab-sync --ignore-branches tmp/*", "'*', which needs a shell", "quote it"),
        ("0 2 * * * gitlab-sync --local-group \"$G\"", "'$' in double quotes", "single quotes"),
        ("0 2 * * * gitlab-sync --local-group 'a", "a quote ' without its end", "close it"),
        ("0 2 * * * gitlab-sync --include %a", "a '%', at which cron ends the command", "\\%"),
        ("# nothing\n\n", "has no line that runs anything", "0 2 * * * gitlab-sync"),
    ])
    func aBadLineIsAnErrorWithItsNumberAndTheFix(text: String, message: String, hint: String) {
        let error = #expect(throws: ConfigurationError.self) { _ = try self.jobs(text) }

        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
        #expect(error?.message.contains("cron") == true)
        #expect(error?.hint.contains(hint) == true, "\(error?.hint ?? "")")
    }

    @Test func aFileThatIsNotThereIsNamed() {
        let error = #expect(throws: ConfigurationError.self) {
            _ = try Crontab(file: "/nonexistent/cron", zone: .gmt)
        }
        #expect(error?.message == "the crontab '/nonexistent/cron' cannot be read")
    }
}

struct CrontabCommandTests {
    @Test(arguments: [
        ("", []), ("gitlab-sync", []), ("/usr/local/bin/gitlab-sync sync -j 2", ["-j", "2"]),
        ("flock -n /tmp/lock gitlab-sync --local-group a", ["--local-group", "a"]),
        ("/usr/bin/flock -w 5 -E 75 /tmp/lock -c 'gitlab-sync -v'", ["-v"]),
        ("nice -n 10 ionice -c 3 gitlab-sync", []), ("exec bash -c 'gitlab-sync -q'", ["-q"]),
        (
            "gitlab-sync --ignore-branches 'tmp/*' --include a\\%b",
            ["--ignore-branches", "tmp/*", "--include", "a%b"]
        ),
        ("gitlab-sync --local-group \"team a\" >> /var/log/x.log 2>&1", ["--local-group", "team a"]),
        ("gitlab-sync 2>/dev/null", []), ("LOCAL_GITLAB_GROUP=x gitlab-sync", []),
        // The line of the Python gitlab-sync.
        (
            "/usr/bin/flock -n /tmp/crontab.lockfile bash /period_task.sh >> /var/log/gitlab-sync/gitlab-sync.log 2>&1",
            []
        ),
    ])
    func linesThatWereWrittenForCron(text: String, arguments: [String]) throws {
        #expect(try CrontabCommand(text).arguments == arguments)
    }

    @Test func variablesAndRedirectionsAreKept() throws {
        let command = try CrontabCommand("A=1 LOCAL_GITLAB_GROUP='x y' gitlab-sync -q >>/tmp/log 2>&1")

        #expect(command.environment == ["A": "1", "LOCAL_GITLAB_GROUP": "x y"])
        #expect(command.redirections == [">>/tmp/log", "2>&1"])
        #expect(try command.flags().isQuiet)
    }
}
