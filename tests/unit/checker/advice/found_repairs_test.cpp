// SPDX-License-Identifier: Apache-2.0
//
// Which of several repairs are shown, and which need not be judged.
#include "checker/advice/source/found_repairs.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

namespace {

ToldChange put_in(const std::string& does, const std::string& place, const std::string& around) {
    return {{does + " " + place, Kin{does, around}}};
}

ToldChange in_one_place(const std::string& what) {
    return {{what}};
}

FoundRepair repair_of(std::vector<ToldChange> changes, std::uint64_t tlbis = 1, int weight = 0) {
    FoundRepair repair;
    repair.count = static_cast<int>(changes.size());
    repair.changes = std::move(changes);
    repair.weight = weight;
    repair.cost.broadcasts.count = repair.cost.tlbis.count = tlbis;
    return repair;
}

}  // namespace

TEST_CASE("of one change in several places one repair is kept", "[found_repairs]") {
    FoundRepairs found;
    found.add(repair_of({put_in("isb()", "before line 3", "line 1")}));
    CHECK_FALSE(found.wanted(repair_of({put_in("isb()", "before line 4", "line 1")})));
    // In a loop it is executed more often.
    CHECK(found.wanted(repair_of({put_in("isb()", "before line 6", "line 5")})));
    // Two are no one.
    CHECK(found.wanted(repair_of({put_in("dsb(ish)", "before line 3", "line 1")})));
    found.add(repair_of({put_in("isb()", "before line 4", "line 1")}));
    REQUIRE(found.all().size() == 2);
    CHECK_FALSE(found.dispensable(0));
    CHECK(found.dispensable(1));
}

TEST_CASE("as many changes of a kind are alike, one is not two", "[found_repairs]") {
    const std::vector<ToldChange> one{put_in("isb()", "before line 3", "line 1"), in_one_place("DSB")};
    const std::vector<ToldChange> two{put_in("isb()", "before line 3", "line 1"),
                                      put_in("isb()", "before line 5", "line 1")};
    const std::vector<ToldChange> others{put_in("isb()", "before line 4", "line 1"),
                                         put_in("isb()", "before line 6", "line 1")};
    CHECK(includes(two, others));
    CHECK(includes(others, two));
    CHECK_FALSE(includes(one, two));
    CHECK_FALSE(includes(two, one));
    CHECK(includes(one, {in_one_place("DSB")}));
}

TEST_CASE("what does more than another in whatever place is dispensable", "[found_repairs]") {
    ToldChange flush = put_in("a flush of R", "before line 7", "line 1");
    flush.exceeds.push_back({"isb() before line 7", Kin{"isb()", "line 1"}});
    FoundRepairs found;
    found.add(repair_of({put_in("isb()", "before line 3", "line 1")}));
    CHECK_FALSE(found.wanted(repair_of({flush}, 2)));
    flush.exceeds.clear();
    CHECK(found.wanted(repair_of({flush}, 2)));
}

TEST_CASE("fewer edits come first, then what flushes not everything, then what is cheaper",
          "[found_repairs]") {
    ToldChange everything = in_one_place("a flush of everything");
    everything.form = ChangeForm::everything_put_in;
    FoundRepairs found;
    found.add(repair_of({in_one_place("a"), in_one_place("b")}, 0));
    found.add(repair_of({everything}, 1));
    found.add(repair_of({in_one_place("c")}, 3));
    CHECK(found.most_useful() == 2);
    found.add(repair_of({in_one_place("d")}, 2, 1));
    std::vector<std::string> order;
    for (const FoundRepair& repair : found.all()) order.push_back(repair.changes.front().name.what);
    CHECK(order == std::vector<std::string>{"d", "c", "a flush of everything", "a"});
    CHECK(found.most_useful() == 1);
    CHECK_FALSE(found.wanted(repair_of({in_one_place("e"), in_one_place("f")}, 0)));
    CHECK(found.wanted(repair_of({in_one_place("e")}, 2)));
    CHECK_FALSE(found.wanted(repair_of({everything}, 2)));
}
