/// `/projects`, what only reads or only switches.
enum ProjectEndpoints {
    static let routes: [Route] = [
        Route("GET", "/projects") { call in
            let state = call.core.withState { $0 }
            let projects = try ProjectListing.select(call, from: state) { _ in true }
            let short = ProjectListing.entity(call, Entities(call.core, state))
            let withStatistics = call.parameters.bool("statistics") == true
            let entity = { (project: LabProject) in
                withStatistics
                    ? short(project).merging(["statistics": Statistics.entity(project, call.core)])
                    : short(project)
            }
            return try call.keysetPage(projects, id: \.id, entity: entity)
        },
        Route("GET", "/projects/:id") { call in
            let state = call.core.withState { $0 }
            let project = try call.project(in: state)
            var entity = Entities(call.core, state).project(project)
            entity["runners_token"] = .string(call.core.runnersToken)
            if call.parameters.bool("statistics") == true {
                entity["statistics"] = Statistics.entity(project, call.core)
            }
            return APIReply(200, entity)
        },
        Route("POST", "/projects/:id/archive") { call in try setArchived(true, call) },
        Route("POST", "/projects/:id/unarchive") { call in try setArchived(false, call) },
        Route("POST", "/projects/:id/restore") { call in
            try change(call, status: 201) { state, project in state.world.restoreProject(project.id) }
        },
        Route("PUT", "/projects/:id/transfer") { call in
            let target = try call.parameters.required("namespace")
            return try change(call, status: 200) { state, project in
                let group = Int(target).flatMap { state.world.groups[$0] } ?? state.world.group(target)
                guard let group else { throw APIError.notFound("Namespace") }
                guard !state.world.isTaken("\(group.fullPath)/\(project.path)") else {
                    let text = "Project with same name or path in target namespace already exists"
                    throw APIError.message(400, text)
                }
                state.world.moveProject(project.id, path: project.path, namespaceID: group.id)
            }
        },
        Route("POST", "/projects/:id/share") { call in
            guard let groupID = call.parameters.integer("group_id") else {
                throw APIError.parameter("group_id is missing")
            }
            return try change(call, status: 201) { state, project in
                state.world.updateProject(project.id) {
                    $0.sharedWith[groupID] = call.parameters.integer("group_access") ?? AccessLevel.developer
                }
            }
        },
        Route("DELETE", "/projects/:id") { try delete($0) },
    ]

    /// Changes a project and answers with it.
    static func change(
        _ call: APICall,
        status: Int,
        _ change: (inout LabState, LabProject) throws -> Void
    ) throws -> APIReply {
        try call.core.withState { state in
            let project = try call.project(in: state)
            try change(&state, project)
            return APIReply(
                status,
                Entities(call.core, state).project(state.world.projects[project.id] ?? project)
            )
        }
    }

    private static func setArchived(_ archived: Bool, _ call: APICall) throws -> APIReply {
        guard call.core.options.accessLevel >= AccessLevel.owner else { throw APIError.forbidden }
        return try change(call, status: 201) { state, project in
            state.world.updateProject(project.id) { $0.archived = archived }
        }
    }

    private static func delete(_ call: APICall) throws -> APIReply {
        let removed: Int? = try call.core.withState { state in
            let project = try call.project(in: state)
            guard call.parameters.bool("permanently_remove") == true else {
                guard project.markedForDeletionOn == nil else {
                    throw APIError.message(400, "Project has been already marked for deletion")
                }
                state.world.markProjectForDeletion(project.id)
                return nil
            }
            guard project.markedForDeletionOn != nil else {
                throw APIError.message(400, "Project must be marked for deletion first.")
            }
            guard call.parameters.text("full_path") == project.fullPath else {
                throw APIError.message(
                    400,
                    "`full_path` is incorrect. You must enter the complete path for the project."
                )
            }
            state.world.removeProject(project.id)
            return project.id
        }
        if let removed { call.core.repositories.remove(removed) }
        return APIReply(202, ["message": "202 Accepted"])
    }
}
