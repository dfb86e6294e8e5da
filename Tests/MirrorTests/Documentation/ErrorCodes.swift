import Foundation

/// The codes that the sources can print, as they stand there.
struct ErrorCodes {
    /// What results and reports name: failures, notes, and what waits for a word.
    private(set) var failures: Set<String> = []
    /// What doctor warns of.
    private(set) var findings: Set<String> = []
    /// What only the log has, as a warning or an error.
    private(set) var logs: Set<String> = []
    /// What follows a `code:` that is neither a text nor one of the ways in which a code of a list is passed on.
    private(set) var unreadable: [String] = []

    /// The kinds of error whose codes are a list of their own.
    private static let lists = [
        "Sync/Guards/GuardFinding.swift", "GitError.swift", "GitLabError.swift", "ConnectionError.swift",
        "LFSError.swift",
    ]

    /// How a code of a list, of another failure, or of what is on record is passed on.
    private static let passedOn: Set = [
        "Code", "ConnectionError.Code", "GitError.Code", "GitLabError.Code", "LFSError.Code", "SSHError.Code",
        "GitError.Code.unsupportedObjectFormat.rawValue", "GitLabError.Code.listingIncomplete.rawValue",
        "GitLabError.Code.stillBeingDeleted.rawValue", "Self.stoppedCode", "Self.targetReadOnly",
        "branchName",
        "generalCode", "protectedBranch", "cause.code", "refusal.code", "report.failure", "outcome.code",
        "failure.code",
        "error.code.rawValue",
        "finding.code", "finding.kind.rawValue", "kind.rawValue", "code", "result", "row",
        // Types and numbers, of the system and of what is carried on.
        "String", "Int", "Int32", "errno",
    ]

    init() throws {
        for path in try ProjectFiles.swiftSourcePaths() {
            let text = try ProjectFiles.text(of: path)
            read(text, path)
        }
    }

    private mutating func read(_ text: String, _ path: String) {
        failures.formUnion(text.matches(of: /\bcode:\s*"([^"]*)"/).map { String($0.1) })
        for match in text.matches(of: /\bcode: *([A-Za-z][A-Za-z.]*)/)
        where !Self.passedOn.contains(String(match.1)) {
            unreadable.append("\(path): \(match.1)")
        }
        if Self.lists.contains(where: path.hasSuffix) {
            failures.formUnion(text.matches(of: /(?:rawValue: |case \w+ = )"([^"]*)"/).map { String($0.1) })
        }
        // Codes that have a name because several refusals share them, and GitLab's words beside their codes.
        if path.hasSuffix("Push/PushRefusal.swift") || path.hasSuffix("Sync/SyncFailure.swift") {
            failures.formUnion(text.matches(of: /static let \w+ = "([a-z0-9-]+)"/).map { String($0.1) })
            failures.formUnion(text.matches(of: /\(\s*"[^"]*",\s*"([a-z0-9-]+)",/).map { String($0.1) })
        }
        if path.contains("/Doctor/") {
            findings.formUnion(
                text.matches(of: /\.(?:warning|error)\(\s*[\w.]+,\s*"([^"]*)"/).map { String($0.1) }
            )
        }
        logs.formUnion(
            text.matches(of: /LogLine\(\s*[^,"]*\.(?:warning|error),\s*"([^"]*)"/).map { String($0.1) }
        )
        logs.formUnion(
            text.matches(of: /Logger\.current\.(?:warning|error|critical)\(\s*"([^"]*)"/).map {
                Self.code(ofMessage: String($0.1))
            }
        )
    }

    /// As the log makes a code of a static message.
    private static func code(ofMessage message: String) -> String {
        message.lowercased().split { !$0.isASCII || !($0.isLetter || $0.isNumber) }.joined(separator: "-")
    }
}
