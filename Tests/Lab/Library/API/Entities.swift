import Foundation

/// How groups and projects look in answers.
struct Entities {
    let world: World
    let url: String
    let sshBase: String
    let accessLevel: Int

    init(_ core: LabCore, _ state: LabState) {
        world = state.world
        url = state.endpoints.url.absoluteString
        sshBase = core.sshBase(state)
        accessLevel = core.options.accessLevel
    }

    func group(_ group: LabGroup) -> JSON {
        let entity: JSON = [
            "id": .integer(group.id), "web_url": .string("\(url)/groups/\(group.fullPath)"),
            "name": .string(group.name), "path": .string(group.path),
            "visibility": .string(group.visibility.rawValue),
            "full_name": .string(world.fullName(of: group)), "full_path": .string(group.fullPath),
            "parent_id": .optional(group.parentID), "created_at": .string(group.createdAt),
            "marked_for_deletion_on": .optional(group.markedForDeletionOn),
        ]
        return .object((entity.members ?? []) + (group.attributes.members ?? []))
    }

    /// The short form, which `simple=true` asks for.
    func simpleProject(_ project: LabProject) -> JSON {
        let web = "\(url)/\(project.fullPath)"
        let namespace = world.groups[project.namespaceID]
        let topics = project.attributes["topics"] ?? []
        let entity: JSON = [
            "id": .integer(project.id), "description": project.attributes["description"] ?? nil,
            "name": .string(project.name),
            "name_with_namespace": .string(
                (namespace.map { world.fullName(of: $0) + " / " } ?? "") + project.name
            ),
            "path": .string(project.path), "path_with_namespace": .string(project.fullPath),
            "created_at": .string(project.createdAt), "default_branch": .optional(project.defaultBranch),
            "tag_list": topics, "topics": topics,
            "ssh_url_to_repo": .string("\(sshBase)/\(project.fullPath).git"),
            "http_url_to_repo": .string("\(web).git"), "web_url": .string(web),
            "readme_url": project.defaultBranch.map { .string("\(web)/-/blob/\($0)/README.md") } ?? nil,
            "forks_count": 0, "avatar_url": nil, "star_count": 0,
            "last_activity_at": .string(project.lastActivityAt), "namespace": namespaceEntity(namespace),
        ]
        return entity.merging(project.rawMembers)
    }

    func project(_ project: LabProject) -> JSON {
        let web = "\(url)/\(project.fullPath)"
        let enabled = { (feature: String) -> JSON in
            .bool(project.attributes["\(feature)_access_level"]?.text != "disabled")
        }
        let own: JSON = [
            "container_registry_image_prefix": .string(
                "registry.example.com/\(project.fullPath.lowercased())"
            ),
            "_links": [
                "self": .string("\(url)/api/v4/projects/\(project.id)"), "repo_branches": .string(web),
            ],
            "marked_for_deletion_at": .optional(project.markedForDeletionOn),
            "marked_for_deletion_on": .optional(project.markedForDeletionOn),
            "empty_repo": .bool(project.defaultBranch == nil), "archived": .bool(project.archived),
            "visibility": .string(project.visibility.rawValue), "resolve_outdated_diff_discussions": false,
            "repository_object_format": .string(project.objectFormat), "issues_enabled": enabled("issues"),
            "merge_requests_enabled": enabled("merge_requests"), "wiki_enabled": enabled("wiki"),
            "jobs_enabled": enabled("builds"), "snippets_enabled": enabled("snippets"),
            "container_registry_enabled": enabled("container_registry"), "creator_id": 1, "import_url": nil,
            "import_type": nil, "import_error": nil, "open_issues_count": 0, "description_html": "",
            "updated_at": .string(project.lastActivityAt), "mirror": false,
            "shared_with_groups": .array(project.sharedWith.sorted { $0.key < $1.key }.map(share)),
            "repository_storage": "default", "compliance_frameworks": [], "license": nil, "license_url": nil,
            "permissions": [
                "project_access": nil,
                "group_access": ["access_level": .integer(accessLevel), "notification_level": 3],
            ],
        ]
        let members = [simpleProject(project), own].flatMap { $0.members ?? [] }
        let rest = project.attributes.members?.filter { !["description", "topics"].contains($0.name) } ?? []
        return JSON.object(members + rest).merging(project.rawMembers)
    }

    private func share(_ groupID: Int, _ level: Int) -> JSON {
        let group = world.groups[groupID]
        return [
            "group_id": .integer(groupID), "group_name": .optional(group?.name),
            "group_full_path": .optional(group?.fullPath), "group_access_level": .integer(level),
            "expires_at": nil,
        ]
    }

    private func namespaceEntity(_ namespace: LabGroup?) -> JSON {
        guard let namespace else { return nil }
        return [
            "id": .integer(namespace.id), "name": .string(namespace.name), "path": .string(namespace.path),
            "kind": .string(namespace.kind.rawValue), "full_path": .string(namespace.fullPath),
            "parent_id": .optional(namespace.parentID), "avatar_url": nil,
            "web_url": .string("\(url)/groups/\(namespace.fullPath)"),
        ]
    }
}
