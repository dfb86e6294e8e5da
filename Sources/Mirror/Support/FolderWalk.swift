import Foundation

/// What lies in a folder and below it, without following symbolic links; the folder itself is none either.
enum FolderWalk {
    /// The paths of everything below `folder` that is a file, relative to it.
    ///
    /// Names that are no UTF-8 are left out, and so is what cannot be opened.
    static func files(below folder: String) -> [String] {
        var files: [String] = []
        visit(folder, prefix: "") { files.append($0) }
        return files
    }

    /// The names of the files in `folder` itself.
    static func files(in folder: String) -> [String] {
        var files: [String] = []
        list(folder) { name, type in if type == DT_REG { files.append(name) } }
        return files
    }

    private static func visit(_ folder: String, prefix: String, _ body: (String) -> Void) {
        var folders: [String] = []
        list(folder) { name, type in
            if type == DT_DIR { folders.append(name) }
            if type == DT_REG { body(prefix + name) }
        }
        for name in folders { visit("\(folder)/\(name)", prefix: "\(prefix)\(name)/", body) }
    }

    private static func list(_ folder: String, _ body: (String, Int) -> Void) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return }
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard let name, name != ".", name != ".." else { continue }
            body(name, type(of: "\(folder)/\(name)", said: Int(entry.pointee.d_type)))
        }
    }

    /// The type of an entry, asked for where the file system does not tell it in the listing.
    private static func type(of path: String, said: Int) -> Int {
        guard said == DT_UNKNOWN else { return said }
        var status = stat()
        guard lstat(path, &status) == 0 else { return said }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: return Int(DT_DIR)
        case S_IFREG: return Int(DT_REG)
        default: return said
        }
    }
}
