import CLibGit2

/// The process-wide libgit2 runtime.
enum LibGit2 {
    /// The version of the library that runs, which may be another than the one it was built with.
    static let version: String = {
        var (major, minor, revision): (Int32, Int32, Int32) = (0, 0, 0)
        git_libgit2_version(&major, &minor, &revision)
        return "\(major).\(minor).\(revision)"
    }()

    /// Starts libgit2 on first use; it is never shut down, since handles may outlive any caller.
    static let start: Void = {
        precondition(git_libgit2_init() > 0, "libgit2 could not start")
        let features = UInt32(git_libgit2_features())
        precondition(features & GIT_FEATURE_THREADS.rawValue != 0, "libgit2 was built without threads")
        mirror_git_opts_set_user_agent("gitlab-sync")
        // A state directory on a mounted volume often belongs to another user than the container's.
        mirror_git_opts_set_owner_validation(0)
        // A ref that we report as kept must survive a power cut.
        mirror_git_opts_enable_fsync(1)
        // Objects are read once each; libgit2's own limit of 256 MB would only grow the process.
        mirror_git_opts_set_cache_max_size(32 << 20)
        // A user's ~/.gitconfig (url.*.insteadOf, proxies) must not redirect a mirror.
        for level in [
            GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_XDG,
            GIT_CONFIG_LEVEL_PROGRAMDATA,
        ] {
            mirror_git_opts_set_search_path(level.rawValue, "")
        }
    }()
}
