import Foundation

/// Looks at the state directory, and leaves it as it is.
struct StateExamination {
    /// With less than this, nothing can be mirrored for long, in bytes.
    private static let leastRoom = 1 << 28

    private let settings: SyncSettings
    private let fileSystem: FileSystemProbe
    private let projects: ScopeExamination.Sizes

    init(_ doctor: Doctor, projects: ScopeExamination.Sizes) {
        settings = doctor.settings
        fileSystem = doctor.fileSystem
        self.projects = projects
    }

    private var folder: URL { settings.stateDirectory }
    private var name: String { folder.path(percentEncoded: false).escapedForDisplay }

    /// - Throws: `CancellationError`.
    func run() throws -> [DoctorFinding] {
        // What is not there yet will be made in the nearest folder that is.
        let wanted = folder.standardizedFileURL.pathComponents
        var length = wanted.count
        while length > 1, access(Self.path(wanted.prefix(length)), F_OK) != 0 { length -= 1 }
        let isThere = length == wanted.count
        let place = URL(filePath: Self.path(wanted.prefix(length)), directoryHint: .isDirectory)
        do {
            let isCaseSensitive = try fileSystem.isCaseSensitive(place)
            return [
                .ok(
                    .state,
                    "state-directory",
                    isThere ? "\(name) can be written" : "\(name) is not there yet, and can be made"
                ),
                caseSensitivity(isCaseSensitive), room(in: place),
            ] + (isThere ? [lock, database] : [])
        } catch {
            let reason = (error as? POSIXError).map { String(cString: strerror($0.code.rawValue)) }
            return [
                .error(
                    .state,
                    "state-directory",
                    "\(name) cannot be written by user \(geteuid()): \(reason ?? "\(error.localizedDescription)")",
                    fix: "give user \(geteuid()) the right to write there, or give --state-dir another folder"
                )
            ]
        }
    }

    private func caseSensitivity(_ isCaseSensitive: Bool) -> DoctorFinding {
        guard !isCaseSensitive else {
            return .ok(.state, "case-sensitivity", "the file system tells upper case from lower case")
        }
        return .warning(
            .state,
            "case-sensitivity",
            "to the file system of \(name), upper case and lower case are the same: branches such as Fix and fix would meet",
            fix: "give --state-dir a folder on a file system that tells them apart, such as ext4 or xfs"
        )
    }

    private func room(in place: URL) -> DoctorFinding {
        guard let free = fileSystem.freeBytes(place) else {
            return .warning(
                .state,
                "disk-space",
                "the system does not tell how much room there is",
                fix: "see that the mirrors of all projects fit"
            )
        }
        let mirrors = MirrorPlace(state: folder, server: settings.source.url).all.reduce(0) { $0 + $1.size }
        let needed = max(0, projects.bytes - mirrors)
        let told =
            projects.known == 0
            ? "the source tells no sizes"
            : "the source counts \(Self.text(projects.bytes)) in \(projects.known) of \(projects.projects) projects"
        let text = "\(Self.text(free)) are free, mirrors hold \(Self.text(mirrors)), \(told)"
        guard free >= max(needed, Self.leastRoom) else {
            return .warning(
                .state,
                "disk-space",
                text,
                fix:
                    "make room for \(Self.text(max(needed, Self.leastRoom))), or give --state-dir another folder"
            )
        }
        return .ok(.state, "disk-space", text)
    }

    private var lock: DoctorFinding {
        guard let holder = RunLock.holder(in: folder) else {
            return .ok(.state, "state-lock", "no run is under way")
        }
        return .warning(
            .state,
            "state-lock",
            "a run is under way (\(holder)); another one would end with exit code 75",
            fix: "nothing, unless that process should not be there"
        )
    }

    private var database: DoctorFinding {
        switch StateDatabase.condition(in: folder) {
        case .absent: return .ok(.state, "state-database", "there is no database yet: the first run makes it")
        case .good: return .ok(.state, "state-database", "the database can be read")
        case .bad(let reason):
            return .warning(
                .state,
                "state-database",
                "the database cannot be read: \(reason.escapedForDisplay)",
                fix:
                    "check the rights of its file; if it is damaged, the next run sets it aside and begins a new one"
            )
        }
    }

    /// Without a slash at its end, with which a file would not be there.
    private static func path(_ components: some Sequence<String>) -> String {
        NSString.path(withComponents: Array(components))
    }

    private static func text(_ bytes: Int) -> String {
        Int64(bytes).formatted(.byteCount(style: .decimal, spellsOutZero: false))
    }
}
