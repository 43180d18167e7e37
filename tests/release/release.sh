#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the Debian packages in a root of each supported release, installs them in a clean root and runs them there.
# Usage: release.sh [SUITE...] (default: bookworm trixie). Needs root and debootstrap. The packages are left in
# build/packages/SUITE/, the roots in build/roots/ (a base root is made once; delete the folder to start anew).

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
[ "$(id -u)" -eq 0 ] || { echo 'release: needs root, for chroot' >&2; exit 2; }
roots=$PWD/build/roots
mkdir -p "$roots"

# inside ROOT COMMAND: runs a shell command in a root; /proc is mounted in a namespace that ends with it.
inside() {
    unshare --mount sh -c 'mount -t proc proc "$1/proc" && mount -t devpts devpts "$1/dev/pts" &&
        exec chroot "$1" env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 \
            DEBIAN_FRONTEND=noninteractive sh -ec "$2"' sh "$1" "$2"
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

build_packages() {
    local suite=$1 root=$roots/$1-build
    [ -d "$root" ] || fresh_root "$suite" "$suite-build"
    rm -rf "$root/src"
    mkdir "$root/src"
    git ls-files -z | tar --null -T - -cf - | tar -C "$root/src" -xf -
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
    cp tests/release/try.sh "$root/try/"
    inside "$root" 'cd /try && ./try.sh'
}

[ $# -gt 0 ] || set -- bookworm trixie
for suite; do
    echo "== $suite: building the packages"
    build_packages "$suite"
    echo "== $suite: installing and running them"
    try_packages "$suite"
done
echo "release: packages for $* are in build/packages/, installed and tried"
