import Foundation

/// What the session script and the hooks ask; answers are lines of text.
struct InternalEndpoints {
    let core: LabCore

    func answer(_ name: String, body: String) async -> APIReply {
        let lines: [String]
        switch name {
        case "allowed": lines = allowed(body)
        case "held": lines = [core.isHeld(session: body) ? "held" : "0"]
        case "pre_receive": lines = await preReceive(Push(body))
        case "post_receive": lines = postReceive(Push(body))
        default: return APIReply(404, text: "")
        }
        return APIReply(200, text: lines.map { $0 + "\n" }.joined())
    }

    /// The lines that a hook sends.
    private struct Push {
        var session = ""
        var environment: [String: String] = [:]
        var options: [String] = []
        var updates: [GitSession.Update] = []

        init(_ body: String) {
            for line in body.split(separator: "\n") {
                let parts = line.split(separator: " ", maxSplits: 2, omittingEmptySubsequences: false).map(
                    String.init
                )
                let rest = String(line.dropFirst(parts[0].count + 1))
                switch parts[0] {
                case "session": session = rest
                case "objects": environment["GIT_OBJECT_DIRECTORY"] = rest
                case "alternates": environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = rest
                case "option": options.append(rest)
                default:
                    guard parts.count == 3 else { continue }
                    updates.append(GitSession.Update(old: parts[0], new: parts[1], ref: parts[2]))
                }
            }
        }
    }

    private func allowed(_ command: String) -> [String] {
        if command.isEmpty { return ["welcome", "Welcome to GitLab, @\(core.options.username)!"] }
        if let answer = LFSAuthentication(core: core, command: command)?.answer { return answer }
        guard let parsed = GitAccess.Command(command) else {
            return ["unknown", "ERROR: Unknown command: \(command)"]
        }
        do {
            return try GitAccess(core: core, command: parsed).answer()
        } catch {
            return ["refused", "Internal API error (500)"]
        }
    }

    private func preReceive(_ push: Push) async -> [String] {
        let (session, project) = core.withState { state in
            state.updateSession(push.session) { session in
                session.updates = push.updates
                session.pushOptions = push.options
            }
            let session = state.session(push.session)
            return (session, session.flatMap { state.world.projects[$0.projectID] })
        }
        guard let session, let project else { return ["Internal API error (404)"] }
        let directory = core.repositories.location(session.snippetID ?? project.id, wiki: session.isWiki)
        var git = core.git
        git.environment = push.environment
        let rules = PushRules(project: project, accessLevel: core.options.accessLevel) { [git] update in
            let arguments = ["merge-base", "--is-ancestor", update.old, update.new]
            return (try? await git.attempt(arguments, in: directory))?.status != 0
        }
        let isProject = !session.isWiki && session.snippetID == nil
        var refusal = isProject ? await rules.refusal(of: push.updates) : nil
        if let id = session.snippetID {
            let ref = core.repositories.head(id, wiki: false)
            let head = ref.map { String($0.dropFirst("refs/heads/".count)) }
            let snippet = SnippetRules(defaultBranch: head) { [git] commit in
                let tree = ["ls-tree", "-r", "--name-only", "-z", commit]
                let result = try? await git.attempt(tree, in: directory)
                return result?.output.count { $0 == 0 } ?? 0
            }
            refusal = await snippet.refusal(of: push.updates)
        }
        if refusal == nil, core.options.checksLFS, isProject,
            project.attributes["lfs_enabled"]?.bool == true
        {
            let check = LFSCheck(store: core.lfs, projectID: project.id, git: git, repository: directory)
            if (try? await check.isMissingObjects(push.updates)) != false { refusal = LFSCheck.refusal }
        }
        if refusal == nil, let text = session.faults.pushRefusal {
            let concerns = session.faults.refusedRefs ?? { _ in true }
            if push.updates.contains(where: { concerns($0.ref) }) { refusal = text }
        }
        guard let refusal else { return ["ok"] }
        core.withState { state in state.updateSession(push.session) { $0.refusal = refusal } }
        return refusal.components(separatedBy: "\n")
    }

    private func postReceive(_ push: Push) -> [String] {
        guard let session = core.withState({ $0.session(push.session) }), !session.isWiki,
            session.snippetID == nil
        else { return [] }
        // GitLab looks at the first four changes of a push: PIPELINE_PROCESS_LIMIT.
        let changes = push.updates.prefix(4).filter { !$0.isDeletion && ($0.branch ?? $0.tag) != nil }
        core.withState { state in
            state.world.updateProject(session.projectID) { project in
                project.noteActivity()
                guard project.buildsEnabled, !session.pushOptions.contains("ci.skip") else { return }
                project.pipelines += changes.count
            }
        }
        let touched = push.updates.filter { $0.branch != nil && ($0.isCreation || $0.isDeletion) }
        if !touched.isEmpty {
            let created = Set(touched.filter(\.isCreation).compactMap(\.branch))
            let core = core
            core.inBackground {
                try? await Task.sleep(for: core.options.protectionDelay)
                await core.waitForBackgroundRelease()
                try? await core.updateDefaultBranch(of: session.projectID, created: created)
            }
        }
        return session.message?.components(separatedBy: "\n") ?? []
    }
}
