#!/usr/bin/env bash
# Try the project on a machine that has nothing: a new Debian in FOLDER, the checked-out commit cloned into
# it, and make targets run there with an empty home.
#
#   setup/bare_machine.sh FOLDER [TARGET]...      such as: /tmp/bare lint test "demo CHECK=1"
#
# Needs root and debootstrap. The project lies in root's home, a folder that only root can enter: on purpose.
# Mounts and processes are in namespaces of their own (unshare(1)), so nothing of them outlives this script.
set -euo pipefail

readonly RELEASE=bookworm
readonly PACKAGES=python3,make,git,ca-certificates
# What tells this machine's programs how to reach a package archive.
readonly NETWORK=(http_proxy https_proxy ftp_proxy no_proxy HTTP_PROXY HTTPS_PROXY FTP_PROXY NO_PROXY
    PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST PIP_DEFAULT_TIMEOUT NPM_CONFIG_REGISTRY)
readonly CERTIFICATES=(SSL_CERT_FILE PIP_CERT REQUESTS_CA_BUNDLE CURL_CA_BUNDLE GIT_SSL_CAINFO
    NODE_EXTRA_CA_CERTS)
readonly AUTHORITIES=/etc/ssl/certs/ca-certificates.crt

project=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

main() {
    [[ $# -ge 1 ]] || fail "usage: $0 FOLDER [TARGET]..."
    [[ $EUID -eq 0 ]] || fail "only root can make a bare machine"
    command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"
    if [[ -z ${ESCALA_UNSHARED:-} ]]; then
        ESCALA_UNSHARED=1 exec unshare --mount --pid --fork --kill-child "$0" "$@"
    fi
    [[ ! -e $1 || -z $(ls -A "$1") ]] || fail "$1 is not empty: a bare machine is made anew each time"
    mkdir -p "$1"
    local root
    root=$(cd "$1" && pwd)
    shift
    timed "a new Debian" install_debian "$root"
    share_network "$root"
    mount_kernel_folders "$root"
    git clone --quiet --no-hardlinks "$project" "$root/root/escala"
    local target
    for target in "$@"; do
        # a target may carry variables: "demo CHECK=1"
        # shellcheck disable=SC2086
        timed "make $target" inside "$root" make --no-print-directory -C /root/escala $target
    done
}

install_debian() {
    local root=$1 archive uri keyring log
    archive=$(cd "$project" && python3 -c "
from setup.debian import own_source
print(own_source().uri, own_source().signed_by)")
    read -r uri keyring <<<"$archive"
    log=$(mktemp)
    debootstrap --variant=minbase --include="$PACKAGES" ${keyring:+--keyring="$keyring"} \
        "$RELEASE" "$root" "$uri" >"$log" 2>&1 || fail "debootstrap failed; see $log"
    rm "$log"
    # As in container images: installing a package starts no service.
    printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
    chmod +x "$root/usr/sbin/policy-rc.d"
}

# Let the new machine reach the package archives the way this one does.
share_network() {
    local root=$1 name file
    for file in /etc/resolv.conf /etc/hosts /etc/pip.conf "$AUTHORITIES"; do
        share_file "$root" "$file"
    done
    for name in "${CERTIFICATES[@]}"; do
        share_file "$root" "${!name:-}"
    done
    apt-config dump | grep -E '^Acquire::(https?::|Check-|Retries)' \
        >"$root/etc/apt/apt.conf.d/99network" || true
}

share_file() {
    if [[ -f $2 ]]; then
        install -D --mode=644 "$2" "$1$2"
    fi
}

mount_kernel_folders() {
    local root=$1
    mount -t proc proc "$root/proc"
    mount -t sysfs -o ro sysfs "$root/sys"
    mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
    mkdir -p "$root/dev/shm"
    mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
}

inside() {
    local root=$1 name
    shift
    local environment=(HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin)
    for name in "${NETWORK[@]}" "${CERTIFICATES[@]}"; do
        [[ -z ${!name:-} ]] || environment+=("$name=${!name}")
    done
    chroot "$root" env --ignore-environment "${environment[@]}" "$@" </dev/null
}

timed() {
    local title=$1 started=$SECONDS
    shift
    echo "== $title"
    "$@"
    echo "== $title: $((SECONDS - started)) s"
}

fail() {
    echo "ERROR: $1" >&2
    exit 1
}

main "$@"
