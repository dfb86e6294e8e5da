/// What a token of `git-lfs-authenticate` is for.
public enum LFSOperation: String, Sendable, CaseIterable {
    /// Reading LFS objects.
    case download
    /// Writing LFS objects.
    case upload
}

extension SSHURL {
    /// The command line that starts `service` on this repository, as every git client sends it.
    public func gitCommand(_ service: GitService) -> String {
        "\(service.rawValue) \(Self.quoted(path))"
    }

    /// The command line that asks GitLab for the address and a token of this repository's LFS store.
    public func lfsAuthenticateCommand(_ operation: LFSOperation) -> String {
        "git-lfs-authenticate \(Self.quoted(path)) \(operation.rawValue)"
    }

    /// Quotes for a POSIX shell as git does (`sq_quote_buf` in git's quote.c).
    static func quoted(_ text: String) -> String {
        var result = "'"
        for character in text {
            result += character == "'" || character == "!" ? "'\\\(character)'" : String(character)
        }
        return result + "'"
    }
}
