/// `/users`, and the members of groups and projects: of those the token's user is the only one.
enum MemberEndpoints {
    static let routes: [Route] = [
        Route("GET", "/users") { call in
            let name = call.parameters.text("username")?.lowercased() ?? call.core.user.path.lowercased()
            let search = call.parameters.text("search")?.lowercased() ?? ""
            let users = call.core.withState { state in
                state.world.groups.values.filter { user in
                    let path = user.path.lowercased()
                    return user.kind == .user && path == name && (search.isEmpty || path.contains(search))
                }
            }
            return call.page(users) { user($0, of: call.core) }
        },
        Route("GET", "/users/:id") { call in
            guard call.capture("id") == String(call.core.user.id) else { throw APIError.notFound("User") }
            return APIReply(200, user(call.core.user, of: call.core))
        },
        Route("GET", "/groups/:id/members") { try list($0) { _ = try $0.group(in: $1) } },
        Route("GET", "/groups/:id/members/all") { try list($0) { _ = try $0.group(in: $1) } },
        Route("GET", "/groups/:id/members/:user_id") { try show($0) { _ = try $0.group(in: $1) } },
        Route("GET", "/groups/:id/members/all/:user_id") { try show($0) { _ = try $0.group(in: $1) } },
        Route("GET", "/projects/:id/members/all") { try list($0) { _ = try $0.project(in: $1) } },
        Route("GET", "/projects/:id/members/all/:user_id") { try show($0) { _ = try $0.project(in: $1) } },
    ]

    private typealias Check = (APICall, LabState) throws -> Void

    private static func list(_ call: APICall, _ check: Check) throws -> APIReply {
        try call.core.withState { try check(call, $0) }
        let members = call.core.options.accessLevel > 0 ? [call.core.options.accessLevel] : []
        return call.page(members) { member(call.core, level: $0) }
    }

    private static func show(_ call: APICall, _ check: Check) throws -> APIReply {
        try call.core.withState { try check(call, $0) }
        guard call.capture("user_id") == String(call.core.user.id), call.core.options.accessLevel > 0 else {
            throw APIError.message(404, "404 Not found")
        }
        return APIReply(200, member(call.core, level: call.core.options.accessLevel))
    }

    private static func user(_ user: LabGroup, of core: LabCore) -> JSON {
        [
            "id": .integer(user.id), "username": .string(user.path), "name": .string(user.name),
            "state": "active", "locked": false, "avatar_url": nil,
            "web_url": .string("\(core.url)/\(user.path)"),
        ]
    }

    private static func member(_ core: LabCore, level: Int) -> JSON {
        user(core.user, of: core).merging([
            "access_level": .integer(level), "created_at": .string(core.user.createdAt), "expires_at": nil,
            "membership_state": "active",
        ])
    }
}
