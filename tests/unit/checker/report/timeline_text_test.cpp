// SPDX-License-Identifier: Apache-2.0

#include "checker/report/timeline_text.hpp"

#include <array>
#include <map>

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

TEST_CASE("an entry's tags are its stage where there are VMs, its regime but EL1&0, its ASID and VMID") {
    using Stage = tlbcheck::model::CachedTranslation::Stage;
    using tlbcheck::model::Regime;
    EntryTags tags{Stage::combined, Regime::el10, false, 5, 1, "process"};
    CHECK(tags_text(tags) == "both stages, ASID 5, VMID 1");
    tags.vmid.reset();
    CHECK(tags_text(tags) == "ASID 5");
    CHECK(tags_text({Stage::stage2, Regime::el10, false, std::nullopt, 3, "guest"}) == "stage 2, VMID 3");
    CHECK(tags_text({Stage::stage1, Regime::el20, true, std::nullopt, std::nullopt, "host"}) ==
          "EL2&0, any ASID");
}

TEST_CASE("entries of one stage stand together in the TLB's lane") {
    using Stage = tlbcheck::model::CachedTranslation::Stage;
    Timeline timeline = tests::seed_timeline();
    std::vector<CachedEntry> entries(3, timeline.steps[0].pes[1].tlb.at(0));
    const std::array stages{Stage::combined, Stage::stage2, Stage::stage1};
    for (std::uint32_t k = 0; k < entries.size(); ++k) {
        entries[k].id = k;
        entries[k].tags = EntryTags{stages.at(k), tlbcheck::model::Regime::el10, false, {}, 1, "guest"};
    }
    timeline.steps.resize(1);
    timeline.steps[0].pes[1].tlb = entries;
    std::map<std::uint32_t, int> tracks;
    for (const EntryLife& life : entry_lives(timeline))
        if (life.pe == 1 && life.lane == Lane::tlb) tracks[life.entry.id] = life.track;
    CHECK(tracks == std::map<std::uint32_t, int>{{0, 2}, {1, 1}, {2, 0}});
}
