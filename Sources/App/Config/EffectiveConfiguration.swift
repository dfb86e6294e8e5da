import Foundation
import Mirror

/// Every setting with its value and where that comes from.
struct EffectiveConfiguration {
    struct Line: Encodable {
        let key: String
        let flag: String?
        let variable: String?

        /// The values, a secret's as `***`; none where the default holds.
        let values: [String]

        /// A flag, a variable, or a key with its place in the file; `default` else.
        let origin: String

        /// What holds where there is no value, in words.
        let standard: String

        private enum CodingKeys: String, CodingKey {
            case key, flag, variable, values, origin
            case standard = "default"
        }
    }

    let lines: [Line]
    private let file: ConfigurationFile?

    init(_ resolver: SettingsResolver) {
        file = resolver.sources.file
        lines = SettingCatalogue.all.map { Self.line($0, resolver) }
    }

    private static func line(_ description: SettingDescription, _ resolver: SettingsResolver) -> Line {
        let settings = values(description, resolver)
        let isSecret = if case .secret = description.kind { true } else { false }
        return Line(
            key: description.key.rawValue,
            flag: description.key.flag,
            variable: description.variable,
            values: settings.map {
                isSecret ? "***" : $0.value.contains("://") ? Values.withoutSecrets($0.value) : $0.value
            },
            origin: settings.first.map { Self.place($0.origin) ?? $0.origin } ?? "default",
            standard: description.standard
        )
    }

    /// The place in the file of an origin such as `jobs (gitlab-sync.yaml:12)`.
    private static func place(_ origin: String) -> String? {
        origin.wholeMatch(of: /[a-z-]+ \((.+:[0-9]+)\)/).map { String($0.1) }
    }

    private static func values(_ description: SettingDescription, _ resolver: SettingsResolver) -> [Setting] {
        let key = description.key
        switch description.kind {
        case .groupSpecs:
            let flags = resolver.flags[all: key]
            if !flags.isEmpty { return flags.map { Setting(origin: "--group", value: $0) } }
            return resolver.sources.file?.groups.map { Setting(origin: $0.origin, value: $0.spec) } ?? []
        case _ where description.isRepeatable:
            return resolver.sources.settings(key, flags: resolver.flags[all: key])
        case .list, .groupPaths:
            guard let setting = resolver.setting(key) else { return [] }
            return Values.list(setting.value).map { Setting(origin: setting.origin, value: $0) }
        default:
            return resolver.setting(key).map { [$0] } ?? []
        }
    }

    func json() throws -> String {
        try JSONLine.text(["settings": lines])
    }

    /// A configuration file, with the origins as comments; what has its default is commented out.
    func text() -> String {
        let shown = lines.flatMap { line -> [(text: String, origin: String)] in
            if line.values.isEmpty { return [("# \(line.key):", "default: \(line.standard)")] }
            let mayBeList = SettingKey(rawValue: line.key)?.description.mayBeList == true
            guard mayBeList else { return [("\(line.key): \(Self.scalar(line.values[0]))", line.origin)] }
            return [("\(line.key):", line.origin)] + line.values.map { ("  - \(Self.scalar($0))", "") }
        }
        let width = shown.map(\.text.count).filter { $0 <= 50 }.max() ?? 0
        return shown.map { line in
            guard !line.origin.isEmpty else { return line.text }
            let space = String(repeating: " ", count: max(0, width - line.text.count) + 2)
            return "\(line.text)\(space)# \(line.origin.escapedForDisplay)"
        }
        .joined(separator: "\n")
    }

    /// YAML for a value: plain where that cannot be misread, else in double quotes as in JSON.
    private static func scalar(_ value: String) -> String {
        let isPlain = value.wholeMatch(of: /[A-Za-z0-9\/~][A-Za-z0-9_.\/~:@%+=-]*/) != nil
        if isPlain, !value.hasSuffix(":") { return value }
        let quoted = (try? JSONLine.text(value)) ?? "\"\""
        return quoted.replacing("${", with: "$${")
    }
}
