# shellcheck shell=bash
# What is shown of the image. Each case goes on with the project of the one before.

run_cases() {
    start_lab
    say "The default command, as user $uid"
    default_command
    say "A second container on the same state"
    second_container
    say "A stop in mid-sync"
    interrupted_run
    say "cron, with the .env and the crontab line of the Python gitlab-sync"
    system_cron
    say "Tokens"
    secrecy
    say "Crontabs that cron would ignore without a word"
    silent_crontabs
}

start_lab() {
    export LIBRARIES=$libraries LAB_LIBRARIES=$lab_libraries
    compose+=(-f "$project/docker-compose.yml" -f "$project/lab.yml")
    quietly up -d lab
    local end=$((SECONDS + 300))
    until "${compose[@]}" logs --no-log-prefix lab >"$work/lab.log" 2>&1 && grep -q '^ready' "$work/lab.log"; do
        [ "$SECONDS" -lt "$end" ] || {
            cat "$work/lab.log" >&2
            fail "the lab is not ready within 300 s"
        }
        sleep 0.2
    done
    [[ $(variable LOCAL_GITLAB_URL) == http://lab:* ]] || fail "the lab does not name its host"
    cp "$work"/lab/keys/* "$work/keys/"
    chown -R "$uid" "$work/keys" "$work/logs"
    chmod 500 "$work/keys"
    variable LOCAL_GITLAB_TOKEN >"$project/secrets/local_token"
    variable REMOTE_GITLAB_TOKEN >"$project/secrets/remote_token"
    cat "$project"/secrets/* >"$work/tokens"
    chown -R "$uid" "$project/secrets"
    chmod 600 "$project"/secrets/*
}

default_command() {
    # The sample, filled in as it says.
    sed -e "s|^LOCAL_GITLAB_URL=.*|LOCAL_GITLAB_URL=$(variable LOCAL_GITLAB_URL)|" \
        -e "s|^REMOTE_GITLAB_URL=.*|REMOTE_GITLAB_URL=$(variable REMOTE_GITLAB_URL)|" \
        -e "s|^GITLAB_SYNC_UID=.*|GITLAB_SYNC_UID=$uid|" -e "s|^GITLAB_SYNC_GID=.*|GITLAB_SYNC_GID=$uid|" \
        -e "s|^GITLAB_SYNC_RUN_AT_START=.*|GITLAB_SYNC_RUN_AT_START=no|" env.sample >"$project/.env"
    grep -q "^GITLAB_SYNC_UID=$uid" "$project/.env" || fail "env.sample has no GITLAB_SYNC_UID"
    # No newline at the end, and a line as it was written for cron.
    printf '* * * * * flock -n /tmp/lock gitlab-sync >> /tmp/log 2>&1' >"$project/crontab/cron"

    local since id
    since=$(now)
    quietly up -d gitlab-sync
    await 'END equal' "$since"
    expect_copy
    id=$(sync_container)
    # shellcheck disable=SC2016
    "$docker" inspect -f 'user {{.Config.User}}, read-only {{.HostConfig.ReadonlyRootfs}}, dropped {{.HostConfig.CapDrop}}, added {{.HostConfig.CapAdd}}, networks {{range $name, $_ := .NetworkSettings.Networks}}{{$name}}{{end}}' "$id"
    [ "$("$docker" exec "$id" id -u)" = "$uid" ] || fail "another user"
    grep -q 'END equal' "$log" || fail "nothing in the log file"
    "$docker" inspect "$id" >"$work/inspected"
    # A line is in the container's log before it is in the file, and the run's file comes last.
    local end=$((SECONDS + 60))
    until [ "$(health)" = healthy ]; do
        [ "$SECONDS" -lt "$end" ] || fail "not healthy: $(health 2>&1)"
        sleep 0.1
    done
    echo healthy
}

second_container() {
    local status=0 id since
    id=$(sync_container)
    "${compose[@]}" run --rm -T gitlab-sync >"$work/second" 2>&1 || status=$?
    grep 'locked' "$work/second" || fail "the second container says nothing of a lock"
    [ "$status" = 75 ] || fail "exit code $status"
    grep -q "on $("$docker" exec "$id" uname -n) since" "$work/second" || fail "the holder is not named"
    "$docker" kill -s KILL "$id" >/dev/null
    since=$(now)
    quietly up -d --force-recreate gitlab-sync
    await 'the schedule begins' "$since" >/dev/null
    echo "after kill -9 the lock is free"
}

interrupted_run() {
    stop_in_mid_sync
    local since
    since=$(now)
    quietly start gitlab-sync
    await 'END equal' "$since"
    expect_copy >/dev/null
    stop_cleanly
    quietly rm -f -v gitlab-sync
}

system_cron() {
    compose+=(-f "$project/docker-compose.cron.yml")
    cat >"$project/.env" <<ENV
TZ=Asia/Shanghai
LOCAL_GTILAB_URL=$(variable LOCAL_GITLAB_URL)
LOCAL_GITLAB_TOKEN=$(variable LOCAL_GITLAB_TOKEN)
LOCAL_GITLAB_GROUP=acme,globex
REMOTE_GTILAB_URL=$(variable REMOTE_GITLAB_URL)
REMOTE_GTILAB_TOKEN=$(variable REMOTE_GITLAB_TOKEN)
REMOTE_GTILAB_GROUP=cron-acme,cron-globex
REMOTE_GTILAB_PUSH_URL=
IGNORE_BRANCHES=
ALLOW_BRANCHES=
FORCE_PUSH=True
REMOTE_PARENT_GROUP=
ENV
    printf '# Use flock to avoid duplicate task running\r\n* * * * * /usr/bin/flock -n /tmp/crontab.lockfile bash /period_task.sh >> /var/log/gitlab-sync/gitlab-sync.log 2>&1' \
        >"$project/crontab/cron"
    chmod 664 "$project/crontab/cron"
    chown "$uid" "$project/crontab/cron"
    rm -f "$log"
    "$docker" volume rm gitlab-sync-test_state >/dev/null
    local since maps=(--map acme=cron-acme --map globex=cron-globex)
    since=$(now)
    quietly up -d --force-recreate gitlab-sync
    await '^equal: ' "$since"
    expect_copy "${maps[@]}"
    grep -q 'END equal' "$log" || fail "nothing in the log file"
    stop_in_mid_sync
    since=$(now)
    quietly start gitlab-sync
    await '^equal: ' "$since"
    expect_copy "${maps[@]}" >/dev/null
    [ "$(health)" = healthy ] || fail "not healthy: $(health 2>&1)"
}

secrecy() {
    local id control found
    id=$(sync_container)
    control=$(sample sh -c 'sleep 1; :' "$(head -n 1 "$work/tokens")")
    [ "${control%% *}" -gt 0 ] || fail "the sampler does not see what it must see"
    # The crontab's own run may hold the lock.
    # shellcheck disable=SC2016
    found=$(sample "$docker" exec "$id" env -i bash -c 'for _ in {1..100}; do /period_task.sh >/dev/null || [ $? = 75 ] || exit; done')
    echo "in process lists during 100 runs: $found samples (control: $control)"
    [ "${found%% *}" = 0 ] || fail "a token stands in a process list"
    stop_cleanly
    {
        "$docker" logs "$id" 2>&1
        cat "$work"/logs/*
        "$docker" inspect gitlab-sync:latest
        "$docker" history --no-trunc gitlab-sync:latest
        "$docker" run --rm --network=none --user 0:0 --entrypoint tar -v gitlab-sync-test_state:/state gitlab-sync:latest -C /state -c .
        cat "$work/inspected"
    } >"$work/everything"
    if grep -a -q -F -f "$work/tokens" "$work/everything"; then fail "a token stands in a log, the image or the state"; fi
    echo "and in logs, the image's and the first container's inspection, its history, the state directory ($(stat -c %s "$work/everything") bytes)"
}

silent_crontabs() {
    local line status
    for line in '* * * * * root gitlab-sync' '* * * * * gitlab-sync --include a%b' 'CRON_TZ=Europe/Berlin' '* 25 * * * gitlab-sync' '* * * * *'; do
        echo "$line" >"$project/crontab/cron"
        status=0
        "${compose[@]}" run --rm -T gitlab-sync cron >"$work/bad" 2>&1 || status=$?
        grep '^entrypoint: ' "$work/bad" || fail "no error for '$line'"
        [ "$status" = 64 ] || fail "exit code $status"
    done
}
