import Foundation
@testable import Mirror
import Testing

@testable import App

/// Where tokens come from, and which are refused.
struct TokenConfigurationTests {
    @Test(arguments: [
        "glpat-file-file", "glpat-file-file\n", "glpat-file-file\r\n", "\n glpat-file-file \n\n",
    ])
    func aTokenFileMayEndWithALineBreak(content: String) throws {
        let folder = try ScratchFolder()
        let file = try folder.write(content, to: "token")

        let settings = try Resolving.settings(
            [],
            [
                "LOCAL_GITLAB_TOKEN": nil, "LOCAL_GITLAB_TOKEN_FILE": file, "REMOTE_GITLAB_TOKEN": nil,
                "REMOTE_GTILAB_TOKEN_FILE": file,
            ]
        )

        #expect(settings.source.token == Secret("glpat-file-file"))
        #expect(settings.target.token == Secret("glpat-file-file"))
    }

    @Test func aTokenBeatsItsFile() throws {
        let settings = try Resolving.settings([], ["LOCAL_GITLAB_TOKEN_FILE": "/not/there"])
        #expect(settings.source.token == Secret(try #require(Resolving.environment["LOCAL_GITLAB_TOKEN"])))
    }

    @Test func anUnreadableTokenFileIsNamed() throws {
        let folder = try ScratchFolder()
        for path in ["/not/there/token", folder.url.path] {
            let error = try Resolving.failure(
                [],
                ["LOCAL_GITLAB_TOKEN": nil, "LOCAL_GITLAB_TOKEN_FILE": path]
            )
            #expect(error.message == "the file '\(path)' of LOCAL_GITLAB_TOKEN_FILE cannot be read")
            #expect(error.hint == "check the path and its permissions")
        }
    }

    @Test(arguments: ["glpat with blank", "glpat\nsecond-line", "glpat-\u{7}bell", "glpat-ünïcode"])
    func aTokenThatNoHeaderCarriesIsRefusedWithoutPrintingIt(token: String) throws {
        let folder = try ScratchFolder()
        let file = try folder.write(token, to: "token")

        let direct = try Resolving.failure([], ["REMOTE_GITLAB_TOKEN": token])
        let fromFile = try Resolving.failure(
            [],
            ["REMOTE_GITLAB_TOKEN": nil, "REMOTE_GITLAB_TOKEN_FILE": file]
        )
        let flag = try Resolving.failure(["--remote-token", token])

        #expect(direct.message.contains("the token in REMOTE_GITLAB_TOKEN "))
        #expect(fromFile.message.contains("the token in the file of REMOTE_GITLAB_TOKEN_FILE "))
        #expect(flag.message.contains("the token in --remote-token "))
        for error in [direct, fromFile, flag] {
            #expect(!error.description.contains("glpat"))
            #expect(error.hint == "copy the token again")
        }
    }

    @Test func anEmptyTokenFileIsNamed() throws {
        let folder = try ScratchFolder()
        let file = try folder.write("\n", to: "token")
        let error = try Resolving.failure([], ["LOCAL_GITLAB_TOKEN": nil, "LOCAL_GITLAB_TOKEN_FILE": file])
        #expect(error.message.contains("the token in the file of LOCAL_GITLAB_TOKEN_FILE is empty"))
    }
}
