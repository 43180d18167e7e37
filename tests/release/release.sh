#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# In a clean root of each supported Debian release: the demo and the packages are built from a clone, the packages are
# installed in another clean root and run there, and both releases' programs, with their different Z3, must answer alike.
# Usage: release.sh [--demo | --test] [SUITE...] (default: bookworm trixie). Needs root and debootstrap.
#   --demo   only: nothing but git and apt, then `./dev demo`
#   --test   only: the same with `./dev test`; a folder named shared/ beside this tree goes along
# The packages are left in build/packages/SUITE/, the roots in $TLBCHECK_ROOTS (default: build/roots). A root with
# nothing installed is made once for each suite and kept as SUITE.tar; delete the folder to start anew.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ "$(id -u)" -eq 0 ] || { echo 'release: needs root, for chroot' >&2; exit 2; }
roots=${TLBCHECK_ROOTS:-$PWD/build/roots}
mkdir -p "$roots" build/packages

# inside ROOT COMMAND: runs a shell command in a root; what is mounted ends with the command.
inside() {
    unshare --mount sh -c 'mount -t proc proc "$1/proc" && mount -t devpts devpts "$1/dev/pts" &&
        exec chroot "$1" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
            TLBCHECK_JOBS="${TLBCHECK_JOBS:-}" DEBIAN_FRONTEND=noninteractive sh -ec "$2"' sh "$1" "$2"
}

fresh_root() {
    local suite=$1 name=$2
    if [ ! -e "$roots/$suite.tar" ]; then
        rm -rf "$roots/$suite-base"
        debootstrap --variant=minbase "$suite" "$roots/$suite-base" >"$roots/$suite.log"
        tar -C "$roots/$suite-base" -cf "$roots/$suite.tar.part" .
        mv "$roots/$suite.tar.part" "$roots/$suite.tar"
        rm -rf "$roots/$suite-base"
    fi
    rm -rf "${roots:?}/$name"
    mkdir "$roots/$name"
    tar -C "$roots/$name" -xf "$roots/$suite.tar"
}

# The tree as it stands, uncommitted changes included, at /src of a root.
copy_tree() {
    rm -rf "$1/src"
    mkdir "$1/src"
    git ls-files -z --cached --others --exclude-standard | tar --null -T - -cf - | tar -C "$1/src" -xf -
}

# run_dev SUITE COMMAND: in a clean root with the tree and git.
run_dev() {
    local suite=$1 command=$2 root=$roots/$1-$2
    fresh_root "$suite" "$suite-$command"
    copy_tree "$root"
    if [ "$command" = test ] && [ -d ../shared ]; then cp -r ../shared "$root/shared"; fi
    inside "$root" "apt-get update -q && apt-get install -q -y --no-install-recommends git ca-certificates"
    inside "$root" "cd /src && ./dev $command"
}

build_packages() {
    local suite=$1 root=$roots/$1-build
    [ -d "$root" ] || fresh_root "$suite" "$suite-build"
    copy_tree "$root"
    inside "$root" 'cd /src && ./dev package'
    rm -rf "build/packages/$suite"
    mkdir -p "build/packages/$suite"
    cp "$root"/src/build/release/packages/*.deb "build/packages/$suite/"
}

try_packages() {
    local suite=$1 root=$roots/$1-clean
    fresh_root "$suite" "$suite-clean"
    mkdir -p "$root/try"
    cp "build/packages/$suite"/*.deb "$root/try/"
    cp -r tests/consumer "$root/try/"
    cp tests/release/try.sh tests/release/answers.sh "$root/try/"
    inside "$root" 'cd /try && ./try.sh'
    cp "$root/try/answers.txt" "build/packages/$suite.answers.txt"
}

# What every example prints, as text and as documents, must be the same whatever the release's Z3.
compare_answers() {
    local suite
    for suite; do
        cmp "build/packages/$1.answers.txt" "build/packages/$suite.answers.txt" || exit 1
    done
    echo "release: $# releases, $(grep -c '^== ' "build/packages/$1.answers.txt") outputs each, the same to the byte"
}

only=
case ${1:-} in
--demo | --test)
    only=${1#--}
    shift
    ;;
esac
[ $# -gt 0 ] || set -- bookworm trixie
for suite; do
    if [ -n "$only" ]; then
        echo "== $suite: ./dev $only in a clean root"
        run_dev "$suite" "$only"
        continue
    fi
    echo "== $suite: building the packages"
    build_packages "$suite"
    echo "== $suite: installing and running them"
    try_packages "$suite"
done
[ -z "$only" ] || exit 0
compare_answers "$@"
echo "release: packages for $* are in build/packages/, installed and tried"
