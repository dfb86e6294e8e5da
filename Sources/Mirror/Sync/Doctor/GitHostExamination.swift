import Foundation

/// Looks at the git host of one side: host key, and a login with each SSH key.
struct GitHostExamination: Sendable {
    let area: DoctorFinding.Area
    let options: SSHOptions
    /// The user of the API token, who should be the user of the keys.
    let account: GitLabAccount?
    let surroundings: SSHConfig.Surroundings

    /// Looks at the host of a repository's URL; nil if none is known.
    ///
    /// What is in `reported` is not said again: both hosts are offered the same keys.
    func run(_ url: String?, reported: inout Set<String>) async throws -> [DoctorFinding] {
        guard let url, !url.isEmpty else {
            return [
                .warning(
                    area,
                    "git-host",
                    "where repositories are \(area == .targetGit ? "pushed to" : "fetched from") cannot be known: no project is visible yet",
                    fix: area == .targetGit
                        ? "give --push-url, or run this again when the first project is there"
                        : "check --local-group, and that the token's user is a member"
                )
            ]
        }
        do throws(SSHError) {
            let url = try SSHURL(url)
            let (route, choice) = try SSHRouteResolver(options: options, surroundings: surroundings).resolve(
                url
            )
            let name = SSHEndpoint(
                user: url.user ?? SSHURL.defaultUser,
                host: url.host,
                port: url.port ?? SSHURL.defaultPort
            )
            return [carrier(choice)] + (await login(at: "\(name)", by: route, reported: &reported))
        } catch {
            return [.error(area, "git-host", describing: error)]
        }
    }

    private func carrier(_ choice: SSHBackend.Choice) -> DoctorFinding {
        guard choice.lacksProgram else {
            let carrier = choice.usesProgram ? "the ssh program" : "the builtin SSH"
            return .ok(area, "ssh-program", "\(carrier) is used: \(choice.reason)")
        }
        let fix = "install the ssh program (openssh-client), or use an ed25519 key and a plain ssh_config"
        guard choice.usesProgram else {
            return .warning(area, "ssh-program", "the builtin SSH is used: \(choice.reason)", fix: fix)
        }
        return .error(area, "ssh-program", "there is no program '\(options.program)'", fix: fix)
    }

    private func login(at host: String, by route: SSHRoute, reported: inout Set<String>) async
        -> [DoctorFinding]
    {
        let attempts: [SSHLoginAttempt]
        var findings: [DoctorFinding] = []
        switch route {
        case .connection(let settings):
            var credentials = settings.credentials
            // Keys that are only there by their usual names are worth a word too.
            credentials.areExplicit = true
            let plan = SSHKeyPlan(credentials)
            findings += keys(plan, &reported)
            attempts = plan.candidates.map { SSHLoginAttempt(settings, with: $0) }
        case .program(let endpoint, let settings):
            attempts = SSHLoginAttempt.all(endpoint, settings)
        }
        do {
            let outcomes = try await SSHLoginAttempt.run(attempts)
            return findings + [hostKey(outcomes, host)].compactMap(\.self) + logins(outcomes, host)
        } catch {
            return findings + [.error(area, "git-host", describing: error)]
        }
    }

    /// What is wrong with keys, before any server is asked.
    private func keys(_ plan: SSHKeyPlan, _ reported: inout Set<String>) -> [DoctorFinding] {
        guard !plan.candidates.isEmpty else { return [.error(area, "ssh-key", describing: plan.emptiness)] }
        let new = plan.problems.filter { reported.insert($0.message).inserted }
        guard !new.isEmpty else {
            let count = plan.candidates.count
            return [.ok(area, "ssh-key", "\(count) SSH \(count == 1 ? "key" : "keys") can be offered")]
        }
        return new.map { problem in
            let failure = SyncFailure(describing: problem)
            return .warning(area, "ssh-key", "a key is left out: \(failure.message)", fix: failure.hint)
        }
    }

    private func hostKey(_ outcomes: SSHLoginAttempt.Outcomes, _ host: String) -> DoctorFinding? {
        if let error = outcomes.hostError {
            let concernsKey = [SSHError.Code.hostKeyChanged, .hostKeyRevoked, .hostKeyUnknown, .knownHosts]
                .contains(error.code)
            return .error(area, concernsKey ? "host-key" : "git-host", describing: error)
        }
        guard !outcomes.attempts.isEmpty else { return nil }
        guard let key = outcomes.newHostKey else {
            return .ok(area, "host-key", "\(host) shows the host key that known_hosts has")
        }
        return .warning(
            area,
            "host-key",
            "the host key of \(host) is not known yet: \(key.algorithm) \(key.fingerprint)",
            fix:
                "compare it with what the server's owner publishes; the first run notes it down, or refuses it with --strict-host-keys"
        )
    }

    private func logins(_ outcomes: SSHLoginAttempt.Outcomes, _ host: String) -> [DoctorFinding] {
        let anyWorks = outcomes.attempts.contains { (try? $0.greeting.get()) != nil }
        return outcomes.attempts.map { attempt in
            switch attempt.greeting {
            case .success(let greeting): judge(greeting, attempt.key, host)
            case .failure(let error):
                if anyWorks {
                    .warning(
                        area,
                        "ssh-login",
                        "\(error.message); another key is accepted",
                        fix: "nothing must be done; each refused key costs an attempt with every connection"
                    )
                } else {
                    .error(area, "ssh-login", describing: error)
                }
            }
        }
    }

    /// What GitLab says to who logs in and wants nothing (`internal/command/discover` in gitlab-shell).
    private func judge(_ greeting: String, _ key: String, _ host: String) -> DoctorFinding {
        guard let match = greeting.firstMatch(of: /Welcome to GitLab, (?:@([^!\s]+)|Anonymous)!/) else {
            let text = greeting.isEmpty ? "nothing" : "'\(greeting.prefix(200).escapedForDisplay)'"
            return .error(
                area,
                "ssh-login",
                "\(host) accepts \(key), and says \(text) instead of GitLab's welcome",
                fix:
                    "check that this is the SSH server of a GitLab (--push-url, the port, HostName in ssh_config)",
                cause: .unreachable
            )
        }
        guard let user = match.1.map({ String($0).escapedForDisplay }) else {
            return .error(
                area,
                "ssh-login",
                "\(key) is a deploy key at \(host): it belongs to no user, and opens single projects only",
                fix: "add the key to the account of the user who mirrors",
                cause: .credentials
            )
        }
        if let account, account.username.lowercased() != user.lowercased() {
            return .warning(
                area,
                "ssh-login",
                "\(key) logs in to \(host) as @\(user), while the token belongs to @\(account.username)",
                fix: "use a key and a token of one user, or give @\(user) the same rights"
            )
        }
        return .ok(area, "ssh-login", "\(key) logs in to \(host) as @\(user)")
    }
}
