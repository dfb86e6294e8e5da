/// `/projects/:id/protected_branches` and `/projects/:id/protected_tags`.
enum ProtectionEndpoints {
    static let routes: [Route] = [
        Route("GET", "/projects/:id/protected_branches") { call in
            let project = try call.core.withState { try call.project(in: $0) }
            let search = call.parameters.text("search") ?? ""
            let rules = project.protectedBranches.filter { search.isEmpty || $0.name.contains(search) }
            return call.page(rules, entity: \.entity)
        },
        Route("GET", "/projects/:id/protected_branches/:name") { call in
            let project = try call.core.withState { try call.project(in: $0) }
            guard let rule = project.protectedBranches.first(where: { $0.name == call.capture("name") })
            else {
                throw APIError.message(404, "404 Not found")
            }
            return APIReply(200, rule.entity)
        },
        Route("POST", "/projects/:id/protected_branches") { try protectBranch($0) },
        Route("PATCH", "/projects/:id/protected_branches/:name") { try updateBranch($0) },
        Route("DELETE", "/projects/:id/protected_branches/:name") { call in
            try change(call) { project in
                let count = project.protectedBranches.count
                project.protectedBranches.removeAll { $0.name == call.capture("name") && !$0.isInherited }
                guard project.protectedBranches.count < count else {
                    throw APIError.message(404, "404 Not found")
                }
            }
            return .noContent
        },
        Route("GET", "/projects/:id/protected_tags") { call in
            let project = try call.core.withState { try call.project(in: $0) }
            return call.page(project.protectedTags, entity: \.entity)
        },
        Route("POST", "/projects/:id/protected_tags") { call in
            let name = try call.parameters.required("name")
            let level = call.parameters.integer("create_access_level") ?? AccessLevel.maintainer
            let rule = ProtectedTag(name: name, createLevel: level)
            try change(call) { project in
                guard !project.protectedTags.contains(where: { $0.name == name }) else {
                    throw APIError(422, ["message": ["name": ["has already been taken"]]])
                }
                project.protectedTags.append(rule)
            }
            return APIReply(201, rule.entity)
        },
        Route("GET", "/projects/:id/protected_tags/:name") { call in
            let project = try call.core.withState { try call.project(in: $0) }
            guard let rule = project.protectedTags.first(where: { $0.name == call.capture("name") }) else {
                throw APIError.message(404, "404 Not found")
            }
            return APIReply(200, rule.entity)
        },
        Route("DELETE", "/projects/:id/protected_tags/:name") { call in
            try change(call) { project in
                let count = project.protectedTags.count
                project.protectedTags.removeAll { $0.name == call.capture("name") }
                guard project.protectedTags.count < count else {
                    throw APIError.message(404, "404 Not found")
                }
            }
            return .noContent
        },
    ]

    /// Rules are the business of maintainers, and of nobody where a policy locks them.
    private static func checkRights(_ call: APICall, _ state: LabState) throws {
        guard call.core.options.accessLevel >= AccessLevel.maintainer, !state.locksProtection else {
            throw APIError.forbidden
        }
    }

    private static func protectBranch(_ call: APICall) throws -> APIReply {
        let name = try call.parameters.required("name")
        return try call.core.withState { state in
            let project = try call.project(in: state)
            try checkRights(call, state)
            guard !project.protectedBranches.contains(where: { $0.name == name && !$0.isInherited }) else {
                throw APIError.message(409, "Protected branch '\(name)' already exists")
            }
            let rule = ProtectedBranch(
                id: state.world.makeID(),
                name: name,
                pushLevel: call.parameters.integer("push_access_level") ?? AccessLevel.maintainer,
                mergeLevel: call.parameters.integer("merge_access_level") ?? AccessLevel.maintainer,
                allowForcePush: call.parameters.bool("allow_force_push") ?? false
            )
            state.world.updateProject(project.id) { $0.protectedBranches.append(rule) }
            return APIReply(201, rule.entity)
        }
    }

    private static func updateBranch(_ call: APICall) throws -> APIReply {
        let rule = try change(call) { project in
            let index = project.protectedBranches.firstIndex {
                $0.name == call.capture("name") && !$0.isInherited
            }
            guard let index else {
                throw APIError.message(404, "404 Not found")
            }
            if let allow = call.parameters.bool("allow_force_push") {
                project.protectedBranches[index].allowForcePush = allow
            }
            if let level = call.parameters["allowed_to_push"]?.elements?.first?["access_level"]?.integer {
                project.protectedBranches[index].pushLevel = level
            }
            return project.protectedBranches[index]
        }
        return APIReply(200, rule.entity)
    }

    @discardableResult
    private static func change<Value: Sendable>(
        _ call: APICall,
        _ change: (inout LabProject) throws -> Value
    ) throws -> Value {
        try call.core.withState { state in
            let project = try call.project(in: state)
            try checkRights(call, state)
            guard let value = try state.world.updateProject(project.id, change) else {
                throw APIError.notFound("Project")
            }
            return value
        }
    }
}
