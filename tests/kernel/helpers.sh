#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Are the helpers of linux.sched what the kernel has? Each function of helpers/ and its helper must give the same instructions with the
# same operands, on machines with and without TLB range operations, around the helper's thresholds.
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
    "$program" extract "$@" | sed -n '2,$p' | grep -vE '^(stub|capability|unset|register|warning)' | cut -c1-56 | sed 's/ *$//'
}

failed=0
compare() {
    local name=$1 helper=$2 pages=$3 range=$4
    local common=(-D "pages=$pages" "--tlb-range=$range")
    if diff <(instructions "${common[@]}" "--kernel=$out/mmu.bc" "--capabilities=$out/cpucaps.h" "$here/helpers/$name.sched") \
        <(instructions "${common[@]}" "$here/helpers/$helper.sched") >"$out/difference.txt"; then
        echo "helper $helper: as Linux $release ($pages pages, tlb_range=$range)"
    else
        echo "helper $helper: NOT as Linux $release ($pages pages, tlb_range=$range):"
        head -20 "$out/difference.txt"
        failed=1
    fi
}

kernel_range=flush_tlb_kernel_range.helper
at_least 6.13 || kernel_range=flush_tlb_kernel_range.helper_v6_12
for range in false true; do
    # None with two range operations in a row, which kernel code shows as one instruction repeated.
    for pages in 1 16 512 513; do compare flush_tlb_kernel_range "$kernel_range" "$pages" "$range"; done
    compare pmd_free_pte_page pmd_free_pte_page.helper 512 "$range"
done
exit "$failed"
