/// How long a server wants to be left alone, by the header `Retry-After` of its answer.
///
/// GitLab sends seconds. A date, which HTTP allows too, or a number below zero is no wish.
enum RetryAfter {
    static let name = "Retry-After"

    static func pause(_ value: String?) -> Duration? {
        guard let seconds = value.flatMap({ Int($0) }), seconds >= 0 else { return nil }
        return .seconds(seconds)
    }
}
