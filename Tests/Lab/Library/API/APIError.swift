/// An answer that refuses, in one of GitLab's shapes.
struct APIError: Error {
    let reply: APIReply

    init(_ status: Int, _ body: JSON) { reply = APIReply(status, body) }

    init(_ reply: APIReply) { self.reply = reply }

    static func message(_ status: Int, _ text: String) -> APIError {
        APIError(status, ["message": .string(text)])
    }

    /// What Grape says of parameters.
    static func parameter(_ text: String) -> APIError { APIError(400, ["error": .string(text)]) }

    /// What a model's validations say, by attribute.
    static func validation(_ errors: [(attribute: String, text: String)]) -> APIError {
        var message: JSON = [:]
        for (attribute, text) in errors {
            message[attribute] = .array((message[attribute]?.elements ?? []) + [.string(text)])
        }
        return APIError(400, ["message": message])
    }

    static let unauthorized = message(401, "401 Unauthorized")
    static let noRoute = APIError(404, ["error": "404 Not Found"])
    static func notFound(_ what: String) -> APIError { message(404, "404 \(what) Not Found") }
    static let forbidden = message(403, "403 Forbidden")

    static let insufficientScope = APIError(
        403,
        [
            "error": "insufficient_scope",
            "error_description": "The request requires higher privileges than provided by the access token.",
            "scope": "api",
        ]
    )

    static func invalidToken(_ description: String) -> APIError {
        APIError(401, ["error": "invalid_token", "error_description": .string(description)])
    }
}
