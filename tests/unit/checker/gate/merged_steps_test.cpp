// SPDX-License-Identifier: Apache-2.0
//
// Steps of one file in several configurations: only what can be dropped in each is told.
#include "checker/gate/merged_steps.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

namespace {

StepNote step(std::uint32_t line, Need need, std::vector<std::string> weaker = {}) {
    return {{"a.sched", line, 5}, {"a.sched", line, 5}, "dsb(ish)", need, std::move(weaker), ""};
}

MinimizedSteps merged(MinimizedSteps into, const MinimizedSteps& from) {
    merge_steps(into, from);
    return into;
}

}  // namespace

TEST_CASE("a step is droppable where it is in every configuration", "[merged_steps]") {
    const auto both = [](const StepNote& a, const StepNote& b) {
        const StepNote there = merged({{a}, ""}, {{b}, ""}).steps.at(0);
        CHECK(merged({{b}, ""}, {{a}, ""}).steps.at(0) == there);
        return there;
    };
    CHECK(both(step(1, Need::not_needed), step(1, Need::not_needed)).need == Need::not_needed);
    CHECK(both(step(1, Need::not_needed), step(1, Need::needed)).need == Need::needed);
    CHECK(both(step(1, Need::could_be_weaker, {"dsb(ishst)"}), step(1, Need::needed)).need == Need::needed);
    CHECK(both(step(1, Need::undecided), step(1, Need::not_needed)).need == Need::undecided);
    const StepNote weaker = both(step(1, Need::not_needed), step(1, Need::could_be_weaker, {"dsb(nsh)"}));
    CHECK(weaker.need == Need::could_be_weaker);
    CHECK(weaker.weaker == std::vector<std::string>{"dsb(nsh)"});
    CHECK(both(step(1, Need::could_be_weaker, {"dsb(nsh)"}), step(1, Need::could_be_weaker, {"dsb(ishst)"}))
              .need == Need::needed);
}

TEST_CASE("a step that a configuration does not execute counts by the others", "[merged_steps]") {
    const MinimizedSteps all = merged({{step(1, Need::needed)}, ""}, {{step(2, Need::not_needed)}, ""});
    REQUIRE(all.steps.size() == 2);
    CHECK(all.steps[1].need == Need::not_needed);
}

TEST_CASE("a configuration without an answer silences the file", "[merged_steps]") {
    FileReport file;
    file.minimized = merged({{step(1, Need::not_needed)}, ""}, {{}, "an assertion is violated"});
    CHECK(file.minimized->why_not == "an assertion is violated");
    CHECK(droppable(file).empty());
    file.minimized->why_not.clear();
    REQUIRE(droppable(file).size() == 1);
    CHECK(step_sentence(droppable(file)[0]) ==
          "dsb(ish) is not needed: all else as it is, every assertion stays safe without it");
}
