# SPDX-License-Identifier: Apache-2.0
# arch/arm64/mm/mmu.c as it was before hot remove flushed once at the end: in unmap_hotplug_{pte,pmd,pud}_range the flush of a
# leaf stands again before `if (free_mapped)`, for every leaf, and unmap_hotplug_range has no flush of the whole range.
# Usage: awk -f undo_batched_flush.awk mmu.c. Exit code 1 unless exactly three were moved and one dropped.

function indent(line) {
    match(line, /^[ \t]*/)
    return substr(line, 1, RLENGTH)
}

# The block `if (free_mapped) { ... }` is whole: the flush first, then the block without it and without its WARN on the
# Contiguous bit, which came with the change.
function print_moved(    i, flush) {
    for (i = 1; i <= held; i++)
        if (block[i] ~ /flush_tlb_kernel_range\(/) flush = block[i]
    if (flush != "") {
        sub(/^[ \t]*/, "", flush)
        print opening flush
        moved++
    }
    for (i = 1; i <= held; i++)
        if (block[i] !~ /flush_tlb_kernel_range\(/ && block[i] !~ /WARN_ON\(p(te|md)_cont\(/) print block[i]
    held = 0
}

/^static void unmap_hotplug_(pte|pmd|pud)_range\(/ { leaf = 1 }
/^static void unmap_hotplug_range\(/ { whole = 1 }
/^}/ { leaf = 0; whole = 0 }

held {
    block[++held] = $0
    if ($0 == opening "}") print_moved()
    next
}
leaf && /^[ \t]*if \(free_mapped\) \{$/ {
    opening = indent($0)
    block[held = 1] = $0
    next
}
whole && /^[ \t]*if \(!free_mapped\)$/ {
    condition = $0
    getline
    if ($0 ~ /flush_tlb_kernel_range\(start, end\);$/) {
        dropped++
        next
    }
    print condition
}
{ print }

END {
    if (moved != 3 || dropped != 1) {
        printf "undo_batched_flush: moved %d of 3, dropped %d of 1: not the code this script knows\n", moved, dropped > "/dev/stderr"
        exit 1
    }
}
