/// `/groups`.
enum GroupEndpoints {
    static let routes: [Route] = [
        Route("GET", "/groups") { try listAll($0) },
        Route("GET", "/groups/:id") { try show($0) },
        Route("GET", "/groups/:id/subgroups") { try listChildren($0) },
        Route("GET", "/groups/:id/descendant_groups") { try listDescendants($0) },
        Route("GET", "/groups/:id/projects") { try projects($0) },
        Route("POST", "/groups") { try create($0) },
        Route("PUT", "/groups/:id") { try update($0) },
        Route("POST", "/groups/:id/transfer") { try transfer($0) },
        Route("DELETE", "/groups/:id") { try delete($0) },
    ]

    private static func listAll(_ call: APICall) throws -> APIReply {
        let topOnly = call.parameters.bool("top_level_only") == true
        return try list(call, call.core.withState { $0 }) { $0.parentID == nil || !topOnly }
    }

    private static func listChildren(_ call: APICall) throws -> APIReply {
        let state = call.core.withState { $0 }
        let parent = try call.group(in: state)
        return try list(call, state) { $0.parentID == parent.id }
    }

    private static func listDescendants(_ call: APICall) throws -> APIReply {
        let state = call.core.withState { $0 }
        let parent = try call.group(in: state)
        return try list(call, state) { $0.fullPath.hasPrefix(parent.fullPath + "/") }
    }

    private static func list(
        _ call: APICall,
        _ state: LabState,
        isInScope: (LabGroup) -> Bool
    ) throws -> APIReply {
        let order = try call.parameters.choice(
            "order_by",
            of: ["name", "path", "id", "similarity"],
            default: "name"
        )
        let sort = try call.parameters.choice("sort", of: ["asc", "desc"], default: "asc")
        let search = call.parameters.text("search")?.lowercased() ?? ""
        let skipped = Set((call.parameters["skip_groups"]?.elements ?? []).compactMap(\.integer))
        let visibility = try call.parameters.visibility()
        var groups = state.world.groups.values.filter { group in
            group.kind == .group && call.token.sees(group.fullPath) && isInScope(group)
                && !skipped.contains(group.id) && (visibility == nil || group.visibility == visibility)
                && (search.isEmpty || group.name.lowercased().contains(search)
                    || group.path.lowercased().contains(search))
        }
        let key: (LabGroup) -> String = order == "path" ? \.path : order == "id" ? { _ in "" } : \.name
        groups.sort { (key($0), $0.id) < (key($1), $1.id) }
        if sort == "desc" { groups.reverse() }
        return call.page(groups, entity: Entities(call.core, state).group)
    }

    private static func show(_ call: APICall) throws -> APIReply {
        let state = call.core.withState { $0 }
        let group = try call.group(in: state)
        let entities = Entities(call.core, state)
        var entity = entities.group(group)
        entity["shared_with_groups"] = []
        entity["runners_token"] = .string(call.core.runnersToken)
        entity["prevent_sharing_groups_outside_hierarchy"] = false
        if call.parameters.bool("with_projects") != false {
            let visible = state.world.projects.values.sorted { $0.id < $1.id }.filter {
                call.token.sees($0.fullPath)
            }
            let own = visible.filter { $0.namespaceID == group.id }
            let shared = visible.filter { $0.sharedWith[group.id] != nil }
            entity["projects"] = .array(own.prefix(100).map(entities.project))
            entity["shared_projects"] = .array(shared.prefix(100).map(entities.project))
        }
        return APIReply(200, entity)
    }

    private static func projects(_ call: APICall) throws -> APIReply {
        let state = call.core.withState { $0 }
        let group = try call.group(in: state)
        let includesSubgroups = call.parameters.bool("include_subgroups") ?? false
        let withShared = call.parameters.bool("with_shared") ?? true
        let projects = try ProjectListing.select(call, from: state) { project in
            project.namespaceID == group.id
                || includesSubgroups && project.fullPath.hasPrefix(group.fullPath + "/")
                || withShared && project.sharedWith[group.id] != nil
        }
        let hidden = state.hidesLastProjectOf == group.fullPath ? projects.last?.id : nil
        return call.page(
            projects,
            hiding: { $0.id == hidden },
            entity: ProjectListing.entity(call, Entities(call.core, state))
        )
    }

    private static func create(_ call: APICall) throws -> APIReply {
        let parameters = call.parameters
        let (name, path) = (try parameters.required("name"), try parameters.required("path"))
        let visibility = try parameters.visibility()
        return try call.core.withState { state in
            let parent = parameters.integer("parent_id").map { state.world.groups[$0] }
            if case .some(nil) = parent { throw APIError.notFound("Group") }
            let parentGroup = parent ?? nil
            if let parentGroup, !call.token.sees(parentGroup.fullPath) { throw APIError.notFound("Group") }
            if parentGroup == nil, !call.core.options.allowsTopLevelGroups { throw APIError.forbidden }
            var errors = NameRules.groupPathErrors(path, isTopLevel: parentGroup == nil).map { ("path", $0) }
            if state.world.isTaken(state.world.fullPath(path, in: parentGroup?.id)) {
                errors.append(("path", "has already been taken"))
            }
            let siblings = state.world.groups.values.filter {
                $0.parentID == parentGroup?.id && $0.kind == .group
            }
            if parentGroup != nil, siblings.contains(where: { $0.name == name }) {
                errors.append(("name", "has already been taken"))
            }
            let level = visibility ?? min(.private, parentGroup?.visibility ?? .private)
            errors += visibilityErrors(level, below: parentGroup, call.core.options)
            if let parentGroup, parentGroup.fullPath.split(separator: "/").count >= 20 {
                errors.append(("base", "has too many nested groups"))
            }
            guard errors.isEmpty else {
                let hash = rubyHash(errors, asRuby34: call.core.options.printsHashesLikeRuby34)
                throw APIError.message(400, "Failed to save group \(hash)")
            }
            let group = state.world.addGroup(
                name: name,
                path: path,
                parentID: parentGroup?.id,
                visibility: level
            )
            state.world.updateGroup(group.id) { group in
                group.payload = parameters.values
                apply(parameters, to: &group)
            }
            state.lag(group, reads: call.core.options.laggingReads)
            return APIReply(201, Entities(call.core, state).group(state.world.groups[group.id] ?? group))
        }
    }

    private static func update(_ call: APICall) throws -> APIReply {
        let visibility = try call.parameters.visibility()
        return try call.core.withState { state in
            let group = try call.group(in: state)
            guard call.core.options.accessLevel >= AccessLevel.owner else { throw APIError.forbidden }
            if let visibility, visibility != group.visibility {
                let parent = group.parentID.flatMap { state.world.groups[$0] }
                var errors = visibilityErrors(visibility, below: parent, call.core.options)
                errors += contentErrors(visibility, of: group, in: state.world)
                guard errors.isEmpty else { throw APIError.validation(errors) }
            }
            state.world.updateGroup(group.id) { group in
                group.name = call.parameters.text("name") ?? group.name
                group.visibility = visibility ?? group.visibility
                apply(call.parameters, to: &group)
            }
            if let path = call.parameters.text("path"), path != group.path {
                let taken = state.world.fullPath(path, in: group.parentID)
                guard !state.world.isTaken(taken) || taken.lowercased() == group.fullPath.lowercased() else {
                    throw APIError.validation([("path", "has already been taken")])
                }
                state.world.moveGroup(group.id, path: path, parentID: group.parentID)
            }
            return APIReply(200, Entities(call.core, state).group(state.world.groups[group.id] ?? group))
        }
    }

    /// What is wrong with a level: no group is seen by more than its parent.
    private static func visibilityErrors(
        _ level: Visibility,
        below parent: LabGroup?,
        _ options: LabOptions
    ) -> [(String, String)] {
        if options.restrictedVisibilities.contains(level) {
            return [("visibility_level", options.restrictionText(level))]
        }
        guard let parent, level > parent.visibility else { return [] }
        let text = "\(level.rawValue) is not allowed since the parent group has a"
        return [("visibility_level", "\(text) \(parent.visibility.rawValue) visibility.")]
    }

    /// What is wrong with a level: nothing in a group is seen by more than the group.
    private static func contentErrors(
        _ level: Visibility,
        of group: LabGroup,
        in world: World
    ) -> [(String, String)] {
        let text = "\(level.rawValue) is not allowed since"
        if world.projects.values.contains(where: { $0.namespaceID == group.id && $0.visibility > level }) {
            return [("visibility_level", "\(text) this group contains projects with higher visibility.")]
        }
        if world.groups.values.contains(where: { $0.parentID == group.id && $0.visibility > level }) {
            return [("visibility_level", "\(text) there are sub-groups with higher visibility.")]
        }
        return []
    }

    private static func transfer(_ call: APICall) throws -> APIReply {
        try call.core.withState { state in
            let group = try call.group(in: state)
            let parent = call.parameters.integer("group_id").map { state.world.groups[$0] }
            if case .some(nil) = parent { throw APIError.notFound("Group") }
            let parentID = parent??.id
            guard !state.world.isTaken(state.world.fullPath(group.path, in: parentID)) else {
                let text = "The parent group already has a subgroup or a project with the same path."
                throw APIError.message(400, "Transfer failed: \(text)")
            }
            state.world.moveGroup(group.id, path: group.path, parentID: parentID)
            return APIReply(201, Entities(call.core, state).group(state.world.groups[group.id] ?? group))
        }
    }

    private static func delete(_ call: APICall) throws -> APIReply {
        try call.core.withState { state in
            state.world.markGroupForDeletion(try call.group(in: state).id)
        }
        return APIReply(202, ["message": "202 Accepted"])
    }

    private static func apply(_ parameters: Parameters, to group: inout LabGroup) {
        let known = parameters.picking(LabGroup.defaultAttributes)
        let key = "default_branch_protection_defaults"
        let defaults = group.attributes[key] ?? [:]
        group.attributes = group.attributes.merging(known)
        if let changed = known[key] {
            let truth: JSON = .bool(changed["allow_force_push"]?.bool ?? false)
            group.attributes[key] = defaults.merging(changed).merging(["allow_force_push": truth])
        }
    }

    /// `{:path=>["has already been taken"]}`, as Ruby prints a hash.
    private static func rubyHash(_ errors: [(String, String)], asRuby34: Bool) -> String {
        let keys = errors.map(\.0).reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let entries = keys.map { key in
            let texts = errors.filter { $0.0 == key }.map { "\"\($0.1)\"" }.joined(separator: ", ")
            return asRuby34 ? "\(key): [\(texts)]" : ":\(key)=>[\(texts)]"
        }
        return "{\(entries.joined(separator: ", "))}"
    }
}
