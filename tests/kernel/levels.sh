#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Is what the code does the same however it was compiled? arch/arm64/mm/mmu.c at -O0, -O1 and -O2, and preprocessed into one file, must
# give the same instructions with the same operands.
#
# Usage: levels.sh PROGRAM OUT, after run.sh built the bitcode in OUT.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$1
out=$2

# instructions SCHEDULE MMU: all that the threads execute, without the places that it comes from.
instructions() {
    local more=()
    [ ! -e "$out/fixmap.bc" ] || more=("--kernel=$out/fixmap.bc")
    "$program" extract --json "--kernel=$2" "${more[@]}" "--capabilities=$out/cpucaps.h" "$1" |
        python3 -c 'import json, sys; [print(run["count"], i["text"], i.get("va_step"), i.get("pa_step"))
for thread in json.load(sys.stdin)["threads"] for run in thread["runs"] for i in run["body"]]'
}

failed=0
checked=0
for level in O0 O1 preprocessed; do
    case $level in
    O?) options=("--flag=-$level") ;;
    *) options=(--preprocess) ;;
    esac
    "$here/variant.sh" "$out" "$level" arch/arm64/mm/mmu.c "${options[@]}"
    for name in unmap_pages unmap_blocks unmap_and_free remove_memory vmemmap_free free_pte_page pud_free_pmd_page pgd_store; do
        schedule=$here/schedules/$name.sched
        instructions "$schedule" "$out/mmu.bc" >"$out/usual.txt"
        instructions "$schedule" "$out/$level/mmu.bc" >"$out/other.txt"
        checked=$((checked + 1))
        if [ ! -s "$out/usual.txt" ] || ! diff "$out/usual.txt" "$out/other.txt" >"$out/difference.txt"; then
            echo "$name: NOT the same instructions at $level as at -O2 (< at -O2, > at $level):"
            head -20 "$out/difference.txt"
            failed=1
        fi
    done
done
echo "-O0, -O1, -O2, preprocessed: $checked comparisons $([ "$failed" = 0 ] && echo alike || echo NOT alike)"
exit "$failed"
