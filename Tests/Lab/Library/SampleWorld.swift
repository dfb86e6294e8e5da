import Foundation

/// A small world with what mirrors stumble over, for tests and for trying the product.
public struct SampleWorld: Sendable {
    /// The top groups.
    public let groups = ["acme", "globex"]
    /// The projects below the top groups that a mirror has to copy, as full paths.
    public let projects = [
        "acme/website", "acme/backend/api", "acme/backend/services/billing", "acme/backend/services/mailer",
        "acme/handbook", "acme/legacy", "acme/brand-new", "globex/shared-tools",
    ]
    /// Those among them that have no commit.
    public let emptyProjects = ["acme/brand-new"]
    /// Those among them that are archived.
    public let archivedProjects = ["acme/legacy"]
    /// Those among them whose wiki has pages.
    public let wikis = ["acme/handbook", "acme/backend/api"]
    /// The project of another group that is shared into `acme`.
    public let sharedProject = "globex/shared-tools"
    /// The project that waits to be deleted, under its new path.
    public let pendingDeletion: String
    /// The group without projects.
    public let emptyGroup = "acme/empty-group"

    /// Builds the world on a server that is empty.
    ///
    /// - Parameter server: The source.
    /// - Returns: What is where.
    /// - Throws: ``LabError`` if git fails.
    public static func build(on server: LabServer) async throws -> SampleWorld {
        server.createGroup("acme", name: "ACME Corporation", visibility: .internal)
        server.createGroup("acme/backend", name: "Backend")
        server.createGroup("acme/backend/services", name: "Services")
        server.createGroup("acme/empty-group", name: "Empty group")
        server.createGroup("globex", name: "Globex")
        try await website(server)
        try await api(server)
        try await services(server)
        try await handbook(server)
        try await legacy(server)
        try server.createProject("acme/brand-new", options: ProjectOptions { $0.name = "Brand new" })
        try server.createProject("globex/shared-tools", options: ProjectOptions { $0.sharedWith = ["acme"] })
        try await server.commit(
            to: "globex/shared-tools",
            files: ["tool.sh": "#!/bin/sh\n"],
            message: "A tool"
        )
        try server.createProject("acme/doomed")
        try await server.commit(to: "acme/doomed", files: ["README.md": "Soon gone\n"], message: "Start")
        return SampleWorld(pendingDeletion: try server.markProjectForDeletion("acme/doomed").fullPath)
    }

    /// Many branches, every kind of tag, and the refs that GitLab keeps for itself.
    private static func website(_ server: LabServer) async throws {
        let project = "acme/website"
        let options = ProjectOptions {
            $0.name = "Website"
            $0.description = "What the world sees"
            $0.visibility = .internal
        }
        try server.createProject(project, options: options)
        let first = try await server.commit(
            to: project,
            files: ["index.html": "<h1>Hi</h1>\n"],
            message: "Start"
        )
        for number in 1...3 {
            let files = ["pages/\(number).html": "<p>\(number)</p>\n"]
            try await server.commit(to: project, files: files, message: "Add page \(number)")
        }
        let branches = ["feature/ünïcode", "fix#1", "release/1.0", "team/a/deep/nesting"]
        for branch in branches {
            let files = ["\(branch).txt": "\(branch)\n"]
            try await server.commit(
                to: project,
                branch: branch,
                files: files,
                message: "Work on \(branch)",
                parent: .commit(first)
            )
        }
        try await server.createTag("v0.1", of: project, at: first)
        try await server.createTag("v1.0", of: project, message: "The first release")
        try await server.createTag("v1.0-signed-off", of: project, at: "v1.0", message: "A tag of a tag")
        try await server.createTag("tree-only", of: project, at: "HEAD^{tree}")
        let blob = try await server.writeBlob("-----BEGIN PGP PUBLIC KEY BLOCK-----\n", in: project)
        try await server.createTag("maintainer-key", of: project, at: blob, message: "A key")
        let ownRefs = [
            "refs/merge-requests/1/head", "refs/pipelines/1", "refs/keep-around/\(first)",
            "refs/notes/commits",
        ]
        for ref in ownRefs { try await server.setRef(ref, to: first, in: project) }
        try server.protectBranch("release/*", of: project)
    }

    private static func api(_ server: LabServer) async throws {
        let project = "acme/backend/api"
        try server.createProject(project, options: ProjectOptions { $0.name = "API" })
        try await server.commit(
            to: project,
            branch: "develop",
            files: ["main.go": "package main\n"],
            message: "Start"
        )
        try await server.commit(to: project, branch: "main", files: ["README.md": "Old\n"], message: "Import")
        try await server.setDefaultBranch("develop", of: project)
        try await server.editWiki(of: project, pages: ["home": "# The API\n"], branch: "master")
    }

    private static func services(_ server: LabServer) async throws {
        let billing = "acme/backend/services/billing"
        try server.createProject(billing)
        for number in 1...5 {
            try await server.commit(
                to: billing,
                files: ["ledger.txt": "\(number)\n"],
                message: "Entry \(number)"
            )
        }
        try await server.commit(
            to: billing,
            branch: "wip/invoices",
            files: ["invoice.txt": "?\n"],
            message: "Draft"
        )
        let mailer = "acme/backend/services/mailer"
        try server.createProject(mailer, options: ProjectOptions { $0.wikiEnabled = false })
        try await server.commit(
            to: mailer,
            branch: "master",
            files: ["mail.c": "int main;\n"],
            message: "Start"
        )
    }

    private static func handbook(_ server: LabServer) async throws {
        let project = "acme/handbook"
        try server.createProject(project, options: ProjectOptions { $0.name = "Handbook (2nd edition)" })
        try await server.commit(to: project, files: ["README.md": "See the wiki\n"], message: "Start")
        try await server.editWiki(of: project, pages: ["home": "# Welcome\n", "on-call": "# On call\n"])
        try await server.editWiki(of: project, pages: ["home": "# Welcome, all\n"])
    }

    private static func legacy(_ server: LabServer) async throws {
        let project = "acme/legacy"
        try server.createProject(project)
        try await server.commit(
            to: project,
            branch: "master",
            files: ["old.pl": "#!/usr/bin/perl\n"],
            message: "Start"
        )
        try await server.createTag("final", of: project, message: "The end")
        try server.update(project, archived: true)
    }
}
