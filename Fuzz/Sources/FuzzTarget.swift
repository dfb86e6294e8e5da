/// What can be fuzzed: one for each parser of bytes that others wrote.
enum FuzzTarget: String, CaseIterable {
    case refs
    case pushReport = "push-report"
    case serverText = "server-text"
    case knownHosts = "known-hosts"
    case sshConfig = "ssh-config"
    case sshURL = "ssh-url"
    case keyFile = "key-file"
    case packEntry = "pack-entry"
    case object
    case api

    /// The one that this process fuzzes; set once, before libFuzzer starts.
    nonisolated(unsafe) static var chosen = FuzzTarget.refs

    /// Parses `bytes`, and traps if the result is not what it must be.
    func run(_ bytes: [UInt8]) {
        switch self {
        case .refs: GitProtocolFuzzing.refs(bytes)
        case .pushReport: GitProtocolFuzzing.pushReport(bytes)
        case .serverText: GitProtocolFuzzing.serverText(bytes)
        case .knownHosts: SSHFuzzing.knownHosts(bytes)
        case .sshConfig: SSHFuzzing.sshConfig(bytes)
        case .sshURL: SSHFuzzing.sshURL(bytes)
        case .keyFile: SSHFuzzing.keyFile(bytes)
        case .packEntry: PackFuzzing.entry(bytes)
        case .object: PackFuzzing.object(bytes)
        case .api: APIFuzzing.answer(bytes)
        }
    }
}

/// What must hold, also in a release build.
func require(_ condition: Bool, _ words: @autoclosure () -> String) {
    guard condition else { fatalError(words()) }
}
