import Foundation

/// The LFS API of repositories: `<path>.git/info/lfs/...` and `<path>.git/gitlab-lfs/objects/...`.
struct LFSEndpoints {
    let core: LabCore
    let method: String
    let query: String
    let authorization: String?
    /// The header that names a part of an object.
    let range: String?

    /// The path of a repository and what comes after it, if this is a path of LFS.
    static func split(_ path: some StringProtocol) -> (repository: String, rest: String)? {
        for part in ["/info/lfs/", "/gitlab-lfs/"] {
            guard let range = path.range(of: ".git" + part) else { continue }
            let repository = path[..<range.lowerBound].drop { $0 == "/" }
            return (String(repository), String(part.dropFirst()) + String(path[range.upperBound...]))
        }
        return nil
    }

    /// What a request is about.
    enum Destination {
        case reply(APIReply)
        case batch(LabProject)
        case download(URL, Range<Int>)
        case upload(LabProject, oid: String, size: Int)
    }

    func destination(repository: String, rest: String) throws -> Destination {
        let isSigned = query == "signature=\(core.secret)"
        if isSigned, authorization != nil {
            return .reply(
                APIReply(
                    400,
                    text: "<Error><Code>InvalidArgument</Code></Error>",
                    contentType: "application/xml"
                )
            )
        }
        guard isSigned || isAuthorized else { return .reply(refusal(401, "HTTP Basic: Access denied.")) }
        guard let project = core.withState({ $0.world.project(repository) }),
            project.attributes["lfs_enabled"]?.bool == true
        else { return .reply(refusal(404, "Not found.")) }
        let parts = rest.split(separator: "/").map(String.init)
        switch (method, parts.count) {
        case ("POST", 4) where rest == "info/lfs/objects/batch": return .batch(project)
        case ("GET", 3) where core.lfs.has(parts[2], of: project.id):
            if core.options.redirectsLFSDownloads, !isSigned {
                var reply = APIReply(302, text: "")
                reply.headers = [("Location", signed(parts[2], of: project))]
                return .reply(reply)
            }
            let start = core.options.servesLFSRanges ? range.flatMap(Self.start) ?? 0 : 0
            return .download(core.lfs.location(parts[2], of: project.id), start..<Int.max)
        case ("PUT", 4): return .upload(project, oid: parts[2], size: Int(parts[3]) ?? -1)
        default: return .reply(refusal(404, "Not found."))
        }
    }

    /// The first byte of `bytes=N-`.
    private static func start(_ range: String) -> Int? {
        range.split(separator: "=").last?.split(separator: "-").first.flatMap { Int($0) }
    }

    /// An object's address on another host, as object storage has it.
    private func signed(_ oid: String, of project: LabProject) -> String {
        let storage = core.url.absoluteString.replacing("127.0.0.1", with: "localhost")
        return "\(storage)/\(project.fullPath).git/gitlab-lfs/objects/\(oid)?signature=\(core.secret)"
    }

    private var isAuthorized: Bool {
        guard let authorization, authorization.hasPrefix("Basic "),
            let bytes = Data(base64Encoded: String(authorization.dropFirst(6)))
        else { return false }
        let password = String(decoding: bytes, as: UTF8.self).split(separator: ":", maxSplits: 1).last.map(
            String.init
        )
        return core.withState { state in
            password.map { state.lfsTokens.contains($0) || state.tokens[$0] != nil } ?? false
        }
    }

    func batch(of project: LabProject, body: String) -> APIReply {
        guard let request = try? JSON(parsing: body), let objects = request["objects"]?.elements,
            !objects.isEmpty
        else {
            return refusal(404, "Not found.")
        }
        let isUpload = request["operation"]?.text == "upload"
        if isUpload, project.archived || core.options.accessLevel < AccessLevel.developer {
            return refusal(403, "Access forbidden. Check your access level.")
        }
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
            ? ["href": .string(signed(oid, of: project))]
            : ["href": .string(href), "header": ["Authorization": .string(core.makeLFSAuthorization())]]
        return object(oid, size, ["actions": ["download": action.merging(lifetime)]])
    }

    private func upload(_ oid: String, _ size: Int, to project: LabProject) -> JSON {
        guard !core.lfs.has(oid, of: project.id) else { return object(oid, size, [:]) }
        let header: JSON = [
            "Authorization": .string(core.makeLFSAuthorization()), "Content-Type": "application/octet-stream",
            "Transfer-Encoding": "chunked",
        ]
        let href = "\(core.url)/\(project.fullPath).git/gitlab-lfs/objects/\(oid)/\(size)"
        let action: JSON = ["href": .string(href), "header": header]
        return object(oid, size, ["actions": ["upload": action.merging(lifetime)]])
    }

    private var lifetime: JSON { core.options.lfsActionLifetime.map { ["expires_in": .integer($0)] } ?? [:] }

    private func object(_ oid: String, _ size: Int, _ more: JSON) -> JSON {
        JSON.object([.init(name: "oid", value: .string(oid)), .init(name: "size", value: .integer(size))])
            .merging(more)
    }

    func refusal(_ status: Int, _ text: String) -> APIReply {
        APIReply(status, ["message": .string(text), "documentation_url": .string("\(core.url)/help")])
    }
}
