import Foundation

/// `/users`.
enum UserEndpoints {
    static let routes: [Route] = [
        Route("GET", "/users") { call in
            let name = call.parameters.text("username")?.lowercased()
            let state = call.core.withState { $0 }
            let users = state.world.groups.values.filter { user in
                user.kind == .user && (name == nil || user.path.lowercased() == name)
            }
            return try call.keysetPage(users.sorted { $0.id < $1.id }, id: \.id) { user in
                [
                    "id": .integer(user.id), "username": .string(user.path), "name": .string(user.name),
                    "state": "active", "locked": false, "avatar_url": nil,
                    "web_url": .string("\(state.endpoints.url.absoluteString)/\(user.path)"),
                ]
            }
        },
        Route("GET", "/users/:id/projects") { call in
            let state = call.core.withState { $0 }
            guard let id = Int(call.capture("id")), let user = state.world.groups[id], user.kind == .user
            else { throw APIError.notFound("User") }
            let projects = try ProjectListing.select(call, from: state) { $0.namespaceID == user.id }
            let entity = ProjectListing.entity(call, Entities(call.core, state))
            return try call.keysetPage(projects, id: \.id, entity: entity)
        },
    ]
}
