#ifndef GITLAB_SYNC_CLIBSSH2_SHIM_H
#define GITLAB_SYNC_CLIBSSH2_SHIM_H

#include <errno.h>
#include <libssh2.h>
#include <sys/socket.h>

#if LIBSSH2_VERSION_NUM < 0x010a00
#error "gitlab-sync needs libssh2 1.10 or newer"
#endif

// Receives as libssh2 itself does (_libssh2_recv in misc.c), and counts what came in.
static inline ssize_t mirror_ssh2_receive(libssh2_socket_t socket, void *buffer, size_t length, int flags,
                                          void **abstract) {
    ssize_t count = recv(socket, buffer, length, flags);
    if (count < 0) return errno == EINTR || errno == EWOULDBLOCK ? -EAGAIN : -errno;
    *(size_t *)*abstract += (size_t)count;
    return count;
}

// Swift cannot read function-like macros. Each wrapper below stands for one of libssh2.h.

// `received` counts the bytes that come in, for as long as the session lives.
static inline LIBSSH2_SESSION *mirror_ssh2_session_init(size_t *received) {
    LIBSSH2_SESSION *session = libssh2_session_init_ex(NULL, NULL, NULL, received);
    if (session) libssh2_session_callback_set(session, LIBSSH2_CALLBACK_RECV, (void *)mirror_ssh2_receive);
    return session;
}

static inline LIBSSH2_CHANNEL *mirror_ssh2_channel_open(LIBSSH2_SESSION *session) {
    return libssh2_channel_open_ex(session, "session", sizeof("session") - 1,
                                   LIBSSH2_CHANNEL_WINDOW_DEFAULT, LIBSSH2_CHANNEL_PACKET_DEFAULT, NULL, 0);
}

static inline int mirror_ssh2_channel_exec(LIBSSH2_CHANNEL *channel, const char *command, unsigned int length) {
    return libssh2_channel_process_startup(channel, "exec", sizeof("exec") - 1, command, length);
}

#endif
