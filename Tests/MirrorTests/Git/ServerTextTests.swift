import Testing

@testable import Mirror

struct ServerTextTests {
    private static let bar = String(repeating: "=", count: 72)

    @Test(arguments: [
        (
            "remote: \nremote: \(bar)\nremote: \nremote: The project you were looking for could not be found or you don't have permission"
                + " to view it.\nremote: \nremote: \(bar)\nremote: \n",
            "The project you were looking for could not be found or you don't have permission to view it."
        ),
        (
            "remote: \nremote: \(bar)\nremote: \nremote: ERROR: The project you were looking for could not be found.\n\nremote: \n"
                + "remote: \(bar)\nremote: \n",
            "The project you were looking for could not be found."
        ),
        (
            "GitLab: You are not allowed to force push code to a protected branch on this project.        \n",
            "You are not allowed to force push code to a protected branch on this project."
        ),
        ("remote: GitLab: no        \r\nremote: GitLab: never\n", "no never"),
        ("ERROR: Unknown command: x", "Unknown command: x"), ("", ""), ("\n \n==\n", ""),
        ("a = b == c", "a = b == c"),
        ("\u{1B}]0;title\u{7}words\u{202E}\t", "\\u{1B}]0;title\\u{7}words\\u{202E}"),
        (
            "remote: \nremote: To configure the remote, run:\nremote:   git remote add origin git@host:g/new.git\n",
            "To configure the remote, run: git remote add origin git@host:g/new.git"
        ),
    ])
    func boxesAndPrefixesAreTakenOff(text: String, words: String) {
        #expect(ServerText.cleaned(text) == words)
    }

    @Test func longTextsAreCut() {
        let text = ServerText.cleaned(String(repeating: "x", count: 10_000))
        #expect(text.count == 501)
        #expect(text.hasSuffix("…"))
    }
}
