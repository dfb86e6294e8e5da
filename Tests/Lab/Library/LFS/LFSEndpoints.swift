import Foundation

/// The LFS API of repositories: `<path>.git/info/lfs/...` and `<path>.git/gitlab-lfs/objects/...`.
struct LFSEndpoints {
    let core: LabCore
    let method: String
    let query: String
    let authorization: String?

    /// The path of a repository and what comes after it, if this is a path of LFS.
    static func split(_ path: some StringProtocol) -> (repository: String, rest: String)? {
        for part in ["/info/lfs/", "/gitlab-lfs/"] {
            guard let range = path.range(of: ".git" + part) else { continue }
            let repository = path[..<range.lowerBound].drop { $0 == "/" }
            return (String(repository), String(part.dropFirst()) + String(path[range.upperBound...]))
        }
        return nil
    }

    func answer(repository: String, rest: String, body: Data) async throws -> APIReply {
        let isSigned = query == "signature=\(core.secret)"
        if isSigned, authorization != nil {
            return APIReply(
                400,
                text: "<Error><Code>InvalidArgument</Code></Error>",
                contentType: "application/xml"
            )
        }
        guard isSigned || isAuthorized else { return refusal(401, "HTTP Basic: Access denied.") }
        guard let project = core.withState({ $0.world.project(repository) }),
            project.attributes["lfs_enabled"]?.bool == true
        else { return refusal(404, "Not found.") }
        let parts = rest.split(separator: "/").map(String.init)
        switch (method, parts.count) {
        case ("POST", 4) where rest == "info/lfs/objects/batch":
            return try batch(of: project, body: String(decoding: body, as: UTF8.self))
        case ("GET", 3) where core.lfs.has(parts[2], of: project.id):
            let bytes = try Data(contentsOf: core.lfs.location(parts[2], of: project.id))
            return APIReply(200, bytes: bytes)
        case ("PUT", 4):
            let stored = try await core.lfs.store(body, as: parts[2], of: project.id)
            return stored == nil || body.count != Int(parts[3])
                ? refusal(422, "Wrong object") : APIReply(200, text: "")
        default:
            return refusal(404, "Not found.")
        }
    }

    private var isAuthorized: Bool {
        guard let authorization, authorization.hasPrefix("Basic "),
            let bytes = Data(base64Encoded: String(authorization.dropFirst(6)))
        else { return false }
        let password = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1).last.map(
            String.init
        )
        return core.withState { state in
            password.map { $0 == core.lfsToken || state.tokens[$0] != nil } ?? false
        }
    }

    private func batch(of project: LabProject, body: String) throws -> APIReply {
        guard let request = try? JSON(parsing: body), let objects = request["objects"]?.elements,
            !objects.isEmpty
        else {
            return refusal(404, "Not found.")
        }
        let isUpload = request["operation"]?.text == "upload"
        if isUpload, project.archived { return refusal(403, "Access forbidden. Check your access level.") }
        let answers = objects.map { object in
            let (oid, size) = (object["oid"]?.text ?? "", object["size"]?.integer ?? 0)
            return isUpload ? upload(oid, size, to: project) : download(oid, size, of: project)
        }
        var reply = APIReply(200, ["objects": .array(answers)])
        reply.contentType = "application/vnd.git-lfs+json"
        return reply
    }

    private func download(_ oid: String, _ size: Int, of project: LabProject) -> JSON {
        guard core.lfs.has(oid, of: project.id) else {
            let text = "Object does not exist on the server or you don't have permissions to access it"
            return object(oid, size, ["error": ["code": 404, "message": .string(text)]])
        }
        let href = "\(core.url)/\(project.fullPath).git/gitlab-lfs/objects/\(oid)"
        let action: JSON =
            core.options.signsLFSDownloads
            ? ["href": .string("\(href)?signature=\(core.secret)")]
            : ["href": .string(href), "header": ["Authorization": .string(core.lfsAuthorization)]]
        return object(oid, size, ["actions": ["download": action]])
    }

    private func upload(_ oid: String, _ size: Int, to project: LabProject) -> JSON {
        guard !core.lfs.has(oid, of: project.id) else { return object(oid, size, [:]) }
        let header: JSON = [
            "Authorization": .string(core.lfsAuthorization), "Content-Type": "application/octet-stream",
            "Transfer-Encoding": "chunked",
        ]
        let href = "\(core.url)/\(project.fullPath).git/gitlab-lfs/objects/\(oid)/\(size)"
        return object(oid, size, ["actions": ["upload": ["href": .string(href), "header": header]]])
    }

    private func object(_ oid: String, _ size: Int, _ more: JSON) -> JSON {
        JSON.object([.init(name: "oid", value: .string(oid)), .init(name: "size", value: .integer(size))])
            .merging(more)
    }

    private func refusal(_ status: Int, _ text: String) -> APIReply {
        APIReply(status, ["message": .string(text), "documentation_url": .string("\(core.url)/help")])
    }
}
