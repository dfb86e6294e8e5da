import Foundation

/// Where the passphrase of encrypted keys comes from.
public enum SSHPassphrase: Hashable, Sendable {
    /// There is none: encrypted keys are for the ssh-agent.
    case none
    /// The passphrase itself.
    case value(Secret)
    /// An environment variable of this name.
    case variable(String)
    /// The first line of this file.
    case file(String)

    /// Gets the passphrase.
    ///
    /// - Returns: `nil` if there is none.
    /// - Throws: `SSHError` with ``SSHError/Code/keyEncrypted`` if the place that was named holds none.
    func resolve(environment: [String: String] = ProcessInfo.processInfo.environment) throws(SSHError)
        -> Secret?
    {
        switch self {
        case .none:
            return nil
        case .value(let secret):
            return secret
        case .variable(let name):
            guard let value = environment[name], !value.isEmpty else {
                throw SSHError(
                    .keyEncrypted,
                    "the variable \(name) for the passphrase of SSH keys is not set"
                )
            }
            return Secret(value)
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                throw SSHError(
                    .keyEncrypted,
                    "the passphrase file \(EscapedText.quoted(path)) cannot be read"
                )
            }
            let line = data.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
            guard !line.isEmpty else {
                throw SSHError(.keyEncrypted, "the passphrase file \(EscapedText.quoted(path)) is empty")
            }
            return Secret(String(decoding: line, as: UTF8.self))
        }
    }
}
