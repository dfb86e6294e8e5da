/// A JSON value whose objects keep the order of their members, as GitLab's answers do.
public enum JSON: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without a fraction.
    case integer(Int)
    /// Any other number.
    case number(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([JSON])
    /// Named members, in order.
    case object([Member])

    /// One named value of an object.
    public struct Member: Sendable, Equatable {
        /// The name.
        public var name: String
        /// The value.
        public var value: JSON
    }

    /// The value of the member `name`; setting replaces it where it stands, or appends it.
    public subscript(name: String) -> JSON? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.last { $0.name == name }?.value
        }
        set {
            guard case .object(var members) = self else { return }
            let index = members.lastIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name: name, value: value))
            case (nil, nil): break
            }
            self = .object(members)
        }
    }

    /// The text, if this is one.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The whole number, if this is one, or a text that holds one.
    public var integer: Int? {
        switch self {
        case .integer(let integer): integer
        case .string(let text): Int(text)
        default: nil
        }
    }

    /// The truth value, if this is one, or a form's text for one, in the spellings that Grape knows.
    public var bool: Bool? {
        switch self {
        case .bool(let bool): return bool
        case .integer(let integer): return [0: false, 1: true][integer]
        case .string(let text):
            let spelling = text.lowercased()
            if ["1", "on", "t", "true", "y", "yes"].contains(spelling) { return true }
            return ["0", "off", "f", "false", "n", "no"].contains(spelling) ? false : nil
        default: return nil
        }
    }

    /// The elements, if this is a list.
    public var elements: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The members, if this is an object.
    public var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// This object with every member of `other` set in it.
    func merging(_ other: JSON) -> JSON {
        var merged = self
        for member in other.members ?? [] { merged[member.name] = member.value }
        return merged
    }

    static func optional(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
    static func optional(_ integer: Int?) -> JSON { integer.map(JSON.integer) ?? .null }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }
    /// A whole number.
    public init(integerLiteral value: Int) { self = .integer(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    /// An object, its members in the order written.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(elements.map { Member(name: $0.0, value: $0.1) })
    }
    /// `null`.
    public init(nilLiteral: ()) { self = .null }
}
