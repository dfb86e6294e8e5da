import Foundation

/// Decides whether a git session may run, as `POST /internal/allowed` does for gitlab-shell and for Workhorse.
struct GitAccess {
    /// Which program the client asked for, and where.
    struct Command {
        let service: GitSession.Service
        let path: String
        let isWiki: Bool
        /// The number of a snippet, `group/project/snippets/12`.
        let snippetID: Int?

        /// What an address means: the path of a repository, with or without `.git`.
        init(_ service: GitSession.Service, path: String) {
            var path = path
            if path.hasPrefix("/") { path.removeFirst() }
            if path.hasSuffix(".git") { path.removeLast(4) }
            isWiki = path.hasSuffix(".wiki")
            if isWiki { path.removeLast(5) }
            let parts = path.split(separator: "/")
            if parts.count > 2, parts[parts.count - 2] == "snippets", let id = parts.last.flatMap({ Int($0) })
            {
                snippetID = id
                path = parts.dropLast(2).joined(separator: "/")
            } else {
                snippetID = nil
            }
            self.service = service
            self.path = path
        }

        init?(_ text: String) {
            var words = Self.words(text)
            if words.first == "git", words.count > 1 { words = ["git-\(words[1])"] + words.dropFirst(2) }
            guard words.count == 2, words[0].hasPrefix("git-"),
                let service = GitSession.Service(rawValue: String(words[0].dropFirst(4)))
            else { return nil }
            self.init(service, path: words[1])
        }

        /// Splits as a shell does, without expansions.
        static func words(_ text: String) -> [String] {
            var words: [String] = []
            var word: String?
            var quote: Character?
            var isEscaped = false
            for character in text {
                if isEscaped {
                    word = (word ?? "") + [character]
                    isEscaped = false
                } else if character == "\\", quote != "'" {
                    isEscaped = true
                } else if let open = quote {
                    if character == open { quote = nil } else { word = (word ?? "") + [character] }
                } else if character == "'" || character == "\"" {
                    quote = character
                    word = word ?? ""
                } else if character == " " {
                    if let word { words.append(word) }
                    word = nil
                } else {
                    word = (word ?? "") + [character]
                }
            }
            return words + (word.map { [$0] } ?? [])
        }
    }

    static let notFound =
        "The project you were looking for could not be found or you don't have permission to view it."

    let core: LabCore
    let command: Command

    /// The lines that the session script reads.
    func answer() throws -> [String] {
        guard let session = try begin(over: .ssh) else { return ["refused", Self.notFound] }
        if let refusal = session.refusal { return ["refused"] + refusal.components(separatedBy: "\n") }
        let faults = session.faults
        let delay =
            faults.hangs
            ? "infinity"
            : faults.isHeld ? "held" : faults.delay == .zero ? "0" : String(faults.delay / .seconds(1))
        let location = core.repositories.location(session.repositoryID, wiki: command.isWiki).path
        let cut = faults.cutAfterBytes.map(String.init) ?? ""
        let answer = ["git", session.id, command.service.rawValue, location, delay, cut]
        return answer + (faults.maxInputSize.map { ["receive.maxInputSize=\($0)"] } ?? [])
    }

    /// Opens a session, which is refused or not; nil if there is no such project.
    func begin(over carrier: GitSession.Carrier) throws -> GitSession? {
        var found = core.withState { find(in: $0.world) }
        var isCreated = false
        if found == nil, let created = try pushToCreate() {
            found = created
            isCreated = true
        }
        guard let project = found else { return nil }
        var session = GitSession(
            id: UUID().uuidString,
            service: command.service,
            carrier: carrier,
            project: project.fullPath,
            isWiki: command.isWiki,
            time: .now,
            projectID: project.id,
            snippetID: command.snippetID,
            faults: takeFaults(of: project),
            message: message(for: project, isCreated: isCreated)
        )
        let readOnly = command.service == .receivePack ? core.withState { $0.readOnly?.pushRefusal } : nil
        session.refusal = session.faults.refusal ?? readOnly ?? refusal(for: project)
        if session.refusal != nil { session.status = 1 }
        core.withState { [session] in $0.add(session) }
        return session
    }

    private func find(in world: World) -> LabProject? {
        world.project(command.path) ?? world.projectMoved(from: command.path)
    }

    private func refusal(for project: LabProject) -> String? {
        if command.isWiki {
            guard project.wikiEnabled else { return "The wiki you were looking for could not be found." }
            guard project.hasWikiRepository else { return "A repository for this wiki does not exist yet." }
        }
        if let id = command.snippetID {
            let isThere = core.withState { $0.world.snippets[id]?.projectID == project.id }
            guard project.snippetsEnabled, isThere else {
                return "The snippet you were looking for could not be found."
            }
            if command.service == .receivePack, core.options.accessLevel < AccessLevel.maintainer {
                return "You are not allowed to update this snippet."
            }
        }
        guard command.service == .receivePack else { return nil }
        if project.isRepositoryReadOnly {
            return "The repository is temporarily read-only. Please try again later."
        }
        if project.archived { return "You can't push code to an archived project." }
        let mayPush = core.options.accessLevel >= AccessLevel.developer
        return mayPush ? nil : "You are not allowed to push code to this project."
    }

    /// A push to a missing project in an existing namespace makes the project.
    private func pushToCreate() throws -> LabProject? {
        guard command.service == .receivePack, !command.isWiki, command.snippetID == nil,
            let slash = command.path.lastIndex(of: "/")
        else { return nil }
        let name = String(command.path[command.path.index(after: slash)...])
        guard NameRules.projectPathErrors(name).isEmpty else { return nil }
        let created: LabProject? = core.withState { state in
            guard let namespace = state.world.group(String(command.path[..<slash])) else { return nil }
            return state.world.addProject(
                name: name,
                path: name,
                namespaceID: namespace.id,
                visibility: .private
            )
        }
        if let created { try core.repositories.create(created.id, wiki: false) }
        return created
    }

    private func message(for project: LabProject, isCreated: Bool) -> String? {
        let remote = core.withState { "\(core.sshBase($0))/\(project.fullPath).git" }
        if isCreated {
            return "\n\nThe private project \(project.fullPath) was successfully created.\n\n"
                + "To configure the remote, run:\n  git remote add origin \(remote)\n"
        }
        guard project.fullPath.lowercased() != command.path.lowercased() else { return nil }
        return "\n\nProject '\(command.path)' was moved to '\(project.fullPath)'.\n\n"
            + "Please update your Git remote:\n\n  git remote set-url origin \(remote)\n"
    }

    /// The faults of the project or else of the server, which are thereby used up once.
    private func takeFaults(of project: LabProject) -> GitFaults {
        core.withState { state in
            let own = state.world.updateProject(project.id) { $0.gitFaults.takeOne() } ?? nil
            return own ?? state.gitFaults.takeOne() ?? GitFaults()
        }
    }
}

extension GitFaults? {
    /// The faults for one session; after the last session there are none.
    fileprivate mutating func takeOne() -> GitFaults? {
        guard let faults = self else { return nil }
        if let sessions = faults.sessions {
            if sessions <= 1 { self = nil } else { self?.sessions = sessions - 1 }
        }
        return faults
    }
}
