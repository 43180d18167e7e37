// SPDX-License-Identifier: Apache-2.0
//
// C that cannot be judged, or only with a warning: for the messages. Written for tlbcheck; no line of it is a kernel's. Compiled as
// examples/kernel_code/compile.sh compiles: odd.bc stands beside it.

typedef unsigned long u64;

extern u64 swapper_pg_dir[512];
extern long memstart_addr;
extern u64 elsewhere(u64);
extern u64 not_set;

#define LINEAR_MAP 0xffff000000000000UL
#define ADDRESS 0x0000fffffffff000UL

/* The slot for va at the last level. */
static u64 *slot_of(u64 va) {
    u64 *table = swapper_pg_dir;
    for (int level = 0; level < 3; ++level)
        table = (u64 *)((((volatile u64 *)table)[va >> (39 - 9 * level) & 511] & ADDRESS) - (u64)memstart_addr | LINEAR_MAP);
    return table + (va >> 12 & 511);
}

/* As a kernel does it: the trap's address and flags stand in a table. 1: a warning. */
#define TRAP(flags)                                                                                                             \
    __asm__ volatile("1: brk #0x800\n.pushsection __bug_table, \"aw\"\n.align 2\n2: .long 1b - .\n.pushsection .rodata.str, \"aMS\", @progbits, 1\n3: " \
                     ".string \"odd.c\"\n.popsection\n.long 3b - .\n.short %c0\n.short " flags "\n.align 2\n.popsection" ::"i"(__LINE__))

void warns(u64 va) {
    TRAP("1");
    *(volatile u64 *)slot_of(va) = 0;
    __asm__ volatile("dsb ishst\ntlbi vmalle1is\ndsb ish\nisb" ::: "memory");
}

void stops(void) { TRAP("0"); }

void half_a_descriptor(u64 va) { *(volatile unsigned *)slot_of(va) = 0; }

void changes_gp(u64 va) {
    volatile u64 *slot = slot_of(va);
    *slot = *slot ^ 1UL << 50;
}

void calls_elsewhere(void) { elsewhere(1); }

void calls_null(void (*function)(void)) { function(); }

u64 reads(u64 address) { return *(volatile u64 *)address; }

u64 reads_what_is_not_set(u64 va) {
    *(volatile u64 *)slot_of(va) = 0;
    return not_set;
}

u64 reads_its_stack(void) {
    volatile u64 local[4];
    return local[1];
}

void runs_for_ever(void) {
    for (volatile int i = 0;; ++i) continue;
}

u64 calls_itself(u64 n) {
    volatile u64 here = n;
    return calls_itself(here + 1) + here;
}

void unknown_instruction(void) { __asm__ volatile("fmov d0, x0"); }

void writes_a_register(void) { __asm__ volatile("msr ttbr0_el1, %0" ::"r"(0UL)); }

/* Two descriptors, one after the other. */
void stores_twice(volatile u64 *slot, u64 first, u64 second) {
    *slot = first;
    *slot = second;
}

/* Tables of the image's own, hooked while it boots as those of a kernel's fixmap are: zero, and not touched before. */
extern long kimage_voffset;
struct { u64 *pgd; } init_mm;
static u64 own_tables[3][512] __attribute__((aligned(4096)));
#define TABLE_OF(n) (((u64)own_tables[n] - (u64)kimage_voffset) | 3)
void early_fixmap_init(void) {
    init_mm.pgd[511] = TABLE_OF(0);
    own_tables[0][511] = TABLE_OF(1);
    own_tables[1][511] = TABLE_OF(2);
}

void stores_to_own_table(u64 first, u64 second) { stores_twice(&own_tables[2][5], first, second); }

/* All calls agree on one argument: the compiler takes it out. */
static __attribute__((noinline)) void maps(u64 va, u64 pa, u64 bits) { *(volatile u64 *)slot_of(va) = pa | bits; }
void maps_twice(u64 va) {
    maps(va, 0x80000000UL, 0x60000000000703UL);
    maps(va + 4096, 0x80000000UL, 0x60000000000783UL);
}
