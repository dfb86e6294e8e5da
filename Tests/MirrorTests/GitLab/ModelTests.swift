import Foundation
import Testing

@testable import Mirror

/// GitLab's JSON, new and old, with what is null, absent or unknown.
struct ModelTests {
    private func decode<Value: Decodable>(_ json: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(json.utf8))
    }

    @Test func aGroupOfToday() throws {
        let group: GitLabGroup = try decode(
            """
            {"id": 12, "name": "Back End", "path": "backend", "full_path": "acme/backend", "parent_id": 4, "visibility": "private",
            "avatar_url": null, "shared_with_groups": [{"group_id": 28, "expires_at": null}], "marked_for_deletion_on": null,
            "runners_token": "ba324ca7b1c77fc20bb9", "a_key_of_2030": {"x": [1]}}
            """
        )
        #expect(
            group
                == GitLabGroup(
                    id: 12,
                    name: "Back End",
                    path: "backend",
                    fullPath: "acme/backend",
                    parentID: 4,
                    isMarkedForDeletion: false,
                    visibility: .private
                )
        )
    }

    @Test func aGroupThatWaitsForItsDeletion() throws {
        let group: GitLabGroup = try decode(
            #"{"id":1,"path":"a","full_path":"a","parent_id":null,"marked_for_deletion_on":"2026-04-03"}"#
        )
        #expect(group.isMarkedForDeletion)
        #expect(group.name == "a")
        #expect(group.parentID == nil)
    }

    @Test func aProjectOfToday() throws {
        let project: GitLabProject = try decode(
            """
            {"id": 3, "description": null, "default_branch": "main", "visibility": "private", "archived": true,
            "ssh_url_to_repo": "git@example.com:diaspora/site.git", "web_url": "http://example.com/diaspora/site",
            "name": "Diaspora Site", "path": "site", "path_with_namespace": "diaspora/site",
            "namespace": {"id": 3, "name": "Diaspora", "kind": "group", "full_path": "diaspora", "avatar_url": null},
            "wiki_enabled": true, "wiki_access_level": "disabled", "import_status": "started", "import_error": null,
            "marked_for_deletion_at": "2020-04-03", "marked_for_deletion_on": "2020-04-03", "runners_token": "b8bc4a7a",
            "statistics": {"commit_count": 37, "repository_size": 1038090}, "ci_default_git_depth": 50, "permissions": {"project_access": {"access_level": 10}}}
            """
        )
        #expect(project.fullPath == "diaspora/site")
        #expect(project.repositorySize == 1_038_090)
        #expect(project.namespacePath == "diaspora")
        #expect(project.defaultBranch == "main")
        #expect(project.sshURL == "git@example.com:diaspora/site.git")
        #expect(project.isArchived)
        #expect(!project.hasWikiFeature)
        #expect(project.isMarkedForDeletion)
        #expect(project.isBeingImported)
    }

    @Test func aProjectOfGitLab13() throws {
        let project: GitLabProject = try decode(
            """
            {"id": 9, "name": "Old", "path": "old", "path_with_namespace": "a/b/old", "default_branch": null,
            "ssh_url_to_repo": "ssh://git@h:2222/a/b/old.git", "wiki_enabled": false, "archived": false, "tag_list": [],
            "marked_for_deletion_at": null, "namespace": null}
            """
        )
        #expect(project.namespacePath == "a/b")
        #expect(project.defaultBranch == nil)
        #expect(!project.hasWikiFeature)
        #expect(!project.isMarkedForDeletion)
        #expect(!project.isBeingImported)
    }

    @Test func theLeastOfAProject() throws {
        let project: GitLabProject = try decode(Sample.project(1, "a/p"))
        #expect(project.name == "p")
        #expect(project.sshURL.isEmpty)
        #expect(project.hasWikiFeature)
        #expect(!project.isArchived)
    }

    @Test(arguments: [
        (#""wiki_access_level":"enabled","wiki_enabled":false"#, true),
        (#""wiki_access_level":"private""#, true),
        (#""wiki_access_level":"disabled","wiki_enabled":true"#, false),
        (#""wiki_access_level":null,"wiki_enabled":false"#, false),
        (#""wiki_enabled":true"#, true), (#""wiki_enabled":null"#, true),
    ])
    func theNewerFieldForWikisWins(fields: String, hasWiki: Bool) throws {
        let project: GitLabProject = try decode(
            #"{"id":1,"path":"p","path_with_namespace":"a/p",\#(fields)}"#
        )
        #expect(project.hasWikiFeature == hasWiki)
    }

    @Test(arguments: [
        #"{"path":"p","path_with_namespace":"a/p"}"#, #"{"id":1,"path":"p"}"#,
        #"{"id":"1","path":"p","path_with_namespace":"a/p"}"#,
        #"{"id":1,"path":null,"path_with_namespace":"a/p"}"#,
    ])
    func whatIdentifiesAProjectMustBeThere(json: String) {
        #expect(throws: DecodingError.self) { let _: GitLabProject = try decode(json) }
    }

    @Test func tokensAndVersions() throws {
        let token: GitLabToken = try decode(
            #"{"id":4,"name":"T","revoked":false,"scopes":["read_api","k8s_proxy"],"user_id":3,"active":true,"expires_at":"2027-01-31"}"#
        )
        #expect(
            token == GitLabToken(scopes: ["read_api", "k8s_proxy"], active: true, expiresAt: "2027-01-31")
        )
        let bare: GitLabToken = try decode(#"{"scopes":[],"expires_at":null}"#)
        #expect(bare == GitLabToken(scopes: [], active: nil, expiresAt: nil))
        let version: GitLabVersion = try decode(#"{"version":"11.3.4-ee","revision":"14d3a1d"}"#)
        #expect(version.version == "11.3.4-ee")
    }
}
