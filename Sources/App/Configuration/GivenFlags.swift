/// Flags of a command, as far as they are settings.
protocol SettingFlags {
    /// What the command line says.
    var given: GivenFlags { get }
}

/// What a command line says of settings, and what it alone can say.
///
/// Commands have different flags; what makes settings of them asks for keys and needs to know no command.
struct GivenFlags: Sendable, ExpressibleByDictionaryLiteral {
    /// The configuration file.
    var file: String?

    /// The ids of what a guard held back and may be done now.
    var approvals: [String] = []

    /// With `-q` there is no progress.
    var isQuiet = false

    /// With `-v`, tables have what is unchanged too.
    var isVerbose = false

    private var values: [SettingKey: [String]] = [:]

    /// Flags with one value each; nil where one is not there.
    init(dictionaryLiteral elements: (SettingKey, String?)...) {
        for (key, value) in elements { self[key] = value }
    }

    /// What several groups of flags say, none of which has a flag of another.
    init(_ groups: any SettingFlags...) {
        for group in groups { add(group.given) }
    }

    /// The value of a flag that stands once; nil if it is not there.
    subscript(key: SettingKey) -> String? {
        get { values[key]?.first }
        set { values[key] = newValue.map { [$0] } }
    }

    /// Every value of a flag that may be given again.
    subscript(all key: SettingKey) -> [String] {
        get { values[key] ?? [] }
        set { values[key] = newValue }
    }

    mutating func add(_ other: GivenFlags) {
        file = other.file ?? file
        approvals += other.approvals
        isQuiet = isQuiet || other.isQuiet
        isVerbose = isVerbose || other.isVerbose
        values.merge(other.values) { $1 }
    }
}
