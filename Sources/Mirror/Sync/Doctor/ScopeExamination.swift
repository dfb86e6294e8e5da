/// Looks at what is to be copied.
struct ScopeExamination: Sendable {
    /// How much room the projects in scope take.
    struct Sizes: Sendable {
        var projects = 0
        /// How many of them the server told a size of.
        var known = 0
        /// Their sum, in bytes.
        var bytes = 0
    }

    /// What came of it.
    struct Result: Sendable {
        var findings: [DoctorFinding] = []
        var listing: SourceListing?
        var sizes = Sizes()
        /// A project whose repository can be read, by which the git host is known; nil where there is none.
        var project: GitLabProject?
        /// The names of hashes other than SHA-1 by which projects in scope name their objects, with their number.
        var objectFormats: [String: Int] = [:]
    }

    let client: GitLabClient
    let settings: SyncSettings

    func run() async throws -> Result {
        var result = Result()
        let listing: SourceListing
        do {
            // The target is not asked by this.
            listing = try await Discovery(source: client, target: client, settings: settings).sourceListing()
        } catch let error where !(error is CancellationError) {
            result.findings = [.error(.source, "source-groups", describing: error)]
            return result
        }
        result.listing = listing
        result.findings = listing.failures.map { failure in
            .error(.source, "source-groups", failure.message, fix: failure.hint)
        }
        result.findings.append(summary(of: listing))
        result.findings.append(mapping(of: listing))
        let projects = listing.projects.map(\.project)
        result.project = projects.first(where: \.hasRepositoryFeature) ?? projects.first
        result.sizes = try await sizes(of: projects)
        for format in projects.compactMap(\.objectFormat) where format != "sha1" {
            result.objectFormats[format.escapedForDisplay, default: 0] += 1
        }
        return result
    }

    private func summary(of listing: SourceListing) -> DoctorFinding {
        let text = "\(listing.projects.count) projects in \(listing.groups.count) groups are in scope"
        guard listing.projects.isEmpty else { return .ok(.source, "source-projects", text) }
        return .warning(
            .source,
            "source-projects",
            "no project is in scope",
            fix: "check --local-group and the filters, and that the token's user is a member of the groups"
        )
    }

    private func mapping(of listing: SourceListing) -> DoctorFinding {
        do {
            _ = try Plan.make(source: listing, target: TargetListing(), parentGroup: settings.parentGroup)
            return .ok(.source, "mapping", "every project has a place of its own on the target")
        } catch {
            return .error(.source, "mapping", describing: error)
        }
    }

    private func sizes(of projects: [GitLabProject]) async throws -> Sizes {
        var known: [Int: Int] = [:]
        do {
            for size in try await client.projectSizes() { known[size.id] = size.bytes }
        } catch let error where !(error is CancellationError) {
            // Only members are told; without the sizes there is less to say of the disk.
        }
        let told = projects.compactMap { known[$0.id] }
        return Sizes(projects: projects.count, known: told.count, bytes: told.reduce(0, +))
    }
}
