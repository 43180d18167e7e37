// SPDX-License-Identifier: Apache-2.0
#include "model/slice/any_size.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/model/slice/schedules.hpp"

using namespace tlbcheck::model;
using namespace tlbcheck::model::testing;

namespace {
constexpr std::uint64_t set = 16 * page;
constexpr std::uint64_t most = std::uint64_t{1} << 44;
}  // namespace

TEST_CASE("a flush for each leaf does not depend on the number of leaves") {
    const AnySize answer = any_size([](std::uint64_t size) { return std::optional(per_leaf(size, true)); },
                                    property(), set, set, most);
    CHECK(answer.dependence == SizeDependence::absorbed);
    CHECK(answer.from == set);
    CHECK(answer.text.find("every size of 64K or more") != std::string::npos);
}

TEST_CASE("a threshold that turns single flushes into one of everything is found") {
    const auto expand = [](std::uint64_t size) {
        if (size <= 512 * page) return std::optional(batched(size, false));
        ScheduleProgram program = batched(size, false);
        program.threads[0].code[2] = {1, {tlbi("vaale1is", base_va, 0)}};
        program.threads[0].code[2].body[0].place = {0, 17, 5};
        return std::optional(program);
    };
    const AnySize answer = any_size(expand, property(), 64 * page, page, most);
    CHECK(answer.dependence == SizeDependence::depends);
    REQUIRE(answer.changes_at);
    CHECK(*answer.changes_at == 513 * page);
    REQUIRE(answer.place);
    CHECK(answer.place->line == 17);
}

TEST_CASE("instructions chosen by the size, with the same slices, hold at the sizes tried") {
    const auto expand = [](std::uint64_t size) {
        ScheduleProgram program = batched(size, false);
        if (size / page % 2 == 0)
            program.threads[0].code[2] = {size / page / 2, {tlbi_range(base_va, 0, 0, 0, 2 * page)}};
        return std::optional(program);
    };
    const AnySize answer = any_size(expand, property(), 64 * page, page, most);
    CHECK(answer.dependence == SizeDependence::tried);
}
