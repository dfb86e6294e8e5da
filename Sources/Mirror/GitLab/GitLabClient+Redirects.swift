import Foundation

// A redirected write changes its meaning, and a redirected token may leak: only reads follow, and only to this very API.
extension GitLabClient {
    /// A moved project costs one redirect; more than a few are a circle.
    static let maximumRedirects = 3

    /// Where the answer sends a reader, if that is the same API of the same server: the new address of a moved project.
    func ownRedirect(_ response: HTTPResponse) -> String? {
        guard [301, 302, 307, 308].contains(response.status), let location = response.header("Location"),
            let base = URL(string: server + "/"), let place = URL(string: location, relativeTo: base),
            place.user == nil, place.password == nil
        else { return nil }
        let text = place.absoluteString
        let api = server + "/api/v4/"
        return text.lowercased().hasPrefix(api.lowercased()) && !text.contains("/../") ? text : nil
    }

    /// What an error says of a redirect that is not followed.
    func redirection(_ response: HTTPResponse) -> String {
        guard let location = response.header("Location") else { return "" }
        let wantsTLS =
            server.lowercased().hasPrefix("http://")
            && location.lowercased().hasPrefix("https://" + server.lowercased().dropFirst("http://".count))
        return wantsTLS
            ? " (to \(location): this server answers at https://, set its URL to that)" : " (to \(location))"
    }
}
