import Foundation

extension LabFault.Kind {
    /// The answer of those faults that are one.
    var reply: APIReply {
        switch self {
        case .rateLimitedWithRetryAfter(let seconds):
            let reset = Date(timeIntervalSinceNow: TimeInterval(seconds))
            var reply = APIReply(429, text: "Retry later\n")
            reply.headers = [
                ("RateLimit-Limit", "60"), ("RateLimit-Name", "throttle_authenticated_api"),
                ("RateLimit-Observed", "67"), ("RateLimit-Remaining", "0"),
                ("RateLimit-Reset", String(Int(reset.timeIntervalSince1970))),
                ("Retry-After", String(seconds)),
            ]
            return reply
        case .rateLimitedApplication:
            let text = "This endpoint has been requested too many times. Try again later."
            return APIReply(429, ["message": ["error": .string(text)]])
        case .badGatewayHTML:
            let page = """
                <!DOCTYPE html><html><head><title>GitLab is not responding (502)</title></head>\
                <body><h1>502</h1><p>Whoops, GitLab is taking too much time to respond.</p></body></html>
                """
            return APIReply(502, text: page, contentType: "text/html")
        case .status(let status, let body):
            let isJSON = (try? JSON(parsing: body)) != nil
            return APIReply(status, text: body, contentType: isJSON ? "application/json" : "text/plain")
        case .delay, .closeConnection, .closeConnectionAfterwards, .hang, .hangAfterwards, .after:
            preconditionFailure("not an answer")
        }
    }
}
