import Foundation

/// What the `gitlab-lab` command asks a running server; not part of GitLab.
struct LabEndpoints {
    let core: LabCore

    func answer(_ name: String, method: String) -> APIReply {
        switch (method, name) {
        case ("GET", "journal"): APIReply(200, journal)
        case ("DELETE", "journal"): clear()
        case ("DELETE", "storm"): endStorm()
        case ("GET", "projects"): APIReply(200, projects)
        case ("PUT", _) where name.hasPrefix("held/"): hold(true, name)
        case ("DELETE", _) where name.hasPrefix("held/"): hold(false, name)
        default: APIReply(404, text: "")
        }
    }

    private var journal: JSON {
        let sessions = core.endedSessions()
        return [
            "requests": .integer(core.withState { $0.requests.count }),
            "lfs_requests": .integer(core.withState { $0.requests.count(where: \.isLFS) }),
            "upload_pack": .integer(sessions.count { $0.service == .uploadPack }),
            "receive_pack": .integer(sessions.count { $0.service == .receivePack }),
        ]
    }

    private var projects: JSON {
        let projects = core.withState { $0.world.projects.values.sorted { $0.fullPath < $1.fullPath } }
        return .array(
            projects.map { project in
                [
                    "path": .string(project.fullPath),
                    "pending_deletion": .bool(project.markedForDeletionOn != nil),
                    "repository": .string(core.repositories.location(project.id, wiki: false).path),
                    "wiki": project.hasWikiRepository
                        ? .string(core.repositories.location(project.id, wiki: true).path) : nil,
                    "pipelines": .integer(project.pipelines),
                ]
            }
        )
    }

    private func hold(_ isHeld: Bool, _ name: String) -> APIReply {
        core.hold(isHeld, project: String(name.dropFirst("held/".count)))
            ? .noContent : APIReply(404, text: "")
    }

    private func endStorm() -> APIReply {
        core.withState { $0.storm = nil }
        return .noContent
    }

    private func clear() -> APIReply {
        core.clearJournal()
        return .noContent
    }
}
