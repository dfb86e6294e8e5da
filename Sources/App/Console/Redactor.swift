import Mirror

/// Takes secrets out of text before it is printed, wherever they came from: a server may repeat a token in an error message.
struct Redactor: Sendable {
    private let secrets: [String]

    init(_ secrets: [Secret]) {
        // A very short secret would blot out innocent text; GitLab's tokens have 20 characters and more.
        // The longest first: what one secret begins with may be another.
        self.secrets = secrets.map { $0.reveal() }.filter { $0.count >= 8 }.sorted { $0.count > $1.count }
    }

    func redact(_ text: String) -> String {
        secrets.reduce(text) { $0.replacing($1, with: "***") }
    }
}
