import Foundation
import Mirror
import Yams

/// Reads a configuration file and finds all that is wrong in it, with the line of each.
struct ConfigurationFileReader {
    private let path: String
    private let text: String
    private let environment: [String: String]
    private var findings: [ConfigurationFinding] = []

    /// - Throws: ``ConfigurationError`` if the file cannot be read.
    init(_ setting: Setting, environment: [String: String]) throws {
        guard let data = FileManager.default.contents(atPath: setting.value) else {
            throw ConfigurationError(
                "the file '\(setting.value.escapedForDisplay)' of \(setting.origin) cannot be read",
                hint: "check the path and its permissions"
            )
        }
        self.init(path: setting.value, text: String(decoding: data, as: UTF8.self), environment: environment)
    }

    init(path: String, text: String, environment: [String: String]) {
        self.path = path
        self.text = text
        self.environment = environment
    }

    /// The file, as far as it is good, and what is wrong in it.
    func read() -> (ConfigurationFile, [ConfigurationFinding]) {
        var reader = self
        var file = ConfigurationFile(path: path)
        do {
            guard let root = try Yams.compose(yaml: text) else { return (file, []) }
            reader.take(root, into: &file)
        } catch {
            reader.findings.append(syntaxFinding(error))
        }
        return (file, reader.findings)
    }

    private mutating func take(_ root: Node, into file: inout ConfigurationFile) {
        // A file of comments only is an empty scalar.
        if case .scalar(let scalar) = root, scalar.string.isEmpty { return }
        guard case .mapping(let mapping) = root else {
            return note(root, "the file is no mapping of keys to values", "write lines such as jobs: 8")
        }
        for (keyNode, node) in mapping {
            let name = keyNode.string ?? ""
            guard let key = SettingKey(rawValue: name) else {
                let keys = SettingKey.allCases.map(\.rawValue)
                let nearest = keys.min { editDistance($0, name) < editDistance($1, name) } ?? ""
                note(
                    keyNode,
                    "the key '\(name.escapedForDisplay)' is unknown",
                    "did you mean '\(nearest)'? All keys: gitlab-sync config schema"
                )
                continue
            }
            if key == .group {
                file.groups = takeGroups(node)
            } else if let values = takeValues(node, of: key), !values.isEmpty {
                file.entries[key] = ConfigurationFile.Entry(
                    origin: origin(key.rawValue, keyNode),
                    values: values,
                    isLiteral: node.string == values.first?.value
                )
            }
        }
    }

    /// The values of a key; nil if it has none that could be read.
    private mutating func takeValues(_ node: Node, of key: SettingKey) -> [Setting]? {
        let description = key.description
        switch node {
        case .scalar:
            return takeScalar(node, key.rawValue, description).map { [$0] }
        case .sequence(let nodes) where description.mayBeList:
            return nodes.compactMap { takeScalar($0, key.rawValue, description) }
        default:
            let shape = description.mayBeList ? "one value or a list of values" : "one value"
            note(node, "'\(key.rawValue)' holds \(name(of: node))", "write \(shape)")
            return nil
        }
    }

    private mutating func takeScalar(_ node: Node, _ name: String, _ description: SettingDescription?)
        -> Setting?
    {
        guard let value = takeText(node, name) else { return nil }
        var setting = Setting(origin: origin(name, node), value: value)
        do {
            if case .path = description?.kind {
                setting = Setting(origin: setting.origin, value: besideTheFile(value))
            }
            try description?.refuseUnusable(setting)
        } catch let error as ConfigurationError {
            note(node, error.message.replacing("\(setting.origin) ", with: "'\(name)' "), error.hint)
        } catch {
            note(node, "\(error)", "correct the value")
        }
        return setting
    }

    /// A scalar's text with its variables replaced; nil if it is empty, which counts as not set.
    private mutating func takeText(_ node: Node, _ name: String) -> String? {
        guard case .scalar(let scalar) = node else {
            note(node, "'\(name)' holds \(self.name(of: node))", "write one value")
            return nil
        }
        if scalar.style == .plain, ["", "~", "null"].contains(scalar.string) { return nil }
        do throws(ConfigurationError) {
            let value = try VariableReference.replacing(in: scalar.string, by: environment)
            return value.isEmpty ? nil : value
        } catch {
            note(node, "'\(name)': \(error.message)", error.hint)
            return nil
        }
    }

    private mutating func takeGroups(_ node: Node) -> [ConfigurationFile.Group] {
        guard case .sequence(let nodes) = node else {
            note(node, "'group' holds \(name(of: node))", "write a list, each element with its source")
            return []
        }
        return nodes.compactMap { takeGroup($0) }
    }

    private mutating func takeGroup(_ node: Node) -> ConfigurationFile.Group? {
        var pairs: [(key: String, value: Setting)] = []
        switch node {
        case .scalar:
            guard let text = takeText(node, "group") else { return nil }
            pairs = [("", Setting(origin: origin("group", node), value: text))]
        case .mapping(let mapping):
            for (keyNode, value) in mapping {
                let key = keyNode.string ?? ""
                guard GroupSpec.keys.contains(key) else {
                    let error = Values.unknown(
                        "key '\(key.escapedForDisplay)' of a group",
                        key,
                        keys: GroupSpec.keys
                    )
                    note(keyNode, error.message, error.hint)
                    continue
                }
                let isList = GroupSpec.listKeys.contains(key)
                let nodes = if isList, case .sequence(let nodes) = value { Array(nodes) } else { [value] }
                pairs += nodes.compactMap { node in takeScalar(node, key, nil).map { (key, $0) } }
            }
        default:
            note(node, "a group is \(name(of: node))", "write source: SRC and what is special to it")
            return nil
        }
        let group = ConfigurationFile.Group(origin: origin("group", node), pairs: pairs)
        do {
            _ = try GroupSpec.rule(of: group, rules: MirrorRules())
        } catch let error as ConfigurationError {
            note(node, error.message.replacing("\(group.origin)", with: "'group'"), error.hint)
        } catch {
            note(node, "\(error)", "correct the group")
        }
        return group
    }

    /// Paths in a file are relative to its own folder: a crontab's runs have no folder of their own to speak of.
    private func besideTheFile(_ value: String) -> String {
        guard !value.hasPrefix("/") else { return value }
        let folder = URL(filePath: path).deletingLastPathComponent()
        return folder.appending(path: value).standardizedFileURL.path(percentEncoded: false)
    }

    private func origin(_ name: String, _ node: Node) -> String {
        "\(name) (\(path.escapedForDisplay):\(node.mark?.line ?? 1))"
    }

    private mutating func note(_ node: Node, _ message: String, _ hint: String) {
        findings.append(ConfigurationFinding(place: place(node.mark), message: message, hint: hint))
    }

    private func place(_ mark: Mark?) -> String {
        "\(path.escapedForDisplay):\(mark.map { "\($0.line):\($0.column)" } ?? "1:1")"
    }

    private func name(of node: Node) -> String {
        switch node {
        case .scalar: "one value"
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .alias: "an alias"
        }
    }

    private func syntaxFinding(_ error: any Error) -> ConfigurationFinding {
        let hint = "see https://yaml.org; values with : # or quotes in them are written in quotes"
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            return ConfigurationFinding(place: place(mark), message: "no YAML: \(problem)", hint: hint)
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0.escapedForDisplay)'" }.joined(separator: ", ")
            return ConfigurationFinding(
                place: place(context.mark),
                message: "\(names) is there more than once in this mapping",
                hint: "write each key once; a list holds several values"
            )
        default:
            return ConfigurationFinding(
                place: place(nil),
                message: "no YAML: \(error)".escapedForDisplay,
                hint: hint
            )
        }
    }
}
