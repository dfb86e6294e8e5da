/// The projects of users.
enum UserEndpoints {
    static let routes: [Route] = [
        Route("GET", "/users/:id/projects") { call in
            let state = call.core.withState { $0 }
            guard let id = Int(call.capture("id")), let user = state.world.groups[id], user.kind == .user
            else { throw APIError.notFound("User") }
            let projects = try ProjectListing.select(call, from: state) { $0.namespaceID == user.id }
            let entity = ProjectListing.entity(call, Entities(call.core, state))
            return try call.keysetPage(projects, id: \.id, entity: entity)
        }
    ]
}
