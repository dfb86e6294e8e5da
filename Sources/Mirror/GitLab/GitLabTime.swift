import Foundation

/// Points in time as GitLab writes them: ISO 8601, with or without a fraction of a second, in any zone.
enum GitLabTime {
    /// The time that `text` names, or nil if it names none.
    static func date(_ text: String) -> Date? {
        let plain = Date.ISO8601FormatStyle(includingFractionalSeconds: false)
        let fractional = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        return (try? fractional.parse(text)) ?? (try? plain.parse(text))
    }
}
