import Foundation

/// `git-lfs-authenticate <path> download|upload` over SSH.
struct LFSAuthentication {
    let core: LabCore
    private let path: String

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
    }

    /// The lines that the session script reads.
    var answer: [String] {
        guard let project = core.withState({ $0.world.project(path) ?? $0.world.projectMoved(from: path) })
        else {
            return ["refused", GitAccess.notFound]
        }
        let answer: JSON = [
            "header": ["Authorization": .string(core.lfsAuthorization)],
            "href": .string("\(core.url)/\(project.fullPath).git/info/lfs"), "expires_in": 7200,
        ]
        return ["lfs", answer.description]
    }
}
