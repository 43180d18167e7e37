// SPDX-License-Identifier: Apache-2.0
//
// Code that changes which tables a PE walks, for tests: registers written, entries flushed, hypercalls. No line of it is a kernel's.
// Compiled by compile_odd.sh.

typedef unsigned long u64;

/* The list of hypercalls, by the name that KVM's has. */
enum __kvm_host_smccc_func {
    __KVM_HOST_SMCCC_FUNC_flush_guest = 7,
    __KVM_HOST_SMCCC_FUNC_only_declared = 8,
};

#define WRITE(name)                                                          \
    __attribute__((noinline, used)) void write_##name(u64 value) {           \
        __asm__ volatile("msr " #name ", %x0" ::"r"(value) : "memory");      \
    }
WRITE(ttbr0_el1)
WRITE(ttbr1_el1)
WRITE(vttbr_el2)
WRITE(hcr_el2)
WRITE(mair_el1)

__attribute__((noinline, used)) void change_hcr(u64 clear, u64 set) {
    u64 value;
    __asm__ volatile("mrs %x0, hcr_el2" : "=r"(value));
    write_hcr_el2(value & ~clear | set);
}

__attribute__((noinline, used)) void store_entry(u64 *slot, u64 value) { *(volatile u64 *)slot = value; }

struct pair { u64 first, second; };
struct holder { u64 before; struct pair inside; };

__attribute__((noinline, used)) void stores_what_is_at(u64 *slot, u64 *from) { store_entry(slot, *from); }
__attribute__((noinline, used)) u64 of_holder(struct holder *holder) { return holder->inside.second; }

/* Of stage 2, then of all that combines it with stage 1. */
__attribute__((noinline, used)) u64 flush_guest(u64 ipa, u64 only_stage2) {
    __asm__ volatile("dsb ishst\ntlbi ipas2e1is, %x0\ndsb ish" ::"r"(ipa >> 12) : "memory");
    if (!only_stage2) __asm__ volatile("tlbi vmalle1is\ndsb ish" ::: "memory");
    __asm__ volatile("isb" ::: "memory");
    return ipa;
}

__attribute__((noinline, used)) void flush_el2(u64 va) {
    __asm__ volatile("dsb ishst\ntlbi vae2is, %x0\ndsb ish\nisb" ::"r"(va >> 12) : "memory");
}

__attribute__((noinline, used)) void flush_all_here(void) { __asm__ volatile("dsb nshst\ntlbi vmalle1\ndsb nsh\nisb" ::: "memory"); }

/* Returns what the call gave in X1; stores there only when it succeeded. */
__attribute__((noinline, used)) void hypercall(u64 number, u64 a, u64 b, u64 *slot) {
    register u64 x0 __asm__("x0") = 0xc6000000 | number;
    register u64 x1 __asm__("x1") = a;
    register u64 x2 __asm__("x2") = b;
    __asm__ volatile("hvc #0" : "+r"(x0), "+r"(x1), "+r"(x2)::"memory");
    if (slot && x0 == 0 && x1 == a) store_entry(slot, 0);
}

__attribute__((noinline, used)) void all_hypercalls(u64 a) {
    hypercall(__KVM_HOST_SMCCC_FUNC_flush_guest, a, 0, 0);
    hypercall(__KVM_HOST_SMCCC_FUNC_only_declared, a, 0, 0);
}
