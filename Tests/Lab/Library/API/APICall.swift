import Foundation

/// One request as an endpoint sees it.
struct APICall: Sendable {
    let core: LabCore
    let method: String
    /// The path with its query, from the server's root, as it was sent.
    let target: String
    let captures: [String: String]
    let parameters: Parameters
    let body: String
    let token: LabToken

    var isRead: Bool { method == "GET" || method == "HEAD" }

    /// What the path has in place of `:name`, decoded.
    func capture(_ name: String) -> String { captures[name] ?? "" }

    /// The group that `:id` names: digits are an id, anything else a full path.
    func group(in state: LabState) throws -> LabGroup {
        let id = capture("id")
        let found = Self.isNumber(id) ? Int(id).flatMap { state.world.groups[$0] } : state.world.group(id)
        guard let found, found.kind == .group, token.sees(found.fullPath) else {
            throw APIError.notFound("Group")
        }
        return found
    }

    /// The project that `:id` names: digits are an id, a text with a slash is a full path.
    func project(in state: LabState) throws -> LabProject {
        let id = capture("id")
        let world = state.world
        if Self.isNumber(id) {
            guard let found = Int(id).flatMap({ world.projects[$0] }), token.sees(found.fullPath) else {
                throw APIError.notFound("Project")
            }
            return found
        }
        if id.contains("/"), let found = world.project(id), token.sees(found.fullPath) { return found }
        guard id.contains("/"), let moved = world.projectMoved(from: id), token.sees(moved.fullPath) else {
            throw APIError.notFound("Project")
        }
        guard isRead else {
            throw APIError.message(405, "Non GET methods are not allowed for moved projects")
        }
        let rest = target.range(of: "/projects/").map { range in
            target[range.upperBound...].drop { $0 != "/" && $0 != "?" }
        }
        let location = "\(state.endpoints.url)/api/v4/projects/\(moved.id)\(rest ?? "")"
        var reply = APIReply(301, text: "This resource has been moved permanently to \(location)")
        reply.headers = [("Location", location)]
        throw APIError(reply)
    }

    private static func isNumber(_ text: String) -> Bool {
        let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
        return !digits.isEmpty
            && digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
}
