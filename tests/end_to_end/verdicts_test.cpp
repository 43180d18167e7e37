// SPDX-License-Identifier: Apache-2.0
//
// The answers that must hold, each on its example file, through the program. Only verdicts are looked at,
// never the file's own assert and witness lines.
#include "tests/end_to_end/answers.hpp"
#include "tests/support/catch.hpp"

using tlbcheck::tests::verdicts;

TEST_CASE("unmapping with a flush per leaf is unsafe just where hardware may shatter a contiguous entry") {
    // As given, shattered, coalesced, none.
    CHECK(verdicts("examples/unmap_hotplug/per_leaf.sched") == "unsafe unsafe safe safe");
    CHECK(verdicts("examples/unmap_hotplug/per_leaf_16k.sched") == "unsafe");
    CHECK(verdicts("examples/unmap_hotplug/per_leaf_64k.sched") == "unsafe");
    CHECK(verdicts("examples/unmap_hotplug/per_leaf_blocks.sched") == "unsafe");
    CHECK(verdicts("examples/unmap_hotplug/per_leaf_blocks_without_range.sched") == "safe");
    CHECK(verdicts("examples/unmap_hotplug/per_leaf_plain_pages.sched") == "safe");
    CHECK(verdicts("examples/unmap_hotplug/one_tlbi_per_plain_block.sched") == "safe safe");
    CHECK(verdicts("examples/unmap_hotplug/one_tlbi_per_contiguous_block.sched") == "unsafe");
    CHECK(verdicts("examples/unmap_hotplug/per_leaf_2g.sched") == "unsafe");
}

TEST_CASE("hardware options override what the file's machine and its questions leave open") {
    CHECK(verdicts("examples/unmap_hotplug/per_leaf_blocks.sched", {"--contiguous-fill", "coalesced"}) ==
          "safe");
    CHECK(verdicts("examples/unmap_hotplug/per_leaf_blocks.sched", {"--contiguous-fill", "none"}) == "safe");
    CHECK(verdicts("examples/unmap_hotplug/per_leaf_blocks.sched", {"--tlb-range", "false"}) == "safe");
    CHECK(verdicts("examples/flush_mistakes/no_isb.sched", {"--ets", "2"}) == "safe safe");
    CHECK(verdicts("examples/break_before_make/unfold_per_leaf.sched", {"--bbm-level", "2"}) == "safe");
}

TEST_CASE("one flush after a batch, or for each contiguous set, is safe") {
    CHECK(verdicts("examples/unmap_hotplug/batched.sched") == "safe");
    CHECK(verdicts("examples/unmap_hotplug/batched_16k.sched") == "safe");
    CHECK(verdicts("examples/unmap_hotplug/batched_64k.sched") == "safe");
    CHECK(verdicts("examples/unmap_hotplug/batched_blocks.sched") == "safe safe");
    CHECK(verdicts("examples/unmap_hotplug/batched_mix.sched") == "safe safe safe safe");
    CHECK(verdicts("examples/unmap_hotplug/batched_2g.sched") == "safe");
    CHECK(verdicts("examples/unmap_hotplug/one_flush_per_set.sched") == "safe");
}

TEST_CASE("each mistake in a flush is found, and the flush without it is safe") {
    CHECK(verdicts("examples/flush_mistakes/one_page_short.sched") == "unsafe");
    CHECK(verdicts("examples/flush_mistakes/no_dsb_before.sched") == "unsafe");
    CHECK(verdicts("examples/flush_mistakes/dmb_before.sched") == "unsafe");
    CHECK(verdicts("examples/flush_mistakes/ishst_after.sched") == "unsafe");
    CHECK(verdicts("examples/flush_mistakes/no_dsb_after.sched") == "unsafe");
    CHECK(verdicts("examples/flush_mistakes/local_tlbi.sched") == "unsafe");
    CHECK(verdicts("examples/flush_mistakes/wrong_ttl.sched") == "unsafe");
    CHECK(verdicts("examples/flush_mistakes/short_num.sched") == "unsafe");
    CHECK(verdicts("examples/flush_mistakes/right_ttl.sched") == "safe");
    CHECK(verdicts("examples/flush_mistakes/right_num.sched") == "safe");
    CHECK(verdicts("examples/flush_mistakes/no_isb.sched") == "unsafe safe");  // ets = 0, ets = 2
}

TEST_CASE("memory is free to be reused only after the flush") {
    CHECK(verdicts("examples/vmemmap/flush_before_free.sched") == "safe safe");
    CHECK(verdicts("examples/vmemmap/free_before_flush.sched") == "unsafe safe");  // the flush does follow
    CHECK(verdicts("examples/vmemmap/contiguous_per_leaf.sched") == "unsafe");
    CHECK(verdicts("examples/vmemmap/contiguous_per_set.sched") == "safe");
}

TEST_CASE("table pages: the walk cache counts") {
    CHECK(verdicts("examples/page_table_free/after_pgtable_flush.sched") == "safe");
    CHECK(verdicts("examples/page_table_free/after_last_level_flush.sched") == "unsafe");
    CHECK(verdicts("examples/page_table_free/live_leaves.sched") == "unsafe");
    CHECK(verdicts("examples/page_table_free/live_leaves_page_freed.sched") == "unsafe");
    CHECK(verdicts("examples/page_table_free/live_leaves_all_levels_flush.sched") == "safe");
    CHECK(verdicts("examples/page_table_free/live_leaves_last_level_flush.sched") == "unsafe");
    CHECK(verdicts("examples/page_table_free/live_leaves_table_freed.sched") == "safe");
    CHECK(verdicts("examples/page_table_free/per_page_walk_cache.sched") == "unsafe");
    CHECK(verdicts("examples/page_table_free/hooked_then_zeroed.sched") == "unsafe");
    CHECK(verdicts("examples/page_table_free/zeroed_then_hooked.sched") == "safe");
    CHECK(verdicts("examples/page_table_free/table_switched.sched") == "unsafe");
    CHECK(verdicts("examples/page_table_free/table_switched_and_flushed.sched") == "safe");
}

TEST_CASE("break-before-make, by level") {
    // no_tlb_conflict at level 2 and 3, no_bbm_violation at level 0 and 2.
    CHECK(verdicts("examples/break_before_make/fold_without_bbm.sched") == "unsafe safe unsafe safe");
    CHECK(verdicts("examples/break_before_make/fold_with_bbm.sched") == "safe safe safe");
    // Level 0, 1, 2.
    CHECK(verdicts("examples/break_before_make/unfold_without_bbm.sched") == "unsafe safe safe");
    CHECK(verdicts("examples/break_before_make/unfold_with_bbm.sched") == "safe safe safe");
    CHECK(verdicts("examples/break_before_make/move_page.sched") == "unsafe unsafe");
    CHECK(verdicts("examples/break_before_make/split_block_without_bbm.sched") == "unsafe safe");
}
