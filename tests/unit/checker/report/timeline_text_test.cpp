// SPDX-License-Identifier: Apache-2.0

#include "checker/report/timeline_text.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

TEST_CASE("an entry is named by the descriptors it covers and the one it came from", "[timeline_text]") {
    const Timeline timeline = tests::seed_timeline();
    const std::vector<CachedEntry> set = timeline.steps[0].pes[1].tlb;
    REQUIRE(set.size() == 1);
    CHECK(entry_text(timeline.memory, set[0]) ==
          "linear[0]..linear[3] -> 0x80000000 rw, from linear[2] (coalesced)");
    CHECK(entry_text(timeline.memory, timeline.steps.back().pes[1].tlb.at(0)) ==
          "linear[0] -> 0x80000000 rw, from linear[1] (shattered)");
    CHECK(entry_text({}, set[0]).find("0xffff000080000000-0xffff000080003fff (16K)") == 0);
}

TEST_CASE("an entry lives from its fill to its removal", "[timeline_text]") {
    const Timeline timeline = tests::seed_timeline();
    const std::vector<EntryLife> lives = entry_lives(timeline);
    REQUIRE(lives.size() == 3);
    const EntryLife& coalesced = lives[0].lane == Lane::tlb ? lives[0] : lives[1];
    CHECK(coalesced.born == 0);
    CHECK(coalesced.last == 3);
    CHECK(coalesced.stale_from == 1);
    CHECK(lives[2].born == 6);
    CHECK(lives[2].last == static_cast<int>(timeline.steps.size()) - 1);
    CHECK(lives[2].ever_stale);
    CHECK(lives[2].track == 0);  // The first one has gone by then.
}
