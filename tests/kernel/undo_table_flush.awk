# SPDX-License-Identifier: Apache-2.0
# arch/arm64/kvm/hyp/pgtable.c as it was before a table that is zapped was flushed at once, and for all levels: stage2_unmap_put_pte
# asks for tables and leaves alike whether to leave the flush to the end, and gives the entry's level as a hint.
# Usage: awk -f undo_table_flush.awk pgtable.c. Exit code 1 unless exactly one place was changed.

/^static void stage2_unmap_put_pte\(/ { inside = 1 }
/^}/ { inside = 0 }

inside && /^[ \t]*if \(kvm_pte_table\(ctx->old, ctx->level\)\) \{$/ { dropping = 1; next }
dropping && /^[ \t]*\} else if \(!stage2_unmap_defer_tlb_flush\(pgt\)\) \{$/ {
    dropping = 0
    sub(/\} else /, "")
    changed++
}
dropping { next }
{ print }

END {
    if (changed != 1) {
        printf "undo_table_flush: changed %d of 1: not the code this script knows\n", changed > "/dev/stderr"
        exit 1
    }
}
