/// A setting of a copy that was changed, or that a run would change.
public struct SettingChange: Hashable, Sendable {
    /// The name in GitLab's API, for example `visibility`; `archived` for the archived state.
    public let name: String

    /// What it was, as text; escape it before it is shown.
    public let old: String

    /// What it becomes.
    public let new: String
}

/// A setting that is not as it should be.
struct SettingDifference: Hashable, Sendable {
    let name: String
    let old: JSONValue
    let new: JSONValue

    var change: SettingChange { SettingChange(name: name, old: old.text, new: new.text) }

    /// The settings among `wanted` that `present` has otherwise; what is not in `present` is not known and left alone.
    static func between(
        _ present: [String: JSONValue],
        _ wanted: [String: JSONValue]
    ) -> [SettingDifference] {
        wanted.compactMap { name, value in
            guard let old = present[name], old.comparable(as: name) != value.comparable(as: name) else {
                return nil
            }
            return SettingDifference(name: name, old: old, new: value)
        }
        .sorted { $0.name < $1.name }
    }
}

extension [SettingDifference] {
    /// What a request has to say to make the changes.
    var values: [String: JSONValue] { Dictionary(uniqueKeysWithValues: map { ($0.name, $0.new) }) }
}

extension JSONValue {
    /// The value for people.
    fileprivate var text: String {
        switch self {
        case .string(let text): text
        case .int(let number): "\(number)"
        case .bool(let truth): "\(truth)"
        case .array(let elements): elements.map(\.text).joined(separator: ", ")
        case .object(let members):
            members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.text)" }.joined(separator: ", ")
        }
    }

    /// The value as servers keep it: they trim texts, and know a topic in one spelling and no order.
    ///
    /// A difference that a server takes back would be written by every run.
    fileprivate func comparable(as name: String) -> JSONValue {
        switch self {
        case .string(let text) where name == "description":
            let lines = text.replacing("\r\n", with: "\n")
            return .string(String(lines.trimmed))
        case .array(let elements):
            return .array(
                Set(elements.map { $0.text.trimmed.lowercased() }).sorted().map { .string($0) }
            )
        default: return self
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        let blank: (Character) -> Bool = { $0.isWhitespace }
        return String(String(drop(while: blank).reversed()).drop(while: blank).reversed())
    }
}
