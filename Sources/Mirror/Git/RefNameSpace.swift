/// The names of refs as files and folders, of which none can be both.
struct RefNameSpace {
    private var names: Set<String> = []
    private var folders: Set<String> = []

    init(_ names: some Sequence<RefName>) {
        for name in names {
            self.names.insert(name.rawValue)
            for folder in Self.folders(of: name) where !folders.insert(folder).inserted { break }
        }
    }

    /// Whether a ref cannot exist together with one of these, as one is a folder of the other (`a` and `a/b`).
    func collides(with name: RefName) -> Bool {
        folders.contains(name.rawValue) || Self.folders(of: name).contains(where: names.contains)
    }

    /// The folders that a name lies in, the innermost first.
    private static func folders(of name: RefName) -> some Sequence<String> {
        sequence(state: name.rawValue[...]) { rest in
            guard let slash = rest.lastIndex(of: "/") else { return nil }
            rest = rest[..<slash]
            return String(rest)
        }
    }
}
