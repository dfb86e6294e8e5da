import Foundation

/// `git-lfs-authenticate <path> download|upload` over SSH.
struct LFSAuthentication {
    /// One call of it.
    struct Entry: Sendable {
        let project: String
        let operation: String
    }

    /// What goes wrong with all calls.
    enum Fault: Sendable {
        /// No word and success, as when no token can be made.
        case silence
        /// A refusal in GitLab's box.
        case refusal(String)
    }

    let core: LabCore
    private let path: String
    private let operation: String

    /// Nothing if the command is another one.
    init?(core: LabCore, command: String) {
        let words = GitAccess.Command.words(command)
        guard words.count == 3, words[0] == "git-lfs-authenticate", ["download", "upload"].contains(words[2])
        else {
            return nil
        }
        self.core = core
        let path = words[1].drop { $0 == "/" }
        self.path = String(path.hasSuffix(".git") ? path.dropLast(4) : path)
        operation = words[2]
    }

    /// The lines that the session script reads.
    var answer: [String] {
        let (found, fault) = core.withState { state in
            (state.world.project(path) ?? state.world.projectMoved(from: path), state.lfsAuthenticationFault)
        }
        guard let project = found else { return ["refused", GitAccess.notFound] }
        core.withState {
            $0.lfsAuthentications.append(Entry(project: project.fullPath, operation: operation))
        }
        switch fault {
        case .silence?: return ["lfs"]
        case .refusal(let text)?: return ["refused", text]
        case nil: break
        }
        let answer: JSON = [
            "header": ["Authorization": .string(core.makeLFSAuthorization())],
            "href": .string("\(core.url)/\(project.fullPath).git/info/lfs"),
            "expires_in": .integer(core.options.lfsAccessLifetime),
        ]
        return ["lfs", answer.description]
    }
}
