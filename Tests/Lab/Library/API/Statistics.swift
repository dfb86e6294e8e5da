import Foundation

/// How much room a project takes, as GitLab counts it now and then.
enum Statistics {
    static func entity(_ project: LabProject, _ core: LabCore) -> JSON {
        let repository = size(of: core.repositories.location(project.id, wiki: false))
        let wiki = size(of: core.repositories.location(project.id, wiki: true))
        return [
            "commit_count": 0, "storage_size": .integer(repository + wiki),
            "repository_size": .integer(repository),
            "wiki_size": .integer(wiki),
            "lfs_objects_size": .integer(core.lfs.objects(of: project.id).values.reduce(0, +)),
            "job_artifacts_size": 0,
            "pipeline_artifacts_size": 0, "packages_size": 0, "snippets_size": 0, "uploads_size": 0,
            "container_registry_size": 0,
        ]
    }

    private static func size(of folder: URL) -> Int {
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.fileSizeKey])
        return (files?.compactMap { ($0 as? URL) } ?? []).reduce(0) { sum, file in
            sum + ((try? file.resourceValues(forKeys: [.fileSizeKey]))?.fileSize ?? 0)
        }
    }
}
