# SPDX-License-Identifier: Apache-2.0
# arch/arm64/kvm/vmid.c without the flush that a rollover of VMIDs asks for.
# Usage: awk -f undo_vmid_flush.awk vmid.c. Exit code 1 unless exactly one flush was dropped.

/^static void flush_context\(/ { inside = 1 }
/^}/ { inside = 0 }

inside && /^[ \t]*kvm_call_hyp\(__kvm_flush_vm_context\);$/ { dropped++; next }
{ print }

END {
    if (dropped != 1) {
        printf "undo_vmid_flush: dropped %d of 1: not the code this script knows\n", dropped > "/dev/stderr"
        exit 1
    }
}
