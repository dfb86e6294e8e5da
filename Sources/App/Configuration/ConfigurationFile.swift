import Foundation
import Mirror

/// What a configuration file says: YAML, one mapping whose keys are the flags without their dashes.
struct ConfigurationFile: Sendable {
    /// What a key has: one value, or several of a list, each with the place it stands at.
    struct Entry: Sendable {
        let origin: String
        let values: [Setting]

        /// Whether it stands there itself, not as a reference to a variable.
        let isLiteral: Bool
    }

    /// A group with settings of its own, as pairs of keys and values.
    struct Group: Sendable {
        let origin: String
        let pairs: [(key: String, value: Setting)]

        /// Whether it is written as `--group` is, in one string, which is then the only pair.
        var isSpec: Bool { pairs.first?.key == "" }

        /// The same as a value of `--group`.
        var spec: String {
            pairs.map { $0.key.isEmpty ? $0.value.value : "\($0.key)=\($0.value.value)" }.joined(
                separator: ","
            )
        }
    }

    let path: String
    var entries: [SettingKey: Entry] = [:]
    var groups: [Group] = []

    /// Reads the file that `setting` names; `${NAME}` in its values stands for variables of `environment`.
    ///
    /// - Throws: ``ConfigurationError`` with the first thing that is wrong.
    init(_ setting: Setting, environment: [String: String]) throws {
        let reader = try ConfigurationFileReader(setting, environment: environment)
        let (file, findings) = reader.read()
        if let first = findings.first {
            let others =
                findings.count == 1 ? "" : " (and \(findings.count - 1) more: gitlab-sync config validate)"
            throw ConfigurationError("\(first.place): \(first.message)\(others)", hint: first.hint)
        }
        self = file
    }

    /// A file that says nothing.
    init(path: String) {
        self.path = path
    }
}

/// Something in a configuration file that is not as it must be.
struct ConfigurationFinding: Hashable, Sendable {
    /// File, line and column, as compilers print them.
    let place: String
    let message: String
    let hint: String
}
