import Foundation
import Lab
import Testing

@testable import Mirror

extension LabTests {
    /// The real git-lfs at both ends, where it is installed; `scripts/lfs-judge` does the same at size.
    @Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/git-lfs")))
    struct GitLFSTests {
        private func commit(in work: URL, with git: LabGit) async throws {
            try await git.run(["lfs", "track", "*.bin"], in: work)
            for (name, size) in [("a.bin", 3000), ("b.bin", 700_000)] {
                try Data(repeating: UInt8(size % 251), count: size).write(to: work.appending(path: name))
            }
            try await git.run(["add", "-A"], in: work)
            try await git.run(["commit", "-q", "-m", "objects"], in: work)
        }

        @Test(arguments: [false, true])
        func whatGitLFSPushedToTheSourceItFetchesFromTheCopy(isSigned: Bool) async throws {
            var options = LabOptions()
            options.firstID = 5001
            options.signsLFSDownloads = isSigned
            try await SyncFixture.with(target: options) { fixture in
                try fixture.source.createProject(LFSProject.path)
                var git = fixture.lab.clientGit
                for (index, setting) in [
                    ("user.name", "Lab"), ("user.email", "lab@example.com"),
                    ("filter.lfs.process", "git-lfs filter-process"), ("filter.lfs.required", "true"),
                    ("filter.lfs.clean", "git-lfs clean -- %f"),
                    ("filter.lfs.smudge", "git-lfs smudge -- %f"),
                ].enumerated() {
                    git.environment["GIT_CONFIG_KEY_\(index)"] = setting.0
                    git.environment["GIT_CONFIG_VALUE_\(index)"] = setting.1
                    git.environment["GIT_CONFIG_COUNT"] = "\(index + 1)"
                }
                let work = fixture.lab.directory.appending(path: "work")
                try await git.run(["init", "-q", "-b", "main", work.path])
                try await commit(in: work, with: git)
                let source = "\(fixture.source.sshBase)/\(LFSProject.path).git"
                try await git.run(["remote", "add", "origin", source], in: work)
                try await git.run(["lfs", "push", "--all", "origin"], in: work)
                try await git.run(["push", "-q", "origin", "main"], in: work)
                #expect(try fixture.source.lfsObjects(of: LFSProject.path).count == 2)

                #expect(try await fixture.run().isEqual)

                let clone = fixture.lab.directory.appending(path: "clone")
                let target = "\(fixture.target.sshBase)/\(LFSProject.path).git"
                git.environment["GIT_LFS_SKIP_SMUDGE"] = "1"
                try await git.run(["clone", "-q", target, clone.path])
                try await git.run(["lfs", "fetch", "--all"], in: clone)
                try await git.run(["lfs", "fsck", "--objects"], in: clone)
                git.environment["GIT_LFS_SKIP_SMUDGE"] = nil
                try await git.run(["lfs", "checkout"], in: clone)
                for name in ["a.bin", "b.bin"] {
                    let sent = try Data(contentsOf: work.appending(path: name))
                    let got = try Data(contentsOf: clone.appending(path: name))
                    #expect(sent == got)
                }
            }
        }
    }
}
