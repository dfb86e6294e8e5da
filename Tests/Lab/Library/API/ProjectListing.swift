/// Filters and orders that all listings of projects share.
enum ProjectListing {
    private static let orders = [
        "id", "name", "path", "created_at", "updated_at", "similarity", "star_count", "last_activity_at",
    ]

    /// The visible projects that `isInScope` and the parameters pick, in the order asked for.
    static func select(
        _ call: APICall,
        from state: LabState,
        isInScope: (LabProject) -> Bool
    ) throws -> [LabProject] {
        let parameters = call.parameters
        let order = try parameters.choice("order_by", of: orders, default: "created_at")
        let sort = try parameters.choice("sort", of: ["asc", "desc"], default: "desc")
        let archived = parameters.bool("archived")
        let isActive = parameters.bool("active")
        let search = parameters.text("search")?.lowercased() ?? ""
        let visibility = try parameters.visibility()
        var projects = state.world.projects.values.filter { project in
            isInScope(project) && call.token.sees(project.fullPath)
                && (archived == nil || project.archived == archived)
                && (isActive == nil || isActive == !project.archived)
                && (visibility == nil || project.visibility == visibility)
                && (search.isEmpty || project.name.lowercased().contains(search)
                    || project.path.lowercased().contains(search))
        }
        let key: (LabProject) -> String =
            switch order {
            case "name": \.name
            case "path": \.path
            case "updated_at", "last_activity_at": \.lastActivityAt
            default: { _ in "" }
            }
        projects.sort { (key($0), $0.id) < (key($1), $1.id) }
        if sort == "desc" { projects.reverse() }
        return projects
    }

    /// The form that `simple` asks for.
    static func entity(_ call: APICall, _ entities: Entities) -> (LabProject) -> JSON {
        let isSimple = call.parameters.bool("simple") == true
        return { project in isSimple ? entities.simpleProject(project) : entities.project(project) }
    }
}
