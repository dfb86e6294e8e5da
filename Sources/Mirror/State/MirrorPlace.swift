import Foundation

/// Where the mirrors of one source server lie in the state directory.
///
/// A mirror is named by its project's number, never by its path: a number survives renames, and no name that a
/// server sends can lead out of the directory. The `description` file in each mirror says which project it is.
struct MirrorPlace: Sendable {
    private let folder: URL

    init(state: URL, server: URL) {
        let name = [
            server.host()?.lowercased(), server.port.map { "\($0)" },
            server.path().isEmpty ? nil : server.path(),
        ]
        .compactMap(\.self).joined(separator: "_")
        let safeName = String(
            name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) ? $0 : "_" }
        )
        // `.` and `..` are no folders of their own.
        let isFolder = !safeName.allSatisfy { $0 == "." }
        folder = state.appending(components: "mirrors", isFolder ? safeName : safeName + "_")
    }

    /// The bare repository of the project with the number `id`, or of its wiki.
    func path(ofProject id: Int, isWiki: Bool) -> String {
        folder.appending(component: isWiki ? "\(id).wiki.git" : "\(id).git").path(percentEncoded: false)
    }
}
