/// `/projects`, creation and change with their validations.
enum ProjectWriteEndpoints {
    static let routes: [Route] = [
        Route("POST", "/projects", handler: create),
        Route("PUT", "/projects/:id", handler: update),
    ]

    private static func create(_ call: APICall) async throws -> APIReply {
        let parameters = call.parameters
        guard let name = parameters.text("name") ?? parameters.text("path") else {
            throw APIError.parameter("name, path are missing, at least one parameter must be provided")
        }
        let path = parameters.text("path") ?? slug(name)
        let visibility = try parameters.visibility() ?? .private
        let withReadme = parameters.bool("initialize_with_readme") == true
        let format = try parameters.choice(
            "repository_object_format",
            of: ["sha1", "sha256"],
            default: "sha1"
        )
        let (project, initialBranch) = try call.core.withState { state in
            let namespaceID = parameters.integer("namespace_id") ?? call.core.user.id
            guard let namespace = state.world.groups[namespaceID],
                call.token.sees(namespace.fullPath)
                    || namespace.kind == .user
            else { throw APIError.validation([("namespace", "is not valid")]) }
            var errors = projectErrors(name: name, path: path, namespace: namespace, in: state)
            errors += visibilityErrors(visibility, namespace, call.core.options)
            errors += settingErrors(parameters)
            if parameters.text("default_branch") != nil, !withReadme {
                errors.append(("default_branch", "requires initialize_with_readme to be true"))
            }
            guard errors.isEmpty else { throw APIError.validation(errors) }
            let project = state.world.addProject(
                name: name,
                path: path,
                namespaceID: namespaceID,
                visibility: visibility,
                objectFormat: format
            )
            state.world.updateProject(project.id) { project in
                project.payload = parameters.values
                apply(parameters, to: &project, ignoring: call.core.options.ignoredSettings)
            }
            state.lag(project, reads: call.core.options.laggingReads)
            return (project, namespace.initialBranch)
        }
        try call.core.repositories.create(project.id, wiki: false, head: initialBranch, objectFormat: format)
        if withReadme {
            let branch = parameters.text("default_branch") ?? initialBranch
            let commit = LabCommit(
                branch: branch,
                files: ["README.md": "# \(name)\n"],
                message: "Initial commit"
            )
            try await call.core.commit(commit, to: project, wiki: false)
        }
        return call.core.withState { state in
            APIReply(201, Entities(call.core, state).project(state.world.projects[project.id] ?? project))
        }
    }

    private static func update(_ call: APICall) async throws -> APIReply {
        let parameters = call.parameters
        guard !(parameters.values.members ?? []).isEmpty else {
            throw APIError.parameter("at least one parameter must be provided")
        }
        let visibility = try parameters.visibility()
        let project = try call.core.withState { try call.project(in: $0) }
        guard call.core.options.accessLevel >= AccessLevel.maintainer else { throw APIError.forbidden }
        let branch = parameters.text("default_branch")
        if let branch {
            guard try await call.core.branches(of: project.id, wiki: false).contains(branch) else {
                let text = "Could not change HEAD: branch '\(branch)' does not exist"
                throw APIError.validation([("base", text)])
            }
        }
        return try ProjectEndpoints.change(call, status: 200) { state, project in
            let path = parameters.text("path") ?? project.path
            let name = parameters.text("name") ?? project.name
            if let namespace = state.world.groups[project.namespaceID] {
                var errors = projectErrors(
                    name: name,
                    path: path,
                    namespace: namespace,
                    in: state,
                    changing: project
                )
                if let visibility, visibility != project.visibility {
                    errors += visibilityErrors(visibility, namespace, call.core.options)
                }
                errors += settingErrors(parameters)
                guard errors.isEmpty else { throw APIError.validation(errors) }
            }
            state.world.updateProject(project.id) { project in
                project.name = name
                project.visibility = visibility ?? project.visibility
                project.defaultBranch = branch ?? project.defaultBranch
                apply(parameters, to: &project, ignoring: call.core.options.ignoredSettings)
            }
            if path != project.path {
                state.world.moveProject(project.id, path: path, namespaceID: project.namespaceID)
            }
            if let branch { try call.core.repositories.setHead(of: project.id, wiki: false, to: branch) }
        }
    }

    private static func projectErrors(
        name: String,
        path: String,
        namespace: LabGroup,
        in state: LabState,
        changing project: LabProject? = nil
    ) -> [(attribute: String, text: String)] {
        var errors: [(attribute: String, text: String)] = []
        if name != project?.name { errors += NameRules.projectNameErrors(name).map { ("name", $0) } }
        if path != project?.path { errors += NameRules.projectPathErrors(path).map { ("path", $0) } }
        let siblings = state.world.projects.values.filter {
            $0.namespaceID == namespace.id && $0.id != project?.id
        }
        if siblings.contains(where: { $0.name == name }) {
            errors.append(("project_namespace.name", "has already been taken"))
            errors.append(("name", "has already been taken"))
        }
        let fullPath = "\(namespace.fullPath)/\(path)"
        if fullPath.lowercased() != project?.fullPath.lowercased(), state.world.isTaken(fullPath) {
            errors.append(("path", "has already been taken"))
        }
        return errors
    }

    private static func visibilityErrors(
        _ visibility: Visibility,
        _ namespace: LabGroup,
        _ options: LabOptions
    ) -> [(attribute: String, text: String)] {
        if options.restrictedVisibilities.contains(visibility) {
            return [("visibility_level", options.restrictionText(visibility))]
        }
        guard visibility > namespace.visibility else { return [] }
        let text = "\(visibility.rawValue) is not allowed in a \(namespace.visibility.rawValue) group."
        return [("visibility_level", text)]
    }

    /// What is wrong with settings: every text has a longest length.
    private static func settingErrors(_ parameters: Parameters) -> [(attribute: String, text: String)] {
        var errors: [(attribute: String, text: String)] = []
        if let text = parameters.text("description"), text.count > 2000 {
            errors.append(("description", "is too long (maximum is 2000 characters)"))
        }
        for topic in parameters["topics"]?.elements ?? [] where (topic.text ?? "").count > 255 {
            errors.append(("topics.name", "is too long (maximum is 255 characters)"))
        }
        return errors
    }

    private static func apply(
        _ parameters: Parameters,
        to project: inout LabProject,
        ignoring ignored: Set<String>
    ) {
        var known = parameters.picking(LabProject.defaultAttributes)
        for name in ignored { known[name] = nil }
        for (old, feature) in [
            ("wiki_enabled", "wiki"), ("jobs_enabled", "builds"), ("issues_enabled", "issues"),
        ] {
            guard let enabled = parameters.bool(old) else { continue }
            known["\(feature)_access_level"] = enabled ? "enabled" : "disabled"
        }
        for member in known.members ?? [] {
            if case .bool = LabProject.defaultAttributes[member.name], let bool = member.value.bool {
                known[member.name] = .bool(bool)
            }
        }
        project.attributes = project.attributes.merging(known)
    }

    private static func slug(_ name: String) -> String {
        let text = name.lowercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
        return String(text).split(separator: "-").joined(separator: "-")
    }
}
