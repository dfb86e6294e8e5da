#!/bin/bash
# The container's program, below tini.
#
#   a command or a flag of gitlab-sync    gitlab-sync itself, as any user; schedule if nothing is named
#   cron                                  the system's cron with the mounted crontab, as root
#   anything else                         is run as it is
set -euo pipefail

run=/run/gitlab-sync

fail() {
    echo "entrypoint: $1; next step: $2" >&2
    exit 64
}

case ${1-schedule} in
health)
    shift
    # Under cron, runs do not know which line started them: the age of the last good one must do.
    if [ -e "$run/environment" ]; then set -- --max-age "${GITLAB_SYNC_MAX_AGE:-26h}" "$@"; fi
    exec gitlab-sync health "$@"
    ;;
schedule | sync | plan | verify | restore | status | archives | doctor | -*) exec gitlab-sync "$@" ;;
cron) ;;
*) exec "$@" ;;
esac

[ "$(id -u)" = 0 ] || fail "cron needs root" "start the container as root, or use the default command, schedule"
source=$GITLAB_SYNC_CRONTAB
[ -r "$source" ] || fail "the crontab $source cannot be read" "mount it"

install -d -m 0700 "$run"
(umask 077 && env -0 >"$run/environment")

# What cron would ignore without a word, since nobody reads its mail or its syslog here.
number=0
jobs=0
job_path=/usr/local/lib/gitlab-sync:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
while IFS= read -r line || [ -n "$line" ]; do
    number=$((number + 1))
    line=${line%$'\r'}
    here="$source, line $number"
    [[ $line =~ ^[[:space:]]*(#|$) ]] && continue
    if [[ $line =~ ^[[:space:]]*(CRON_TZ|TZ)[[:space:]]*= ]]; then
        fail "$here: cron does not move its times by ${BASH_REMATCH[1]}=" \
            "set TZ in the container's environment, or use the default command, schedule"
    fi
    [[ $line =~ ^[[:space:]]*[A-Za-z_][A-Za-z0-9_]*[[:space:]]*= ]] && continue
    if [[ ${line//\\%/} == *%* ]]; then fail "$here: cron ends the command at a '%'" "write \\% instead"; fi
    read -r -a words <<<"$line"
    first=5
    if [[ ${words[0]} == @* ]]; then first=1; fi
    command=${words[first]-}
    [ -n "$command" ] || fail "$here has no command" "write one, for example gitlab-sync"
    if [[ $command =~ ^[A-Za-z0-9_./-]+$ ]] && ! PATH=$job_path command -v -- "$command" >/dev/null; then
        fail "$here: there is no program '$command'" "a user's crontab has no column for the user; else check the path"
    fi
    jobs=$((jobs + 1))
done <"$source"
[ "$jobs" -gt 0 ] || fail "$source has no line that runs anything" "write one, for example: 0 2 * * * gitlab-sync"

# The owner, the mode and the name of the mounted file would each make cron ignore it; its own copy has none of these.
{
    printf 'SHELL=/bin/bash\nBASH_ENV=/usr/local/lib/gitlab-sync/cron-environment\nPATH=%s\nMAILTO=""\n' "$job_path"
    tr -d '\r' <"$source"
    echo
} >"$run/crontab"
if ! problem=$(crontab -n "$run/crontab" 2>&1) && [[ $problem =~ :([0-9]+):\ ([a-z -]+) ]]; then
    # It counts from 0, and there are four lines before those of the source.
    fail "$source, line $((BASH_REMATCH[1] - 3)): ${BASH_REMATCH[2]}" "write a value that cron knows, see man 5 crontab"
fi
crontab "$run/crontab" || fail "cron does not take the crontab" "mount a tmpfs on /var/spool/cron/crontabs, mode 1730"

cron -f &
cron=$!

# Jobs run in sessions of their own, where no signal of the container's reaches them.
# shellcheck disable=SC2317,SC2329  # called by the trap
runs() {
    local process
    for process in /proc/[0-9]*; do
        if [ "$(readlink "$process/exe")" = /usr/local/bin/gitlab-sync ]; then echo "${process#/proc/}"; fi
    done
}

# shellcheck disable=SC2317,SC2329  # called by the trap
stop() {
    trap '' TERM INT
    kill -TERM "$cron" 2>/dev/null || :
    local pids
    mapfile -t pids < <(runs)
    if [ ${#pids[@]} -gt 0 ]; then
        kill -TERM "${pids[@]}" 2>/dev/null || :
        for _ in {1..80}; do
            [ -n "$(runs)" ] || break
            sleep 0.1
        done
    fi
    echo "entrypoint: stopped"
    exit 0
}
trap stop TERM INT

echo "entrypoint: cron runs $jobs lines of $source, TZ=${TZ:-UTC}"
status=0
wait "$cron" || status=$?
echo "entrypoint: cron has ended with $status" >&2
exit 70
