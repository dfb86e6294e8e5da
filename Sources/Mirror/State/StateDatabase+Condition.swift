import Foundation

extension StateDatabase {
    /// How the database of a state directory stands.
    enum Condition: Hashable, Sendable {
        case absent
        case good
        /// It is damaged, or may not be read, for the reason given.
        case bad(String)
    }

    /// Looks at a copy of the database, as opening the database itself may change it.
    static func condition(in directory: URL) -> Condition {
        let folder = FileManager.default.temporaryDirectory
            .appending(component: "gitlab-sync-doctor-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        do {
            return try snapshot(of: directory, in: folder) == nil ? .absent : .good
        } catch {
            return .bad("\(error)")
        }
    }
}
