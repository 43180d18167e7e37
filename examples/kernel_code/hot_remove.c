// SPDX-License-Identifier: Apache-2.0
//
// Page-table code in the shape of a kernel's: walks over real tables, flushes of inline assembly, an alternative that the CPU's
// capabilities choose, a static key. Written for tlbcheck; no line of it is a kernel's. Compiled by compile.sh.
//
// -DDROP=n leaves out one thing, to see that it is needed: 1 the clear of the entry, 2 the barrier before the TLBI, 3 the TLBI,
// 4 the barrier after it, 5 the ISB, 6 the barrier between a new table's contents and its hook, 7 and 8 the DSB and the ISB after the hook.

#include "cpucaps.h"

#ifndef DROP
#define DROP 0
#endif
#define UNLESS(n, statement) \
    do {                     \
        if (DROP != (n)) {   \
            statement;       \
        }                    \
    } while (0)

typedef unsigned long u64;
typedef u64 entry;

#define PAGE_BYTES 4096UL
#define BLOCK_BYTES (512 * PAGE_BYTES)
#define LINEAR_MAP 0xffff000000000000UL
#define ADDRESS 0x0000fffffffff000UL
#define VALID 1UL
#define TABLE 3UL

/* Kernel code finds its memory by these; the program sets them. */
extern entry swapper_pg_dir[512];
extern long memstart_addr;
struct page;
extern void free_pages(u64 address, unsigned int order);
extern u64 get_zeroed_page(unsigned int flags);

struct static_key {
    int enabled;
    void *entries;
};
struct static_key batching = {0, 0};

static inline u64 to_virtual(u64 pa) { return (pa - (u64)memstart_addr) | LINEAR_MAP; }
static inline entry read_entry(entry *slot) { return *(volatile entry *)slot; }
static inline void write_entry(entry *slot, entry value) { *(volatile entry *)slot = value; }
static inline entry *next_table(entry value) { return (entry *)to_virtual(value & ADDRESS); }

static inline entry *slot_of(entry *table, u64 va, int level) {
    return table + (va >> (39 - 9 * level) & 511);
}

/* The slot for va at the level, or at the block above it. */
static entry *walk(u64 va, int last, int *level) {
    entry *table = swapper_pg_dir;
    for (*level = 0;; ++*level) {
        entry *slot = slot_of(table, va, *level);
        entry value = read_entry(slot);
        if (*level == last || (value & TABLE) != TABLE) return slot;
        table = next_table(value);
    }
}

// ---- flushes -----------------------------------------------------------------------------------------------------------

/* Code that the CPU's capability replaces, as a kernel patches it while it boots. */
#define ALTERNATIVE(before, after, capability)                                                                        \
    "10: " before "\n11:\n.pushsection .altinstructions, \"a\"\n.word 10b - ., 12f - .\n.hword " capability           \
    "\n.byte 11b - 10b, 13f - 12f\n.popsection\n.subsection 1\n12: " after "\n13:\n.org . - (13b - 12b) + (11b - 10b)\n.previous\n"

static inline void barrier_before(void) { UNLESS(2, __asm__ volatile("dsb ishst" ::: "memory")); }
static inline void barrier_after(void) {
    UNLESS(4, __asm__ volatile("dsb ish" ::: "memory"));
    UNLESS(5, __asm__ volatile("isb" ::: "memory"));
}
static inline void invalidate_page(u64 va) {
    UNLESS(3, __asm__ volatile("tlbi vaale1is, %x0" ::"r"(va >> 12 & 0xfffffffffffUL)));
}

/* True where the alternative was patched in. */
static inline int has_tlb_range(void) {
    int yes;
    __asm__(ALTERNATIVE("mov %w0, #0", "mov %w0, #1", "1") : "=r"(yes));
    return yes;
}

static void flush(u64 start, u64 end) {
    barrier_before();
    if (has_tlb_range() && end - start >= 2 * PAGE_BYTES && (end - start) % (2 * PAGE_BYTES) == 0 && end - start <= 64 * PAGE_BYTES) {
        u64 operand = (start >> 12 & 0x1fffffffffUL) | (end - start) / (2 * PAGE_BYTES) - 1 << 39 | 1UL << 46;
        UNLESS(3, __asm__ volatile(".arch armv8.5-a\ntlbi rvaale1is, %x0" ::"r"(operand)));
    } else {
        for (u64 va = start; va < end; va += PAGE_BYTES) invalidate_page(va);
    }
    barrier_after();
}

static inline void clear(entry *slot) { UNLESS(1, write_entry(slot, 0)); }

/* Whether flushes are put off to the end: a branch that the kernel patches when the key is switched. */
static inline int batching_enabled(void) {
    __asm__ goto("1: nop\n.pushsection __jump_table, \"aw\"\n.align 3\n.long 1b - ., %l1 - .\n.quad %c0 - .\n.popsection"
                 : : "i"(&batching) : : yes);
    return 0;
yes:
    return 1;
}

// ---- what schedules call ------------------------------------------------------------------------------------------------

/* Each leaf by itself: cleared, flushed. Wrong where leaves form a contiguous set. */
__attribute__((noinline)) void unmap_per_leaf(u64 start, u64 end) {
    int level;
    for (u64 va = start; va < end; va += level == 2 ? BLOCK_BYTES : PAGE_BYTES) {
        clear(walk(va, 3, &level));
        flush(va, va + PAGE_BYTES);
    }
}

/* All leaves cleared, then one flush of all. */
__attribute__((noinline)) void unmap_batched(u64 start, u64 end) {
    int level;
    for (u64 va = start; va < end; va += level == 2 ? BLOCK_BYTES : PAGE_BYTES) clear(walk(va, 3, &level));
    flush(start, end);
}

/* One or the other, by the key. */
__attribute__((noinline)) void unmap_by_key(u64 start, u64 end) {
    if (batching_enabled()) unmap_batched(start, end);
    else unmap_per_leaf(start, end);
}

/* Pages go back to the allocator, each after its flush. */
__attribute__((noinline)) void unmap_and_free(u64 start, u64 end) {
    int level;
    for (u64 va = start; va < end; va += PAGE_BYTES) {
        entry *slot = walk(va, 3, &level);
        entry old = read_entry(slot);
        clear(slot);
        flush(va, va + PAGE_BYTES);
        free_pages(to_virtual(old & ADDRESS), 0);
    }
}

/* The table of the last level is unhooked, its walks are flushed by one address, it is freed. */
__attribute__((noinline)) void free_table(u64 va) {
    int level;
    entry *slot = walk(va, 2, &level);
    entry old = read_entry(slot);
    clear(slot);
    barrier_before();
    UNLESS(3, __asm__ volatile("tlbi vaae1is, %x0" ::"r"(va >> 12 & 0xfffffffffffUL)));
    barrier_after();
    free_pages((u64)next_table(old), 0);
}

/* A new table is filled, made visible, hooked. */
__attribute__((noinline)) void map_page(u64 va, u64 pa) {
    int level;
    entry *slot = walk(va, 2, &level);
    entry *table = (entry *)get_zeroed_page(0);
    write_entry(slot_of(table, va, 3), pa | 0x00e8000000000703UL);
    UNLESS(6, __asm__ volatile("dsb ishst" ::: "memory"));
    write_entry(slot, (((u64)table & ~LINEAR_MAP) + (u64)memstart_addr) | TABLE);
    UNLESS(7, __asm__ volatile("dsb ishst" ::: "memory"));
    UNLESS(8, __asm__ volatile("isb" ::: "memory"));
}
