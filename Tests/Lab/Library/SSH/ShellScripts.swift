/// The scripts that sshd and git run, in bash: its own sockets save a `curl` in every session.
enum ShellScripts {
    /// What all scripts share: `ask PATH BODY` leaves the lines of the answer in `answer`.
    static let library = #"""
        LC_ALL=C
        ask() {
            exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
            printf 'POST /api/v4/internal/%s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n' "$1" >&3
            printf 'X-Lab-Secret: %s\r\nContent-Length: %d\r\n\r\n%s' "$secret" "${#2}" "$2" >&3
            local line
            while IFS= read -r line <&3 && [ "$line" != $'\r' ]; do :; done
            answer=()
            while IFS= read -r line <&3; do answer+=("$line"); done
            exec 3>&-
        }
        """# + "\n"

    /// What gitlab-shell does: asks whether the command is allowed, then becomes a git server or a refusal.
    static let session = #"""
        box() {
            printf 'remote: \nremote: ========================================================================\n'
            printf 'remote: \n'
            printf 'remote: %s\n' "$@"
            printf 'remote: \nremote: ========================================================================\n'
            printf 'remote: \n'
        }
        if [ -n "$LAB_KEY_OWNER" ] && [ -z "$SSH_ORIGINAL_COMMAND" ]; then
            printf 'Welcome to GitLab, %s!\n' "$LAB_KEY_OWNER"
            exit 0
        fi
        answer=()
        ask allowed "$SSH_ORIGINAL_COMMAND" 2>/dev/null
        case "${answer[0]}" in
        welcome) printf '%s\n' "${answer[1]}"; exit 0 ;;
        lfs) printf '%s' "${answer[1]}"; exit 0 ;;
        unknown) printf '%s\n' "${answer[1]}" >&2; exit 128 ;;
        refused) box "${answer[@]:1}" >&2; exit 1 ;;
        git) ;;
        *) box "Internal API unreachable" >&2; exit 1 ;;
        esac
        export LAB_SESSION=${answer[1]}
        service=${answer[2]} repository=${answer[3]} delay=${answer[4]} cut=${answer[5]}
        configuration=()
        for setting in "${answer[@]:6}"; do configuration+=(-c "$setting"); done
        # A session that hangs ends with its connection, as sshd leaves commands without a terminal alone.
        if [ "$delay" = infinity ]; then
            while kill -0 "$PPID" 2>/dev/null; do sleep 1; done
            exit 1
        fi
        while [ "$delay" = held ]; do
            kill -0 "$PPID" 2>/dev/null || exit 1
            sleep 0.1
            ask held "$LAB_SESSION"
            delay=${answer[0]}
        done
        if [ "$delay" != 0 ]; then sleep "$delay"; fi
        if [ -n "$cut" ]; then
            exec 4> >(exec head -c "$cut")
            reader=$!
            git "${configuration[@]}" "$service" "$repository" <&0 >&4 4>&- &
            writer=$!
            exec 4>&-
            wait "$reader"
            kill "$writer" 2>/dev/null
            wait "$writer"
            status=$?
        else
            git "${configuration[@]}" "$service" "$repository"
            status=$?
        fi
        printf '%s %s\n' "$LAB_SESSION" "$status" >>"$lab/sessions"
        exit "$status"
        """# + "\n"

    /// Sends the changes of a push with the place of their objects, and refuses as GitLab does.
    static let preReceive = #"""
        changes=$(</dev/stdin)
        options=
        for ((i = 0; i < ${GIT_PUSH_OPTION_COUNT:-0}; i++)); do
            name=GIT_PUSH_OPTION_$i
            options+="option ${!name}"$'\n'
        done
        ask pre_receive "session $LAB_SESSION
        objects $GIT_OBJECT_DIRECTORY
        alternates $GIT_ALTERNATE_OBJECT_DIRECTORIES
        $options$changes
        " || answer=("Internal API unreachable")
        [ "${answer[0]}" = ok ] && exit 0
        printf 'GitLab: %s\n' "${answer[0]}" >&2
        [ ${#answer[@]} -gt 1 ] && printf '%s\n' "${answer[@]:1}" >&2
        exit 1
        """# + "\n"

    /// Tells the server that the push is done, and prints what it says about it.
    static let postReceive = #"""
        ask post_receive "session $LAB_SESSION
        $(</dev/stdin)
        "
        [ ${#answer[@]} -gt 0 ] && printf '%s\n' "${answer[@]}" >&2
        exit 0
        """# + "\n"
}
