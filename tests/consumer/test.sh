#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Installs a build into a scratch prefix, builds the consumer against it, and lets it check two schedules: one with a
# counterexample, one without.
# Usage: test.sh BUILD_DIR

set -eu
source=$(cd "$(dirname "$0")" && pwd)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cmake --install "$1" --prefix "$scratch/prefix" >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
cmake -G Ninja -S "$source" -B "$scratch/build" -DCMAKE_PREFIX_PATH="$scratch/prefix" -DCMAKE_BUILD_TYPE=Release \
    >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
cmake --build "$scratch/build" >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
examples=$source/../../examples/unmap_hotplug
# expect STATUS FILE TEXT: the consumer's exit code and a line of its output.
expect() {
    status=0
    "$scratch/build/consumer" "$2" >"$scratch/out" 2>"$scratch/err" || status=$?
    if [ "$status" -ne "$1" ] || ! cat "$scratch/out" "$scratch/err" | grep -qF "$3"; then
        echo "consumer $2: exit $status, expected $1 with: $3"
        cat "$scratch/out" "$scratch/err"
        exit 1
    fi
}
expect 1 "$examples/per_leaf.sched" 'no_stale_entry(linear): unsafe, a walk for the neighbour'
expect 1 "$examples/per_leaf.sched" 'TLBI VAALE1IS, 0xffff000080000000'
expect 0 "$examples/batched.sched" 'no_stale_entry(linear): safe'
expect 2 "$examples/none.sched" "no such file"
if [ -x "$1/tlbcheck" ]; then "$scratch/prefix/bin/tlbcheck" --version; fi
