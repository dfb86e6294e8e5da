import Foundation

/// The JSON schema (draft 2020-12) of configuration files.
enum ConfigSchema {
    /// A part of the schema.
    private struct Schema: Encodable {
        var dialect: String?
        var title: String?
        var description: String?
        var type: [String]?
        var constants: [String]?
        var pattern: String?
        var minimum: Int?
        var maximum: Int?
        var items: [Schema]?
        var anyOf: [Schema]?
        var properties: [String: Schema]?
        var required: [String]?

        private enum CodingKeys: String, CodingKey {
            case title, description, type, pattern, minimum, maximum, items, anyOf, properties, required
            case dialect = "$schema"
            case constants = "enum"
            case others = "additionalProperties"
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(dialect, forKey: .dialect)
            try container.encodeIfPresent(title, forKey: .title)
            try container.encodeIfPresent(description, forKey: .description)
            try container.encodeIfPresent(type, forKey: .type)
            try container.encodeIfPresent(constants, forKey: .constants)
            try container.encodeIfPresent(pattern, forKey: .pattern)
            try container.encodeIfPresent(minimum, forKey: .minimum)
            try container.encodeIfPresent(maximum, forKey: .maximum)
            try container.encodeIfPresent(items?.first, forKey: .items)
            try container.encodeIfPresent(anyOf, forKey: .anyOf)
            try container.encodeIfPresent(properties, forKey: .properties)
            try container.encodeIfPresent(required, forKey: .required)
            if properties != nil { try container.encode(false, forKey: .others) }
        }
    }

    static func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(root), as: UTF8.self)
    }

    private static var root: Schema {
        var root = Schema()
        root.dialect = "https://json-schema.org/draft/2020-12/schema"
        root.title = "Configuration file of gitlab-sync"
        root.type = ["object", "null"]
        root.properties = Dictionary(
            uniqueKeysWithValues: SettingCatalogue.all.map { ($0.key.rawValue, schema(of: $0)) }
        )
        return root
    }

    private static func schema(of setting: SettingDescription) -> Schema {
        var schema = Schema()
        let variable = setting.variable.map { " Variable: \($0)." } ?? ""
        schema.description = "\(setting.summary) Default: \(setting.standard).\(variable)"
        if case .groupSpecs = setting.kind {
            schema.anyOf = [list(of: [group, reference]), null]
        } else {
            let values = self.values(setting.kind)
            schema.anyOf = values + (setting.mayBeList ? [list(of: values)] : []) + [reference, null]
        }
        return schema
    }

    /// What one value of a kind may be; YAML 1.1 reads `on` as true, YAML 1.2 as a word: both are.
    private static func values(_ kind: SettingDescription.Kind) -> [Schema] {
        switch kind {
        case .text, .path, .secret, .list, .patterns, .groupSpecs: [Schema(type: ["string"])]
        case .groupPaths: [Schema(type: ["string"], pattern: "^[A-Za-z0-9_./+, -]+$")]
        case .serverURL: [Schema(type: ["string"], pattern: "^[Hh][Tt][Tt][Pp][Ss]?://")]
        case .yesOrNo: yesOrNo
        case .number(let range):
            [Schema(type: ["integer"], minimum: range.lowerBound, maximum: range.upperBound)]
        case .age(let orAll):
            [Schema(type: ["string"], pattern: "^[0-9]+[smhd]$\(orAll ? "|^[Aa][Ll][Ll]$" : "")")]
        case .lossLimit:
            [Schema(type: ["integer"], minimum: 0), Schema(type: ["string"], pattern: "^[0-9]+%?$")]
        case .size:
            [Schema(type: ["integer"], minimum: 1), Schema(type: ["string"], pattern: "^[0-9]+[KMGTkmgt]?$")]
        case .shard: [Schema(type: ["string"], pattern: "^[0-9]+/[0-9]+$")]
        case .choice(let names, let orYesOrNo):
            [Schema(constants: names)] + (orYesOrNo ? yesOrNo : [])
        }
    }

    private static let yesOrNo = [
        Schema(type: ["boolean"]), Schema(type: ["integer"], minimum: 0, maximum: 1),
        Schema(constants: ["true", "false", "yes", "no", "on", "off", "1", "0"]),
    ]

    /// A group with settings of its own.
    private static var group: Schema {
        var group = Schema(type: ["object"])
        let ofGroup: [String: SettingKey] = [
            "wikis": .wikis, "snippets": .snippets, "lfs": .lfs, "metadata": .metadata, "rewrite": .rewrite,
            "prune": .prune,
            "visibility": .visibility,
        ]
        group.properties = Dictionary(
            uniqueKeysWithValues: GroupSpec.keys.map { key in
                if let setting = ofGroup[key] { return (key, schema(of: setting.description)) }
                let text = [Schema(type: ["string"])]
                return (key, Schema(anyOf: text + (GroupSpec.listKeys.contains(key) ? [list(of: text)] : [])))
            }
        )
        group.required = ["source"]
        return Schema(anyOf: [group, Schema(type: ["string"])])
    }

    private static func list(of elements: [Schema]) -> Schema {
        Schema(type: ["array"], items: [Schema(anyOf: elements)])
    }

    private static let reference = Schema(type: ["string"], pattern: "[$][{]")
    private static let null = Schema(type: ["null"])
}
