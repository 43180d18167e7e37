#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real kernel code checked: a source package or tree to bitcode, the batched flush of hot remove undone in a copy, every scenario of
# schedules/ asked of both. Other changes undone likewise: how KVM flushes a table that it zaps (6.6 and later), the flush after a rollover of
# ASIDs or VMIDs. Called by `./dev kernel`.
#
# Usage: run.sh PROGRAM [VERSION | TREE] [SCENARIO...]
#   VERSION  6.1 (default), 6.12, 7.2, ...: Debian's package linux-source-VERSION, installed where apt has it
#   TREE     a kernel tree, or a linux-source-*.tar.xz; or a folder that a run before left, to build nothing
# Leaves everything in build/kernel/VERSION/. Exit code 1 when a verdict is not the expected one.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
program=$(realpath "$1")
wanted=${2:-6.1}
root=$(cd "$here/../.." && pwd)

die() {
    echo "kernel: $*" >&2
    exit 2
}

built=
if [ -e "$wanted/mmu.bc" ]; then
    out=$(realpath "$wanted")
    built=yes
elif [ -e "$wanted" ]; then
    source=$(realpath "$wanted")
    out=$root/build/kernel/$(basename "$source" .tar.xz)
else
    source=/usr/src/linux-source-$wanted.tar.xz
    [ -e "$source" ] || die "no $source: apt-get install linux-source-$wanted"
    out=$root/build/kernel/$wanted
fi
mkdir -p "$out"
shift $(($# < 2 ? $# : 2))
# at_least RELEASE: the bitcode is of that release or a later one.
at_least() { [ "$(printf '%s\n' "$1" "$(cat "$out/release")" | sort -V | head -1)" = "$1" ]; }
build() {
    echo "kernel: building bitcode in $out" >&2
    "$here/bitcode.sh" "$source" "$out"
    "$here/variant.sh" "$out" before arch/arm64/mm/mmu.c awk -f "$here/undo_batched_flush.awk"
    "$here/variant.sh" "$out" before arch/arm64/mm/context.c awk -f "$here/undo_rollover_flush.awk"
    "$here/variant.sh" "$out" before arch/arm64/kvm/vmid.c awk -f "$here/undo_vmid_flush.awk"
    ! at_least 6.6 || "$here/variant.sh" "$out" before arch/arm64/kvm/hyp/pgtable.c awk -f "$here/undo_table_flush.awk"
    [ ! -e "$out/cpucaps.h" ] || cp "$out/cpucaps.h" "$out/before/"
}
[ "$built" = yes ] || build
echo "Linux $(cat "$out/release"), clang$(cat "$out/llvm")"

# kernel_options SCHEDULE FOLDER: --kernel for each file that the schedule names and the release has, mmu.bc from FOLDER; and what those
# call in nearly every release: fixmap.bc and contpte.bc.
kernel_options() {
    local schedule=$1 folder=$2 name named
    named=$(sed -n 's/^kernel \(.*\);$/\1/p' "$schedule" | tr -d '",')
    for name in $(printf '%s\n' $named fixmap.bc contpte.bc | awk '!seen[$0]++'); do
        if [ -e "$folder/$name" ]; then echo "--kernel=$folder/$name"; elif [ -e "$out/$name" ]; then echo "--kernel=$out/$name"; fi
    done
}

# verdict_of SCHEDULE FOLDER: "safe" or "unsafe" or "error", instructions, seconds.
verdict_of() {
    local schedule=$1 folder=$2 options=() started ended code=0 instructions
    mapfile -t options < <(kernel_options "$schedule" "$folder")
    started=$(date +%s%N)
    "$program" check "${options[@]}" --capabilities="$out/cpucaps.h" "$schedule" >"$out/answer.txt" 2>&1 || code=$?
    ended=$(date +%s%N)
    instructions=$("$program" extract "${options[@]}" --capabilities="$out/cpucaps.h" "$schedule" 2>/dev/null |
        sed -n 's/^thread [^:]*: \([0-9]*\) instructions.*/\1/p' | head -1) || true
    case $code in
    0) verdict=safe ;;
    1) verdict=unsafe ;;
    3) verdict=undecided ;;
    *) verdict=error ;;
    esac
    [ "$verdict" != error ] || sed 's/^/    /' "$out/answer.txt" >&2
    printf '%s %s %s.%02d' "$verdict" "${instructions:-?}" $(((ended - started) / 1000000000)) $(((ended - started) / 10000000 % 100))
}

failed=0
printf '%-24s %-8s %-10s %-10s %12s %8s\n' scenario code verdict expected instructions seconds
# expected.txt: scenario, verdicts before and after; the first release that has the function, the first that has it no more.
while read -r name before after since until; do
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    [ -z "$since" ] || at_least "$since" || continue
    [ -z "$until" ] || ! at_least "$until" || continue
    for code in before after; do
        folder=$out
        [ "$code" = after ] || folder=$out/before
        expected=${!code}
        read -r verdict instructions seconds <<<"$(verdict_of "$here/schedules/$name.sched" "$folder")"
        mark=
        if [ "$verdict" != "$expected" ]; then
            mark='  <- not as expected'
            failed=1
        fi
        printf '%-24s %-8s %-10s %-10s %12s %8s%s\n' "$name" "$code" "$verdict" "$expected" "$instructions" "$seconds" "$mark"
    done
done <"$here/expected.txt"
[ $# -gt 0 ] || "$here/helpers.sh" "$program" "$out" || failed=1
[ $# -gt 0 ] || "$here/levels.sh" "$program" "$out" || failed=1
exit "$failed"
