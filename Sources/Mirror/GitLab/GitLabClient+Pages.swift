import Foundation
import Logging

extension GitLabClient {
    /// How often a listing is begun again when the server counted more than it sent.
    private static let maximumListings = 3

    /// Everything that a listing holds, each element once.
    ///
    /// Pages shift while projects come and go. A listing whose count differs from the server's own
    /// (`X-Total`, which is absent above 10,000 records) is made again.
    ///
    /// - Throws: ``GitLabError`` if any page could not be read: a listing is complete or it is an error.
    func list<Element: Decodable & Identifiable>(_ endpoint: Endpoint) async throws -> [Element] {
        var listing = try await listOnce(endpoint, of: Element.self)
        for _ in 1..<Self.maximumListings where listing.isShort {
            listing = try await listOnce(endpoint, of: Element.self)
        }
        if listing.isShort {
            Logger.current.warning(
                "the server counts more elements than it lists",
                metadata: ["request": "\(endpoint.request("GET"))", "listed": "\(listing.elements.count)"]
            )
        }
        return listing.elements
    }

    private struct Listing<Element> {
        var elements: [Element] = []
        var announced: Int?
        var isShort: Bool { elements.count < announced ?? 0 }
    }

    private func listOnce<Element: Decodable & Identifiable>(
        _ endpoint: Endpoint,
        of type: Element.Type
    ) async throws -> Listing<Element> {
        var listing = Listing<Element>()
        var seen: Set<Element.ID> = []
        var visited: Set<Endpoint> = []
        var next: Endpoint? = endpoint
        while let page = next {
            guard visited.insert(page).inserted else {
                throw GitLabError(
                    .notGitLab,
                    request: page.request("GET"),
                    server: server,
                    message: "the pages of this listing form a circle"
                )
            }
            let response = try await answer("GET", page)
            let elements: [Element] = try decode(response, "GET", page)
            listing.elements += elements.filter { seen.insert($0.id).inserted }
            listing.announced = response.header("X-Total").flatMap { Int($0) }
            next = nextPage(after: page, in: response)
        }
        return listing
    }

    /// The page that the answer names, asked for at our own base URL: a server behind a proxy may name another host.
    private func nextPage(after page: Endpoint, in response: HTTPResponse) -> Endpoint? {
        if let link = response.header("Link") {
            return LinkHeader(link).query(of: "next").map { page.replacingQuery(with: $0) }
        }
        guard let number = response.header("X-Next-Page"), !number.isEmpty else { return nil }
        return page.setting("page", to: number)
    }
}
