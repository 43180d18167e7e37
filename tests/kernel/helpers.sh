#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Are the helpers of linux.sched what the kernel has? Each function of helpers/ and its helper must give the same instructions with the
# same operands, on machines with and without TLB range operations, with and without BBM level 2 that never aborts, around thresholds.
#
# Usage: helpers.sh PROGRAM OUT, after run.sh built the bitcode in OUT.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$1
out=$2
release=$(cat "$out/release")

# at_least MAJOR.MINOR: the bitcode is of that release or a later one.
at_least() { [ "$(printf '%s\n' "$1" "$release" | sort -V | head -1)" = "$1" ]; }

# The instructions alone: numbers and operands, without the places they come from.
instructions() {
    "$program" extract "$@" >"$out/instructions.txt" 2>&1 || {
        cat "$out/instructions.txt"
        return
    }
    sed -n '2,$p' "$out/instructions.txt" | grep -vE '^(stub|capability|unset|register|warning)' | cut -c1-56 | sed 's/ *$//'
}

failed=0
checked=0
# compare NAME FILES OPTIONS...
compare() {
    local name=$1 files=$2 file kernel=()
    shift 2
    for file in ${files//,/ }; do
        [ ! -e "$out/$file.bc" ] || kernel+=("--kernel=$out/$file.bc")
    done
    instructions "$@" -D real=true "${kernel[@]}" "--capabilities=$out/cpucaps.h" "$here/helpers/$name.sched" >"$out/real.txt"
    instructions "$@" -D real=false "$here/helpers/$name.sched" >"$out/helper.txt"
    checked=$((checked + 1))
    if [ ! -s "$out/helper.txt" ] || ! diff "$out/real.txt" "$out/helper.txt" >"$out/difference.txt"; then
        echo "helper $name: NOT as Linux $release ($*); < the kernel, > the helper:"
        head -20 "$out/difference.txt"
        failed=1
    fi
}

while read -r name files since until; do
    [[ $name != '#'* ]] || continue
    [ "$since" = - ] || at_least "$since" || continue
    [ "$until" = - ] || ! at_least "$until" || continue
    # None with two range operations in a row, which kernel code shows as one instruction repeated.
    sizes=(16)
    [[ $name != *range* ]] || sizes=(1 16 512 513)
    for pages in "${sizes[@]}"; do
        for range in false true; do compare "$name" "$files" -D "pages=$pages" "--tlb-range=$range"; done
    done
    [[ $name != contpte* ]] || ! at_least 6.17 || compare "$name" "$files" --bbm-level=3
done <"$here/helpers.txt"
echo "helpers of linux.sched: $checked comparisons with Linux $release: $([ "$failed" = 0 ] && echo alike || echo NOT alike)"
exit "$failed"
