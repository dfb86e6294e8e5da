import Foundation

/// Query, form and JSON body of a request, as one object; `a[b]=c` and `a[]=c` nest.
struct Parameters: Sendable {
    private(set) var values: JSON = [:]
    let query: [(name: String, value: String)]

    init(query: String, body: String, contentType: String) throws {
        self.query = Self.pairs(query)
        for (name, value) in self.query { values = Self.setting(name, value, in: values) }
        guard !body.isEmpty else { return }
        if contentType.hasPrefix("application/x-www-form-urlencoded") {
            for (name, value) in Self.pairs(body) { values = Self.setting(name, value, in: values) }
        } else if contentType.hasPrefix("application/json") {
            guard let json = try? JSON(parsing: body) else {
                throw APIError.parameter("The request body is not valid JSON")
            }
            values = values.merging(json)
        } else {
            throw APIError(
                415,
                ["error": .string("The provided content-type '\(contentType)' is not supported.")]
            )
        }
    }

    subscript(name: String) -> JSON? { values[name] }

    func text(_ name: String) -> String? {
        switch values[name] {
        case .string(let text): text
        case .integer(let integer): String(integer)
        default: nil
        }
    }

    func integer(_ name: String) -> Int? { values[name]?.integer }
    func bool(_ name: String) -> Bool? { values[name]?.bool }

    func required(_ name: String) throws -> String {
        guard let text = text(name) else { throw APIError.parameter("\(name) is missing") }
        guard !text.isEmpty else { throw APIError.parameter("\(name) is empty") }
        return text
    }

    /// A value out of a list; the default if it is absent.
    func choice(_ name: String, of allowed: [String], default standard: String) throws -> String {
        guard let text = text(name) else { return standard }
        guard allowed.contains(text) else { throw APIError.parameter("\(name) does not have a valid value") }
        return text
    }

    func visibility() throws -> Visibility? {
        guard let text = text("visibility") else { return nil }
        guard let visibility = Visibility(rawValue: text) else {
            throw APIError.parameter("visibility does not have a valid value")
        }
        return visibility
    }

    /// The values whose names `allowed` has, as a new object.
    func picking(_ allowed: JSON) -> JSON {
        .object((values.members ?? []).filter { allowed[$0.name] != nil })
    }

    private static func pairs(_ text: String) -> [(name: String, value: String)] {
        text.split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (decode(parts[0]), parts.count > 1 ? decode(parts[1]) : "")
        }
    }

    private static func decode(_ text: Substring) -> String {
        let spaced = text.replacing("+", with: " ")
        return String(spaced).removingPercentEncoding ?? String(spaced)
    }

    private static func setting(_ name: String, _ value: String, in object: JSON) -> JSON {
        let parts = name.split(separator: "[", omittingEmptySubsequences: false).map {
            $0.hasSuffix("]") ? String($0.dropLast()) : String($0)
        }
        return setting(parts[...], .string(value), in: object)
    }

    private static func setting(_ path: ArraySlice<String>, _ value: JSON, in container: JSON?) -> JSON {
        guard let name = path.first else { return value }
        guard !name.isEmpty else {
            return .array((container?.elements ?? []) + [setting(path.dropFirst(), value, in: nil)])
        }
        var object = container?.members == nil ? [:] : container ?? [:]
        object[name] = setting(path.dropFirst(), value, in: object[name])
        return object
    }
}
