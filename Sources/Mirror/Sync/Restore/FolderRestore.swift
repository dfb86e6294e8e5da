import Foundation

/// Brings projects back into a folder, as bare repositories or as git bundles.
struct FolderRestore: RestorePlace {
    let folder: URL
    let format: RestoreFormat
    let reading: RestoreReading

    func run(_ planned: RestorePlan.Project) async -> [ProjectReport] {
        await reports(planned) { source, path in
            var outcome =
                switch format {
                case .repositories: try await restore(source, toRepositoryAt: path)
                case .bundles: try await restore(source, toBundleAt: path)
                }
            outcome.take(try await reading.lfs(of: source)?.write(into: lfsFolder(besides: path)))
            return outcome
        }
    }

    /// Where the LFS objects of the repository or bundle at `path` go.
    private func lfsFolder(besides path: String) -> URL {
        let url = URL(filePath: path, directoryHint: .isDirectory)
        switch format {
        case .repositories: return url.appending(component: "lfs")
        case .bundles: return url.deletingPathExtension().appendingPathExtension("lfs")
        }
    }

    func preview(_ planned: RestorePlan.Project) async -> [ProjectReport] {
        await reports(planned) { source, path in
            let changes: [RefChange]
            switch format {
            case .repositories:
                changes = try RepositoryRestore.changes(
                    of: source.state,
                    over: try listing(ofRepositoryAt: path)
                )
            case .bundles:
                let isThere = try isBundle(of: source.state, at: path)
                changes = isThere ? [] : RefChange.changes(from: [:], to: source.state.refs)
            }
            return .preview(
                changes,
                try await reading.lfs(of: source)?.preview(into: lfsFolder(besides: path))
            )
        }
    }

    func end() {}

    private func reports(
        _ planned: RestorePlan.Project,
        _ work: (RestoreReading.Source, String) async throws -> RepositorySync.Outcome
    ) async -> [ProjectReport] {
        var reports: [ProjectReport] = []
        for kind in reading.kinds(of: planned.source) where !Task.isCancelled {
            let path = path(of: planned.targetPath, kind)
            var report = await reading.report(planned, kind) { try await work($0, path) }
            report.target = path
            reports.append(report)
        }
        return reports
    }

    private func path(of project: String, _ kind: RepositoryRole) -> String {
        let name = project + (kind == .wiki ? ".wiki" : "") + (format == .bundles ? ".bundle" : ".git")
        return folder.appending(path: name).path(percentEncoded: false)
    }

    private func restore(
        _ source: RestoreReading.Source,
        toRepositoryAt path: String
    ) async throws -> RepositorySync.Outcome {
        let state = source.state
        let changes = try RepositoryRestore.changes(of: state, over: try listing(ofRepositoryAt: path))
        if changes.isEmpty { return RepositorySync.Outcome(status: .unchanged) }
        let repository = try await Repository.open(bareAt: path)
        try await source.mirror.copyObjects(of: Set(state.refs.values), intoRepositoryAt: path)
        try await repository.apply(changes)
        if let head = state.head { try await repository.setHead(to: head) }
        var outcome = RepositorySync.Outcome(status: .synced)
        outcome.refs.created = changes.count
        return outcome
    }

    /// The refs of what is at the place.
    ///
    /// - Throws: ``SyncFailure`` `path-taken` if that is no bare repository.
    private func listing(ofRepositoryAt path: String) throws -> RefListing {
        guard FileManager.default.fileExists(atPath: path) else { return RefListing() }
        let files = RefFiles(repository: path + "/")
        guard FileManager.default.fileExists(atPath: path + "/objects"),
            FileManager.default.fileExists(atPath: path + "/HEAD")
        else { throw taken(path) }
        return RefListing(refs: try files.all(), head: files.head)
    }

    private func restore(
        _ source: RestoreReading.Source,
        toBundleAt path: String
    ) async throws -> RepositorySync.Outcome {
        let state = source.state
        if try isBundle(of: state, at: path) { return RepositorySync.Outcome(status: .unchanged) }
        try FileManager.default.createDirectory(
            at: URL(filePath: path).deletingLastPathComponent(),
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        try await source.mirror.writeBundle(BundleHeader(refs: state.refs, head: state.head), to: path)
        var outcome = RepositorySync.Outcome(status: .synced)
        outcome.refs.created = state.refs.count
        return outcome
    }

    /// Whether the bundle is there already.
    ///
    /// - Throws: ``SyncFailure`` `path-taken` if something else is.
    private func isBundle(of state: RestoreState, at path: String) throws -> Bool {
        guard FileManager.default.fileExists(atPath: path) else { return false }
        guard BundleHeader(bundleAt: path) == BundleHeader(refs: state.refs, head: state.head) else {
            throw taken(path)
        }
        return true
    }

    private func taken(_ path: String) -> SyncFailure {
        SyncFailure(
            code: "path-taken",
            message: "'\(path.escapedForDisplay)' is something else, which is never overwritten",
            hint: "move it away, or restore into another folder"
        )
    }
}
