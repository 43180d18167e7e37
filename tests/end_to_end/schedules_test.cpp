// SPDX-License-Identifier: Apache-2.0
//
// Small schedules, each with the answers that docs/formal-model.md gives, worked out by hand before the
// program was asked: every construct of the language, kind of TLBI operand, barrier and hazard at least once,
// right and wrong.
#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using tlbcheck::tests::run_tlbcheck;
using tlbcheck::tests::source_dir;

TEST_CASE("schedules worked out by hand get the answers they declare") {
    std::vector<std::string> command{"check"};
    for (const auto& entry :
         std::filesystem::directory_iterator(source_dir() / "tests/end_to_end/schedules")) {
        if (entry.path().extension() == ".sched") command.push_back(entry.path().string());
    }
    std::ranges::sort(command.begin() + 1, command.end());
    REQUIRE(command.size() > 200);
    const auto run = run_tlbcheck(command);
    INFO(run.out << run.err);
    CHECK(run.status == 0);
}
