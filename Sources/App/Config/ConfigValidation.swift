import Foundation
import Mirror

/// All that is wrong with a configuration.
struct ConfigValidation {
    struct Finding: Encodable {
        let isError: Bool

        /// File, line and column; nil if the finding is of the configuration as a whole.
        let place: String?
        let message: String
        let hint: String
    }

    private(set) var findings: [Finding] = []

    /// The file that was looked at, if any.
    private(set) var path: String?

    /// Whether the result is to be printed as JSON.
    private(set) var isJSON = false

    var isValid: Bool { !findings.contains(where: \.isError) }

    init(_ flags: GivenFlags, environment: [String: String]) {
        do {
            let variables = EnvironmentVariables(environment)
            let output = SettingSources(variables).setting(.output, flag: flags[.output])
            isJSON = try output.map { try Values.choice($0) as ConsoleSettings.Format } == .json
            let flag = flags.file.map { Setting(origin: "--config", value: $0) }
            if let file = flag ?? variables.setting("GITLAB_SYNC_CONFIG") {
                path = file.value
                try examine(file, environment: variables.values)
            }
            guard isValid else { return }
            _ = try SettingsResolver(flags: flags, environment: environment).settings()
        } catch {
            let failure = RunFailure.describe(error, status: ExitStatus(error))
            findings.append(
                Finding(isError: true, place: nil, message: failure.message, hint: failure.hint)
            )
        }
    }

    private mutating func examine(_ setting: Setting, environment: [String: String]) throws {
        let (file, found) = try ConfigurationFileReader(setting, environment: environment).read()
        findings = found.map { Finding(isError: true, place: $0.place, message: $0.message, hint: $0.hint) }
        let secrets = file.entries.filter { key, entry in
            if case .secret = key.description.kind { entry.isLiteral } else { false }
        }
        let attributes = try? FileManager.default.attributesOfItem(atPath: setting.value)
        let mode = (attributes?[.posixPermissions] as? NSNumber)?.intValue ?? 0
        if !secrets.isEmpty, mode & 0o044 != 0 {
            let shown = setting.value.escapedForDisplay
            findings.append(
                Finding(
                    isError: false,
                    place: shown,
                    message: "the file holds a token and others may read it",
                    hint: "chmod 600 \(shown), or use local-token-file and remote-token-file"
                )
            )
        }
    }

    func text() -> String {
        let lines = findings.map { finding in
            let place = finding.place.map { $0 + ": " } ?? ""
            return
                "\(place)\(finding.isError ? "error" : "warning"): \(finding.message)\n    next step: \(finding.hint)"
        }
        guard isValid else { return lines.joined(separator: "\n") }
        let subject =
            path.map { "\($0.escapedForDisplay) is valid" }
            ?? "flags and variables are valid (no file was named)"
        return (lines + [subject]).joined(separator: "\n")
    }

    func json() throws -> String {
        try JSONLine.text(Document(file: path, isValid: isValid, findings: findings))
    }

    private struct Document: Encodable {
        let file: String?
        let isValid: Bool
        let findings: [Finding]
    }
}
