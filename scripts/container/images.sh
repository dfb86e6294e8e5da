# shellcheck shell=bash
# The programs and the images: of the product as its Dockerfile says, and of the lab.

# Linters' and compose's judgement of what we wrote.
check_files() {
    "$venv/bin/hadolint" Dockerfile
    shellcheck docker/*.sh docker/gitlab-sync docker/cron-environment .ci/run deploy/systemd/gitlab-sync-run deploy/debian/{postinst,prerm,postrm}
    local script
    for script in scripts/*; do
        if [ -f "$script" ] && [[ $(head -n 1 "$script") == '#!/bin/bash' ]]; then shellcheck -x -a "$script"; fi
    done
    "${compose[@]}" -f docker-compose.yml config -q
    "${compose[@]}" -f docker-compose.yml -f docker-compose.cron.yml config -q
    echo "clean"
}

import_bases() {
    local name
    for name in "${bases[@]}"; do
        "$docker" image inspect "debian:$name-slim" >/dev/null 2>&1 ||
            "$docker" import -c 'CMD ["bash"]' "$cache/$name.tar" "debian:$name-slim" >/dev/null
    done
}

# Builds an image; tries again, since what it installs comes from an archive that may not answer.
build_image() {
    local attempt
    for attempt in 1 2 3; do
        if timeout 2400 "$docker" build --network=host -q "$@" >/dev/null 2>"$work/build.log"; then return; fi
        [ "$attempt" -lt 3 ] || break
        sleep 10
    done
    cat "$work/build.log" >&2
    archive_answers || not_run "the package archive does not answer: $(tail -1 "$work/archive.log")"
    fail "an image does not build"
}

# Builds the programs with this machine's toolchain. Sets `program`, which --full does not use, and `lab_program`; and the folders of
# Swift's libraries for those that are not linked to them statically.
build_programs() {
    local from=$SECONDS scratch=.build-image products=(gitlab-sync gitlab-lab) product swift bin
    local options=(-c release --static-swift-stdlib)
    mkdir "$work/nothing"
    libraries=$work/nothing
    lab_libraries=$work/nothing
    swift=$(readlink -f "$(command -v swift)")
    if [ "$mode" = --debug ]; then
        scratch=.build
        # As the tests are built.
        options=(-Xswiftc -warnings-as-errors)
        libraries=${swift%/bin/*}/lib/swift/linux
        lab_libraries=$libraries
    fi
    if [ -n "$lab_build" ]; then
        products=(gitlab-sync)
        lab_libraries=${swift%/bin/*}/lib/swift/linux
    fi
    if [ "$mode" = --full ]; then unset 'products[0]'; fi
    options+=(--scratch-path "$scratch")

    if [ ${#products[@]} -gt 0 ]; then fetch_packages "$scratch"; fi
    for product in "${products[@]}"; do
        swift build "${options[@]}" --product "$product" >"$work/build.log" 2>&1 || {
            tail -20 "$work/build.log" >&2
            fail "$product does not build"
        }
    done
    bin=$(swift build "${options[@]}" --show-bin-path)
    program=$bin/gitlab-sync
    lab_program=${lab_build:+$lab_build/debug/gitlab-lab}
    lab_program=${lab_program:-$bin/gitlab-lab}
    echo "compiled in $((SECONDS - from)) s"
}

fetch_packages() {
    local attempt
    for attempt in 1 2 3; do
        if timeout 900 swift package --scratch-path "$1" resolve >"$work/resolve.log" 2>&1; then return; fi
        [ "$attempt" -lt 3 ] || not_run "the Swift packages cannot be fetched: $(tail -1 "$work/resolve.log")"
        sleep 10
    done
}

# Builds the Dockerfile of the product; sets `size`, in bytes.
make_image() {
    local from=$SECONDS binary
    if [ "$mode" = --full ]; then
        make_swift_image
        make_builder_image
        binary=gitlab-sync-built:ci
        build_image --build-arg "RUNTIME_IMAGE=$builder" --target build -t "$binary" .
        echo "compiled in $((SECONDS - from)) s"
    else
        binary=gitlab-sync-binary:ci
        install -Ds -m 0755 "$program" "$work/binary/out/gitlab-sync"
        tar -C "$work/binary" -c out | "$docker" import - "$binary" >/dev/null
        rm -r "$work/binary"
    fi
    build_image --build-arg "RUNTIME_IMAGE=debian:$release-slim" --build-arg "BINARY=$binary" -t gitlab-sync:latest .
    size=$("$docker" image inspect -f '{{.Size}}' gitlab-sync:latest)
    echo "built in $((SECONDS - from)) s, $((size / 1000000)) MB"
}

# What the official image of Swift is: a Debian 12 with the toolchain in its /usr, which is this machine's.
make_swift_image() {
    if "$docker" image inspect swift:6.3-bookworm >/dev/null 2>&1; then return; fi
    local swift
    swift=$(readlink -f "$(command -v swift)")
    mkdir "$work/swift"
    # Debuggers and editors' servers are half of the toolchain, and no build needs them.
    tar -C "${swift%/usr/bin/*}" --exclude='*lldb*' --exclude='*sourcekit-lsp*' -cf "$work/swift/usr.tar" usr
    cat >"$work/swift/Dockerfile" <<'DOCKERFILE'
FROM debian:bookworm-slim
RUN apt-get update \
 && apt-get install -y --no-install-recommends binutils gcc git libcurl4-openssl-dev libstdc++-12-dev libxml2-dev pkg-config \
 && rm -rf /var/lib/apt/lists/*
ADD usr.tar /
DOCKERFILE
    build_image -t swift:6.3-bookworm "$work/swift"
    rm -r "$work/swift"
}

# Sets `builder`, what the build runs on: where this machine reads packages from a folder, so does the build, and only the build.
make_builder_image() {
    local mirror
    mirror=$(git config --get-regexp '^url\..*\.insteadof$' '^https://github\.com/$' | sed -E 's/^url\.(.*)\.insteadof .*/\1/' | head -1 || :)
    builder=debian:$release-slim
    if [ ! -d "$mirror" ]; then return; fi
    builder=gitlab-sync-builder:ci
    mkdir -p "$work/packages$mirror" "$work/packages/etc"
    cp -a "$mirror/." "$work/packages$mirror"
    printf '[url "%s"]\n\tinsteadOf = https://github.com/\n[safe]\n\tdirectory = *\n' "$mirror" >"$work/packages/etc/gitconfig"
    printf 'FROM debian:%s-slim\nCOPY . /\n' "$release" >"$work/builder.Dockerfile"
    build_image -t "$builder" -f "$work/builder.Dockerfile" "$work/packages"
    rm -r "$work/packages"
}

make_lab_image() {
    mkdir "$work/lab-image"
    install -s -m 0755 "$lab_program" "$work/lab-image/gitlab-lab"
    cat >"$work/lab-image/Dockerfile" <<'DOCKERFILE'
ARG BASE
FROM ${BASE}
RUN apt-get update && apt-get install -y --no-install-recommends git openssh-server openssh-client libcurl4 libstdc++6 libxml2 \
    libsqlite3-0 tzdata \
 && rm -rf /var/lib/apt/lists/* && mkdir -p /run/sshd
COPY gitlab-lab /usr/local/bin/
CMD ["gitlab-lab", "up", "--host", "lab", "--directory", "/lab/servers", "--env-file", "/lab/env", "--ssh-dir", "/lab/keys"]
DOCKERFILE
    build_image --build-arg "BASE=debian:$host-slim" -t gitlab-lab:ci "$work/lab-image"
    rm -r "$work/lab-image"
}
