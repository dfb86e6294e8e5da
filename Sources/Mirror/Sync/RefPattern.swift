/// A pattern for refs that are mirrored besides branches and tags, such as `refs/notes/*`.
public struct RefPattern: Hashable, Sendable {
    /// Why a pattern cannot be used.
    public struct Unusable: Error, Hashable, Sendable {
        /// The reason, in a few words.
        public let reason: String
    }

    private let glob: Glob

    /// Reads a pattern.
    ///
    /// - Throws: ``Unusable`` if it names no refs, or could match some that no mirror carries.
    public init(_ text: String) throws(Unusable) {
        guard text.hasPrefix("refs/"), text.count > "refs/".count, !text.hasSuffix("/") else {
            throw Unusable(reason: "a pattern for refs begins with refs/, as refs/notes/*")
        }
        let kinds = [
            ("refs/heads/", "branches are chosen by --allow-branches and --ignore-branches"),
            ("refs/tags/", "tags are mirrored in any case"),
        ]
        let beginning = text.prefix { $0 != "*" && $0 != "?" }
        for (prefix, reason) in kinds + RefName.reservedNamespaces {
            let isPattern = beginning.count < text.count
            guard beginning.hasPrefix(prefix) || isPattern && prefix.hasPrefix(beginning) else { continue }
            throw Unusable(reason: "it covers \(prefix)*, and \(reason)")
        }
        glob = Glob(text)
    }

    /// Whether the ref fits the pattern.
    func matches(_ ref: RefName) -> Bool { ref.mayBeMirrored && glob.matches(ref.rawValue) }
}
