#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Runs inside a clean root, in a folder with the packages: installs them, runs the program on its installed
# examples, builds the consumer against the library, removes everything again.

set -eu

# expect STATUS COMMAND...: fails unless the command exits with STATUS; its output is shown.
expect() {
    status=$1
    shift
    got=0
    "$@" >output 2>&1 || got=$?
    cat output
    [ "$got" -eq "$status" ] || { echo "try: exit code $got, not $status: $*"; exit 1; }
}

apt-get update -q >/dev/null
apt-get install -q -y --no-install-recommends ./tlbcheck_*.deb >/dev/null
expect 0 tlbcheck --version
# Minimal images may drop /usr/share/doc; the package has the examples there.
examples=/usr/share/doc/tlbcheck/examples/unmap_hotplug
if [ -d $examples ]; then
    expect 0 tlbcheck check $examples/per_leaf.sched $examples/batched.sched
    grep -q 'no_stale_entry.*: unsafe' output
    grep -q 'no_stale_entry.*: safe' output
    expect 0 tlbcheck explain $examples/per_leaf.sched
    cat $examples/README.md >/dev/null
fi
[ -s /usr/share/tlbcheck/linux.sched ]

apt-get install -q -y --no-install-recommends ./libtlbcheck-dev_*.deb g++ cmake ninja-build >/dev/null
cmake -G Ninja -S consumer -B consumer_build >/dev/null
cmake --build consumer_build >/dev/null
expect 0 consumer_build/consumer

apt-get purge -q -y tlbcheck libtlbcheck-dev >/dev/null
[ ! -e /usr/bin/tlbcheck ] && [ ! -e /usr/share/tlbcheck ]
echo 'try: installed, ran, removed'
