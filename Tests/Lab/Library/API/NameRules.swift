/// GitLab's rules for names and paths on creation; what exists may break them.
enum NameRules {
    private static let reservedProjectPaths: Set = [
        "-", "badges", "blame", "blob", "builds", "commits", "create", "create_dir", "edit", "files",
        "find_file",
        "new", "preview", "raw", "refs", "tree", "update", "wikis",
    ]
    private static let reservedTopLevelPaths: Set = [
        "-", ".well-known", "admin", "api", "assets", "dashboard", "explore", "files", "groups",
        "health_check",
        "help", "import", "jwt", "login", "oauth", "profile", "projects", "public", "s", "search", "snippets",
        "unsubscribes", "uploads", "users", "v2",
    ]
    private static let pathText =
        "can contain only letters, digits, '_', '-' and '.'. Cannot start with '-', end in '.git' or end in '.atom'"
    private static let specialText =
        "must not start or end with a special character and must not contain consecutive special characters."

    /// What is wrong with the path of a new project.
    static func projectPathErrors(_ path: String) -> [String] {
        pathErrors(path, minimum: 1) + (reservedProjectPaths.contains(path) ? ["is a reserved name"] : [])
    }

    /// What is wrong with the path of a new group.
    static func groupPathErrors(_ path: String, isTopLevel: Bool) -> [String] {
        let reserved = isTopLevel ? reservedTopLevelPaths : ["-"]
        return pathErrors(path, minimum: 2) + (reserved.contains(path) ? ["is a reserved name"] : [])
    }

    /// What is wrong with the name of a new project.
    static func projectNameErrors(_ name: String) -> [String] {
        guard !name.isEmpty else { return ["can't be blank"] }
        var errors = name.count > 255 ? ["is too long (maximum is 255 characters)"] : []
        let isFirst = { (character: Character) in
            character.isLetter || character.isNumber || character == "_" || isSymbol(character)
        }
        let isOther = { (character: Character) in isFirst(character) || "-–—. +".contains(character) }
        if !isFirst(name[name.startIndex]) || !name.allSatisfy(isOther) {
            errors.append(
                "can contain only letters, digits, emojis, '_', '.', '+', dashes, or spaces. "
                    + "It must start with a letter, digit, emoji, or '_'."
            )
        }
        return errors
    }

    private static func pathErrors(_ path: String, minimum: Int) -> [String] {
        guard !path.isEmpty else { return ["can't be blank"] }
        var errors: [String] = []
        if path.count < minimum { errors.append("is too short (minimum is \(minimum) characters)") }
        if path.count > 255 { errors.append("is too long (maximum is 255 characters)") }
        let isWord = { (byte: UInt8) in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
        }
        let bytes = Array(path.utf8)
        let isAllowed = bytes.allSatisfy { isWord($0) || "_-.".utf8.contains($0) }
        if !isAllowed || path.hasPrefix("-") || path.hasSuffix(".git") || path.hasSuffix(".atom") {
            errors.append(pathText)
        }
        let isDoubled = zip(bytes, bytes.dropFirst()).contains { !isWord($0) && !isWord($1) }
        if isDoubled || !isWord(bytes[0]) || !isWord(bytes[bytes.count - 1]) { errors.append(specialText) }
        return errors
    }

    /// Emojis and other signs from `©` on, as GitLab's pattern has them.
    private static func isSymbol(_ character: Character) -> Bool {
        character.unicodeScalars.allSatisfy { (0xa9...0x1f9ff).contains($0.value) }
    }
}
