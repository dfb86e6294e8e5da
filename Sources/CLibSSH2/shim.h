#ifndef GITLAB_SYNC_CLIBSSH2_SHIM_H
#define GITLAB_SYNC_CLIBSSH2_SHIM_H

#include <libssh2.h>

#if LIBSSH2_VERSION_NUM < 0x010a00
#error "gitlab-sync needs libssh2 1.10 or newer"
#endif

// Swift cannot read function-like macros. Each wrapper below stands for one of libssh2.h.

static inline LIBSSH2_SESSION *mirror_ssh2_session_init(void) {
    return libssh2_session_init_ex(NULL, NULL, NULL, NULL);
}

static inline LIBSSH2_CHANNEL *mirror_ssh2_channel_open(LIBSSH2_SESSION *session) {
    return libssh2_channel_open_ex(session, "session", sizeof("session") - 1,
                                   LIBSSH2_CHANNEL_WINDOW_DEFAULT, LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0);
}

static inline int mirror_ssh2_channel_exec(LIBSSH2_CHANNEL *channel, const char *command, unsigned int length) {
    return libssh2_channel_process_startup(channel, "exec", sizeof("exec") - 1, command, length);
}

#endif
