extension Collection {
    /// The first elements in words for people, and how many more there are.
    ///
    /// - Parameters:
    ///   - most: How many are named.
    ///   - separator: What stands between two.
    ///   - word: Names one; it escapes what came from a server.
    /// - Returns: For example `a, b and 3 more`.
    func listed(upTo most: Int, separator: String = ", ", _ word: (Element) -> String) -> String {
        let named = prefix(most).map(word).joined(separator: separator)
        return count > most ? "\(named) and \(count - most) more" : named
    }
}
