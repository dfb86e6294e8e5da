import Foundation

/// How a listing is cut into pages.
enum Paging: Sendable {
    /// By number: pages shift while elements come and go, and some servers refuse numbers above a limit.
    case offset
    /// After the last id: nothing shifts. GitLab has it for some listings only.
    case keyset
}

extension GitLabClient {
    /// How often a listing is begun again when pages shifted.
    private static let maximumListings = 3

    /// Everything that a listing holds, each element once.
    ///
    /// Pages by number shift while projects come and go. A listing with fewer elements than the server counted
    /// (`X-Total`) is made again; without a count, which is absent above 10,000 records, a second listing must confirm
    /// the first. A server that refuses one way of paging with 405 is asked the other way.
    ///
    /// - Parameters:
    ///   - endpoint: The listing, in the order of ids.
    ///   - paging: The way to begin with.
    /// - Returns: The elements in the order in which they came.
    /// - Throws: ``GitLabError`` if any page could not be read, or with the code `listing-incomplete` if elements kept
    ///   missing: a listing is complete or it is an error.
    func list<Element: Decodable & Identifiable>(
        _ endpoint: Endpoint,
        paging: Paging = .offset
    ) async throws -> [Element] {
        var paging = paging
        var mayChange = true
        var known = Listing<Element>()
        for _ in 0..<Self.maximumListings {
            var listing: Listing<Element>
            do {
                listing = try await listOnce(endpoint, paging: paging)
            } catch let error as GitLabError where mayChange && error.refuses(paging) {
                mayChange = false
                paging = paging == .keyset ? .offset : .keyset
                listing = try await listOnce(endpoint, paging: paging)
            }
            if listing.isComplete { return listing.elements }
            if listing.announced == nil {
                if !known.elements.isEmpty, listing.confirms(known) { return known.joined(with: listing) }
                known.elements = known.joined(with: listing)
                known.ids.formUnion(listing.ids)
            }
            known.announced = listing.announced
            known.lastCount = listing.elements.count
        }
        throw GitLabError(
            .listingIncomplete,
            request: endpoint.request("GET"),
            server: server,
            message: known.announced.map { "the server counts \($0) and lists \(known.lastCount)" }
                ?? "the listing was another each time that it was read"
        )
    }

    private struct Listing<Element: Identifiable> {
        var elements: [Element] = []
        var ids: Set<Element.ID> = []
        /// The largest count that a page announced.
        var announced: Int?
        var pages = 0
        /// Whether the server numbered the pages, so that they can have shifted.
        var isNumbered = false
        var lastCount = 0

        /// Whether nothing can be missing.
        var isComplete: Bool {
            guard isNumbered else { return true }
            return announced.map { elements.count >= $0 } ?? (pages == 1)
        }

        /// Whether it holds nothing that `earlier` should have held: what is new stands at the end.
        func confirms(_ earlier: Listing) -> Bool {
            let last = elements.lastIndex { earlier.ids.contains($0.id) } ?? -1
            return elements.prefix(last + 1).allSatisfy { earlier.ids.contains($0.id) }
        }

        func joined(with later: Listing) -> [Element] {
            elements + later.elements.filter { !ids.contains($0.id) }
        }
    }

    private func listOnce<Element: Decodable & Identifiable>(
        _ endpoint: Endpoint,
        paging: Paging
    ) async throws -> Listing<Element> {
        var listing = Listing<Element>()
        var visited: Set<Endpoint> = []
        var next: Endpoint? = paging == .keyset ? endpoint.setting("pagination", to: "keyset") : endpoint
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
            listing.pages += 1
            if response.header("X-Next-Page") != nil || response.header("X-Page") != nil {
                listing.isNumbered = true
            }
            listing.elements += elements.filter { listing.ids.insert($0.id).inserted }
            if let count = response.header("X-Total").flatMap({ Int($0) }) {
                listing.announced = max(listing.announced ?? 0, count)
                listing.isNumbered = true
            }
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

extension GitLabError {
    /// Whether the server refuses a way of paging, and not the request: `lib/api/helpers/pagination_strategies.rb` of GitLab.
    fileprivate func refuses(_ paging: Paging) -> Bool {
        guard status == 405 else { return false }
        return switch paging {
        case .offset: message.contains("keyset pagination")
        case .keyset: message.contains("Keyset pagination is not")
        }
    }
}
