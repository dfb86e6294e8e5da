import Foundation

extension APICall {
    private var pageSize: Int {
        min(core.options.maximumPageSize, max(1, parameters.integer("per_page") ?? 20))
    }

    /// One page of `items` by number, with GitLab's headers.
    ///
    /// What is hidden is counted and not shown.
    func page<Item>(
        _ items: [Item],
        hiding isHidden: (Item) -> Bool = { _ in false },
        entity: (Item) -> JSON
    ) -> APIReply {
        let size = pageSize
        let page = max(1, parameters.integer("page") ?? 1)
        let pages = max(1, (items.count + size - 1) / size)
        let shown = items.dropFirst((page - 1) * size).prefix(size)
        var reply = APIReply(200, .array(shown.filter { !isHidden($0) }.map(entity)))
        let isCounted = items.count <= core.options.countLimit
        let next = page < pages ? page + 1 : nil
        let previous = page > 1 ? page - 1 : nil
        var links: [(String, Int)] = []
        if let previous { links.append(("prev", previous)) }
        if let next { links.append(("next", next)) }
        links.append(("first", 1))
        if isCounted { links.append(("last", pages)) }
        let values = links.map {
            "<\(url(replacing: ["page": String($1), "per_page": String(size)]))>; rel=\"\($0)\""
        }
        reply.headers = [
            ("Link", values.joined(separator: ", ")),
            ("X-Next-Page", next.map(String.init) ?? ""),
            ("X-Page", String(page)),
            ("X-Per-Page", String(size)),
            ("X-Prev-Page", previous.map(String.init) ?? ""),
        ]
        if isCounted {
            reply.headers += [("X-Total", String(items.count)), ("X-Total-Pages", String(pages))]
        }
        return reply
    }

    /// One page by the last id seen (`pagination=keyset`), or by number where that is not asked for.
    func keysetPage<Item>(_ items: [Item], id: (Item) -> Int, entity: (Item) -> JSON) throws -> APIReply {
        guard parameters.text("pagination") == "keyset" else {
            if pageSize * (parameters.integer("page") ?? 1) > core.options.offsetLimit {
                let limit =
                    "a maximum allowed offset of \(core.options.offsetLimit) for requests that return objects of type"
                let advice = "Remaining records can be retrieved using keyset pagination."
                throw APIError(405, ["error": .string("Offset pagination has \(limit) Project. \(advice)")])
            }
            return page(items, entity: entity)
        }
        guard parameters.text("order_by") == "id" else {
            throw APIError(405, ["error": "Keyset pagination is not yet available for this type of request"])
        }
        let ascends = parameters.text("sort") == "asc"
        let bound = ascends ? "id_after" : "id_before"
        let rest = items.filter { item in
            guard let limit = parameters.integer(bound) else { return true }
            return ascends ? id(item) > limit : id(item) < limit
        }
        let shown = rest.prefix(pageSize)
        var reply = APIReply(200, .array(shown.map(entity)))
        if let last = shown.last {
            let next = url(replacing: [bound: String(id(last)), "per_page": String(pageSize)])
            reply.headers = [("Link", "<\(next)>; rel=\"next\"")]
        }
        return reply
    }

    private func url(replacing replacements: [String: String]) -> String {
        let path = target.prefix { $0 != "?" }
        let kept = parameters.query.filter { replacements[$0.name] == nil }.map { ($0.name, $0.value) }
        let all = kept + replacements.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        let query = all.map { "\(encode($0))=\(encode($1))" }.joined(separator: "&")
        let root = core.withState { $0.endpoints.url }.absoluteString.dropLast(
            core.options.relativeRoot.count
        )
        return "\(root)\(path)?\(query)"
    }

    private func encode(_ text: String) -> String {
        text.addingPercentEncoding(
            withAllowedCharacters: .alphanumerics.union(CharacterSet(charactersIn: "-_.~"))
        ) ?? ""
    }
}
