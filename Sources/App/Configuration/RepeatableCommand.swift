/// The command line of a run, as a message shows it to those who are to repeat it.
enum RepeatableCommand {
    private static let secret = ["--local-token", "--remote-token", "--notify-webhook", "--ping-url"]

    /// Says `gitlab-sync sync` with `arguments`, ready for a shell; tokens and receivers are masked and approvals left out.
    static func text(_ arguments: some Collection<String>) -> String {
        var words = ["gitlab-sync", "sync"]
        var rest = Array(arguments)[...]
        if rest.first == "sync" { rest = rest.dropFirst() }
        while let argument = rest.popFirst() {
            let name = String(argument.prefix { $0 != "=" })
            let hasValue = name != argument
            switch name {
            case "--approve":
                if !hasValue { rest = rest.dropFirst() }
            case _ where secret.contains(name):
                words += [name, "***"]
                if !hasValue { rest = rest.dropFirst() }
            default: words.append(quoted(argument))
            }
        }
        return words.joined(separator: " ")
    }

    private static func quoted(_ word: String) -> String {
        let isPlain = word.wholeMatch(of: /[A-Za-z0-9_.\/:=,@%+-]+/) != nil
        return isPlain ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
