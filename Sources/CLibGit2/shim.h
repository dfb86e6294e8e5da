#ifndef GITLAB_SYNC_CLIBGIT2_SHIM_H
#define GITLAB_SYNC_CLIBGIT2_SHIM_H

#include <git2.h>
// Where libgit2 1.8 and later keep git_error_clear.
#if __has_include(<git2/sys/errors.h>)
#include <git2/sys/errors.h>
#endif

#if LIBGIT2_VER_MAJOR < 1 || (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR < 5)
#error "gitlab-sync needs libgit2 1.5 or newer"
#endif

// Swift cannot call variadic C functions. Each wrapper below fixes the argument types of one
// git_libgit2_opts option.

static inline int mirror_git_opts_set_owner_validation(int enabled) {
    return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

static inline int mirror_git_opts_set_search_path(int level, const char *path) {
    return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

static inline int mirror_git_opts_enable_fsync(int enabled) {
    return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, enabled);
}

static inline int mirror_git_opts_set_cache_max_size(ssize_t bytes) {
    return git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, bytes);
}

static inline int mirror_git_opts_set_user_agent(const char *user_agent) {
    return git_libgit2_opts(GIT_OPT_SET_USER_AGENT, user_agent);
}

#endif
