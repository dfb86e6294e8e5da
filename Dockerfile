# The image of gitlab-sync. Nothing in it needs BuildKit.
#
#   RUNTIME_IMAGE   what it runs on: Debian 13 (libssh2 1.11, which has RSA keys with SHA-2), or debian:bookworm-slim
#   BUILD_IMAGE     where the Swift toolchain comes from; the build itself runs on RUNTIME_IMAGE, with its libraries
#   BINARY          a stage or an image with a ready /out/gitlab-sync; `build` makes it
ARG RUNTIME_IMAGE=debian:trixie-slim
ARG BUILD_IMAGE=swift:6.3-bookworm
ARG BINARY=build

FROM ${BUILD_IMAGE} AS toolchain

FROM ${RUNTIME_IMAGE} AS build
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends binutils ca-certificates g++ git libc6-dev libcurl4-openssl-dev \
    libedit2 libgit2-dev libncurses6 libsqlite3-dev libssh2-1-dev libxml2-dev libz3-4 pkg-config \
    tzdata zlib1g-dev \
 && rm -rf /var/lib/apt/lists/*
COPY --from=toolchain /usr /opt/swift/usr
# Last: the swift image keeps its Debian's own programs in the same folder, and not all of these run here.
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/swift/usr/bin
WORKDIR /src
COPY Package.swift ./
COPY Sources ./Sources
COPY Tests/Lab ./Tests/Lab
# The tests are not in the image; without them the manifest names no folder that is missing.
RUN mkdir -p Tests/MirrorTests Tests/AppTests \
 && swift build -c release --static-swift-stdlib --product gitlab-sync \
 && install -Ds -m 0755 "$(swift build -c release --static-swift-stdlib --show-bin-path)/gitlab-sync" /out/gitlab-sync

# hadolint ignore=DL3006
FROM ${BINARY} AS binary

FROM ${RUNTIME_IMAGE} AS runtime
ARG VERSION=dev
LABEL org.opencontainers.image.title="gitlab-sync" \
      org.opencontainers.image.description="Copies whole GitLab groups to another GitLab, again and again" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.licenses="Apache-2.0"
# The library's package is named by its version: libgit2-1.9 in Debian 13, libgit2-1.5 in Debian 12.
# cron wants something that makes system users: without the small program, Debian 13 would take all of systemd.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends ca-certificates cron '^libgit2-1\.[0-9]+$' libsqlite3-0 libssh2-1 libstdc++6 \
    openssh-client systemd-standalone-sysusers tini tzdata \
 && rm -rf /var/lib/apt/lists/* /etc/cron.d/* /etc/cron.daily/* /var/log/*.log /var/log/apt \
 && useradd --uid 10001 --no-create-home --home-dir /home/gitlab-sync --shell /usr/sbin/nologin gitlab-sync \
 && install -d -o 10001 -g 10001 /home/gitlab-sync \
 && install -d -m 1777 /var/lib/gitlab-sync /var/log/gitlab-sync \
 && install -d /etc/gitlab-sync/ssh
COPY docker/period_task.sh /period_task.sh
COPY docker/entrypoint.sh docker/cron-environment docker/gitlab-sync /usr/local/lib/gitlab-sync/
COPY --from=binary /out/gitlab-sync /usr/local/bin/gitlab-sync
# Any user may run it: both folders take what anybody writes, and the state lies in a folder of its owner's in one of them.
ENV HOME=/home/gitlab-sync \
    GITLAB_SYNC_CRONTAB=/etc/gitlab-sync/crontab \
    GITLAB_SYNC_STATE_DIR=/var/lib/gitlab-sync/state \
    GITLAB_SYNC_LOG_FILE=/var/log/gitlab-sync/gitlab-sync.log \
    GITLAB_SYNC_SSH_DIR=/etc/gitlab-sync/ssh
USER 10001:10001
VOLUME ["/var/lib/gitlab-sync", "/var/log/gitlab-sync"]
HEALTHCHECK --interval=1m --timeout=10s --start-period=10m --retries=3 \
    CMD ["/usr/local/lib/gitlab-sync/entrypoint.sh", "health"]
ENTRYPOINT ["/usr/bin/tini", "--", "/usr/local/lib/gitlab-sync/entrypoint.sh"]
CMD ["schedule"]
