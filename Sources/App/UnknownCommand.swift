import ArgumentParser
import Mirror

/// A word where a subcommand belongs and that is none.
///
/// No command takes words of another kind in that place, and the parser would only call it unexpected.
struct UnknownCommand {
    let message: String
    let hint: String

    /// Looks for one; nil if there is none.
    ///
    /// - Parameters:
    ///   - arguments: What follows the command's own name.
    ///   - command: The command that they are for.
    ///   - path: Its full name, as people type it.
    init?(
        _ arguments: some Collection<String>,
        of command: any ParsableCommand.Type,
        path: String = "gitlab-sync"
    ) {
        let subcommands = command.configuration.subcommands
        guard let word = arguments.first, !word.hasPrefix("-"), word != "help", !subcommands.isEmpty else {
            return nil
        }
        let known = subcommands.map { (name: Self.name(of: $0), type: $0) }
        if let match = known.first(where: { $0.name == word }) {
            self.init(arguments.dropFirst(), of: match.type, path: "\(path) \(word)")
            return
        }
        let names = known.map(\.name)
        let nearest = names.min { editDistance($0, word) < editDistance($1, word) } ?? ""
        self.init(
            message: "'\(path)' has no subcommand '\(word.escapedForDisplay)'",
            hint: "did you mean '\(path) \(nearest)'? Known are \(names.joined(separator: ", "))"
        )
    }

    private init(message: String, hint: String) {
        self.message = message
        self.hint = hint
    }

    /// As the parser names it: by itself, or by its type.
    static func name(of command: any ParsableCommand.Type) -> String {
        command.configuration.commandName ?? "\(command)".lowercased()
    }
}
