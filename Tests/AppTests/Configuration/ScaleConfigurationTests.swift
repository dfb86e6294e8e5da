import Foundation
import Mirror
import Testing

@testable import App

/// Shards and limits.
struct ScaleConfigurationTests {
    @Test func withoutAnythingThereIsNoShardAndNoLimit() throws {
        let settings = try Resolving.settings()
        #expect(settings.shard == nil)
        #expect(settings.maximumConnections == nil)
        #expect(settings.memoryCeiling == nil)
        #expect(settings.minimumFree == nil)
        // A Job of another kind has an index too.
        #expect(try Resolving.settings([], ["JOB_COMPLETION_INDEX": "3"]).shard == nil)
    }

    @Test(
        arguments: [
            (["--shard", "2/4"], [:], "2/4"),
            ([], ["GITLAB_SYNC_SHARD": "3/3"], "3/3"),
            (["--shard", "1/2"], ["GITLAB_SYNC_SHARD": "3/3"], "1/2"),
            ([], ["JOB_COMPLETION_INDEX": "0", "GITLAB_SYNC_SHARDS": "4"], "1/4"),
            ([], ["JOB_COMPLETION_INDEX": "3", "GITLAB_SYNC_SHARDS": "4"], "4/4"),
            (
                [], ["JOB_COMPLETION_INDEX": "0", "GITLAB_SYNC_SHARDS": "4", "GITLAB_SYNC_SHARD": "2/4"],
                "2/4"
            ),
        ] as [([String], [String: String], String)]
    )
    func theShardComesFromFlagVariableOrIndex(flags: [String], variables: [String: String], shard: String)
        throws
    {
        #expect(try Resolving.settings(flags, variables).shard?.description == shard)
    }

    @Test(arguments: ["0/3", "4/3", "a/b", "1", "1/2/3", "/", "-1/2", "1/0", "1/1025", "1.5/2"])
    func anImpossibleShardIsAnErrorWithTheFix(value: String) throws {
        let error = try Resolving.failure(["--shard=\(value)"])
        #expect(error.message == "--shard is '\(value)'")
        #expect(error.hint.contains("write K/N with K from 1 to N"))
        #expect(try Resolving.failure([], ["GITLAB_SYNC_SHARD": value]).message.contains("GITLAB_SYNC_SHARD"))
    }

    @Test(arguments: ["4", "-1", "x"])
    func anIndexThatFitsNotIsAnErrorWithTheFix(index: String) throws {
        let error = try Resolving.failure(
            [],
            ["JOB_COMPLETION_INDEX": index, "GITLAB_SYNC_SHARDS": "4"]
        )
        #expect(error.message == "JOB_COMPLETION_INDEX is '\(index)' and GITLAB_SYNC_SHARDS is 4")
        #expect(error.hint.contains("completions"))
    }

    @Test func shardsWithoutAnIndexAreAnError() throws {
        // Each pod would copy everything.
        let error = try Resolving.failure([], ["GITLAB_SYNC_SHARDS": "4"])
        #expect(error.message == "GITLAB_SYNC_SHARDS is set and JOB_COMPLETION_INDEX is not")
        #expect(error.hint.contains("GITLAB_SYNC_SHARD=K/4"))
        #expect(try Resolving.failure([], ["GITLAB_SYNC_SHARDS": "0"]).message.contains("GITLAB_SYNC_SHARDS"))
    }

    @Test func limitsComeFromFlagsAndVariables() throws {
        let settings = try Resolving.settings([
            "--max-connections", "3", "--max-memory", "512M", "--min-free", "2g",
        ])
        #expect(settings.maximumConnections == 3)
        #expect(settings.memoryCeiling == 512 << 20)
        #expect(settings.minimumFree == 2 << 30)
        let variables = try Resolving.settings(
            [],
            [
                "GITLAB_SYNC_MAX_CONNECTIONS": "5", "GITLAB_SYNC_MAX_MEMORY": "1073741824",
                "GITLAB_SYNC_MIN_FREE": "7K",
            ]
        )
        #expect(variables.maximumConnections == 5)
        #expect(variables.memoryCeiling == 1 << 30)
        #expect(variables.minimumFree == 7 << 10)
    }

    @Test(arguments: ["M", "0", "-5M", "1.5G", "12 M", "9999999999T", "5X"])
    func aSizeThatIsNoneIsAnErrorWithTheFix(value: String) throws {
        for flag in ["--max-memory", "--min-free"] {
            let error = try Resolving.failure(["\(flag)=\(value)"])
            #expect(error.message == "\(flag) is '\(value)'")
            #expect(error.hint.contains("512M"))
        }
    }
}
