# shellcheck shell=bash
# A folder as a user has it who runs the image with docker compose, and what is done with it.

prepare_project() {
    mkdir -p "$project/crontab" "$project/secrets" "$work/logs" "$work/lab" "$work/keys"
    cp docker-compose.yml docker-compose.cron.yml "$project"
    cp env.sample "$project/.env"
    compose=("$venv/bin/docker-compose" --project-directory "$project" -p gitlab-sync-test)
    log=$work/logs/gitlab-sync.log
    export LAB=$work/lab GITLAB_SYNC_KEYS=$work/keys GITLAB_SYNC_LOGS=$work/logs
    cat >"$project/lab.yml" <<'YAML'
services:
  lab:
    image: gitlab-lab:ci
    init: true
    volumes: ["${LAB}:/lab", "${LAB_LIBRARIES}:${LAB_LIBRARIES}:ro"]
  gitlab-sync:
    depends_on: [lab]
    volumes: ["${LIBRARIES}:${LIBRARIES}:ro"]
YAML
}

# Runs docker compose, silent unless it fails.
quietly() { "${compose[@]}" "$@" >"$work/compose.log" 2>&1 || { cat "$work/compose.log" >&2 && fail "docker compose $* has failed"; }; }
now() { date -u +%Y-%m-%dT%H:%M:%S.%NZ; }
variable() { sed -n "s/^export $1='\(.*\)'\$/\1/p" "$work/lab/env"; }
compare() { "${compose[@]}" exec -T lab gitlab-lab compare --env-file /lab/env "$@"; }
# Both sides are equal, and all of the sample world has arrived.
expect_copy() {
    compare "$@" | tee "$work/compared" || fail "the copy differs"
    [ "$(grep -c '^=' "$work/compared")" -ge 7 ] || fail "too little has arrived"
}
sync_container() { "${compose[@]}" ps -aq gitlab-sync; }
health() { "$docker" exec "$(sync_container)" /usr/local/lib/gitlab-sync/entrypoint.sh health; }

# Waits until the container's log has a line that matches, and prints the first one. The schedule's next minute may be 60 s away; the
# rest is for slow machines.
await() {
    local end=$((SECONDS + 300)) pattern=$1 since=$2
    while :; do
        "$docker" logs --since "$since" "$(sync_container)" >"$work/lines" 2>&1
        if grep -m 1 -E "$pattern" "$work/lines"; then return; fi
        [ "$SECONDS" -lt "$end" ] || fail "no line '$pattern' within 300 s"
        sleep 0.2
    done
}

# Stops the container; fails if the exit code is not 0, or if it takes 3 seconds longer than a container that does nothing and is
# stopped at the same moment: what the engine and a busy machine take is not ours.
stop_cleanly() {
    local from id idle end idle_end code
    id=$(sync_container)
    idle=$("$docker" run -d --network=none --entrypoint /usr/bin/tini gitlab-sync:latest -- sh -c 'echo up; exec sleep infinity')
    until "$docker" logs "$idle" >"$work/idle" && grep -q up "$work/idle"; do sleep 0.1; done
    from=${EPOCHREALTIME/./}
    "$docker" stop -t 30 "$idle" "$id" >/dev/null
    end=$(finished_at "$id")
    idle_end=$(finished_at "$idle")
    "$docker" rm -v "$idle" >/dev/null
    code=$("$docker" inspect -f '{{.State.ExitCode}}' "$id")
    echo "stopped in $(((end - from) / 1000)) ms with exit code $code; an idle container in $(((idle_end - from) / 1000)) ms"
    [ "$code" = 0 ] || fail "the exit code is $code"
    [ $((end - idle_end)) -lt 3000000 ] || fail "the stop took too long"
}

# The end of a container, in microseconds since 1970.
finished_at() { date -d "$("$docker" inspect -f '{{.State.FinishedAt}}' "$1")" +%s%6N; }

# Stops the container in the middle of a run: the servers stand still meanwhile.
stop_in_mid_sync() {
    # What the machine has still to write since the images were built would make the container wait.
    sync
    quietly pause lab
    local end=$((SECONDS + 300)) size
    size=$(stat -c %s "$log")
    until tail -c "+$((size + 1))" "$log" | grep 'START sync'; do
        [ "$SECONDS" -lt "$end" ] || fail "no run has started"
        sleep 0.2
    done
    stop_cleanly
    tail -c "+$((size + 1))" "$log" >"$work/lines"
    grep -q 'END stopped' "$work/lines" || fail "the run was not stopped in its middle: $(tail -1 "$work/lines")"
    quietly unpause lab
}

# Prints in how many samples a token stands in the arguments of any process while the command runs, and how many samples there were.
sample() {
    rm -f "$work/stop"
    while [ ! -e "$work/stop" ]; do
        cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\0' '\n' || :
        echo SAMPLE
    done | tee >(grep -c '^SAMPLE$' >"$work/samples") | grep -c -F -f "$work/tokens" >"$work/found" &
    local sampler=$!
    "$@"
    touch "$work/stop"
    wait "$sampler" || :
    echo "$(cat "$work/found") of $(cat "$work/samples")"
}
