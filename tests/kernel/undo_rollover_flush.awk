# SPDX-License-Identifier: Apache-2.0
# arch/arm64/mm/context.c without the flush of this CPU that a rollover of ASIDs asks for.
# Usage: awk -f undo_rollover_flush.awk context.c. Exit code 1 unless exactly one flush was dropped.

/^void check_and_switch_context\(/ { inside = 1 }
/^}/ { inside = 0 }

inside && /^[ \t]*local_flush_tlb_all\(\);$/ {
    sub(/local_flush_tlb_all\(\)/, "")
    dropped++
}
{ print }

END {
    if (dropped != 1) {
        printf "undo_rollover_flush: dropped %d of 1: not the code this script knows\n", dropped > "/dev/stderr"
        exit 1
    }
}
