import Foundation
import Testing

@testable import Mirror

/// Every entity decodes, whatever else it holds; only what identifies a thing must be as it should be.
struct FixtureTests {
    private func decode<Value: Decodable>(_ json: String) throws -> Value {
        try JSONDecoder().decode(Value.self, from: Data(json.utf8))
    }

    @Test func aProjectOfToday() throws {
        let project: GitLabProject = try decode(Fixtures.projectOfToday)
        #expect(project.id == 9_007_199_254_740_993)
        #expect(project.name == "Ledger (2nd)")
        #expect(project.namespacePath == "acme/books")
        #expect(project.defaultBranch == "trunk")
        #expect(project.isArchived)
        #expect(project.hasWikiFeature)
        #expect(project.hasRepositoryFeature)
        #expect(!project.isMarkedForDeletion)
        #expect(!project.isBeingImported)
        #expect(project.isEmpty == false)
        let activity = try #require(project.lastActivity).timeIntervalSince1970
        #expect(abs(activity - 1_772_345_700.123) < 0.001)
    }

    @Test func aProjectOfLongAgo() throws {
        let project: GitLabProject = try decode(Fixtures.projectOfLongAgo)
        #expect(project.namespacePath == "h5")
        #expect(project.defaultBranch == nil)
        #expect(!project.hasWikiFeature)
        #expect(project.hasRepositoryFeature)
        #expect(project.isEmpty == nil)
        #expect(project.lastActivity == Date(timeIntervalSince1970: 1_459_961_528))
    }

    @Test func aSimpleProject() throws {
        let project: GitLabProject = try decode(Fixtures.simpleProject)
        #expect(project.namespacePath == "dia")
        #expect(!project.isArchived)
        #expect(project.hasWikiFeature)
    }

    @Test func valuesOfAnotherTypeCountAsAbsentOrAsWhatTheyMean() throws {
        let project: GitLabProject = try decode(Fixtures.projectOfAnotherType)
        #expect(project.name == "p")
        #expect(project.namespacePath == "a")
        #expect(project.isArchived)
        #expect(project.isEmpty == false)
        #expect(project.defaultBranch == nil)
        #expect(!project.hasWikiFeature)
        #expect(project.hasRepositoryFeature)
        #expect(project.importStatus == nil)
        #expect(project.isMarkedForDeletion, "a mark that cannot be read is a mark")
        #expect(project.lastActivity == nil)
        #expect(project.webURL == nil)
    }

    @Test func aGroupOfToday() throws {
        let group: GitLabGroup = try decode(Fixtures.groupOfToday)
        #expect(group.fullPath == "acme/flight")
        #expect(group.parentID == 3)
        #expect(!group.isMarkedForDeletion)
        #expect(!group.isUser)
    }

    @Test func users() throws {
        let users: [GitLabUser] = try decode(Fixtures.users)
        #expect(users == [GitLabUser(id: 1, username: "Ada"), GitLabUser(id: 2, username: "root")])
    }

    /// `ssh_path_prefix` of GitLab's `config/settings.rb`: port 22, another port, an IPv6 address, no user.
    @Test(
        arguments: [
            ("git@example.net:a/p.git", "git", "example.net", nil, "a/p.git"),
            ("ssh://git@example.net:2222/a/p.git", "git", "example.net", 2222, "/a/p.git"),
            ("[git@::1]:a/p.git", "git", "::1", nil, "a/p.git"),
            ("example.net:a/p.git", nil, "example.net", nil, "a/p.git"),
            ("ssh://example.net:2222/a/p.git", nil, "example.net", 2222, "/a/p.git"),
        ] as [(String, String?, String, Int?, String)]
    )
    func allFormsOfAnAddressAreUnderstood(
        text: String,
        user: String?,
        host: String,
        port: Int?,
        path: String
    ) throws {
        let json = #"{"id":1,"path":"p","path_with_namespace":"a/p","ssh_url_to_repo":"\#(text)"}"#
        let project: GitLabProject = try decode(json)
        let url = try SSHURL(project.sshURL)
        #expect(url.user == user)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        let wiki = try SSHURL(GitConnections.url(project.sshURL, of: .wiki))
        #expect(wiki.path == path.replacing("p.git", with: "p.wiki.git"))
    }

    /// `Failed to save group {…}` is a Ruby hash, printed in two ways.
    @Test(arguments: [
        #"{"message":"Failed to save group {:path=>[\"has already been taken\"]}"}"#,
        #"{"message":"Failed to save group {path: [\"has already been taken\"]}"}"#,
        #"{"message":{"project_namespace.name":["has already been taken"],"base":["The project is still being deleted. Please try again later."]}}"#,
        #"{"message":{"path":["has already been taken"],"name":["has already been taken"]}}"#,
    ])
    func whatIsTakenIsSaidInManyWays(body: String) async throws {
        let transport = ScriptedTransport([.status(400, body)])
        let error = await #expect(throws: GitLabError.self) {
            _ = try await transport.client().setDefaultBranch(ofProject: 1, to: "main")
        }
        #expect(error?.code == .taken)
    }
}
