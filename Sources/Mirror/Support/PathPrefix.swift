/// A group's path, which covers itself and everything below it.
///
/// GitLab's paths are the same in any case.
struct PathPrefix: Hashable, Sendable {
    private let components: [String]

    init(_ path: String) {
        components = path.lowercased().split(separator: "/").map(String.init)
    }

    /// Whether `path` is the prefix itself or lies below it, by whole components.
    func covers(_ path: String) -> Bool {
        let path = path.lowercased().split(separator: "/").map(String.init)
        return path.starts(with: components)
    }
}
