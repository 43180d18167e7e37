// SPDX-License-Identifier: Apache-2.0
//
// Instructions, descriptors and observers in words.
#include "checker/engine/event_letters.hpp"
#include "checker/engine/instruction_text.hpp"
#include "checker/engine/observer_formulas.hpp"
#include "tests/unit/checker/engine/asked.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;
using tests::Asked;

namespace {

std::vector<std::string> words(const Asked& asked, bool placed = false) {
    std::vector<std::string> result;
    const model::JudgedSchedule whole = asked.whole();
    for (const model::PlainInstruction& i : whole.threads[0].code) {
        result.push_back(placed ? placed_instruction(asked.program(), asked.property().hardware, i)
                                : instruction_text(asked.program(), asked.property().hardware, i));
    }
    return result;
}

}  // namespace

TEST_CASE("each kind of instruction has its phrase") {
    const Asked asked(
        "flag ready;\n" +
        tests::unmap("clear(R[1]); dsb(ishst);\ntlbi(vaale1is, R[1]); await(ready == 2); store(ready, 2); "
                     "free(R[1]); free(table(R, 3)); load(R[2]);"));
    const auto told = words(asked);
    REQUIRE(told.size() == 8);
    CHECK(told[0] == "R[1] = invalid");
    CHECK(told[1] == "DSB ISHST");
    CHECK(told[2] == "TLBI VAALE1IS, 0xffff000000001000");
    CHECK(told[3] == "await ready = 2");
    CHECK(told[4] == "store to ready");
    CHECK(told[5] == "free 0x80001000-0x80001fff");
    CHECK(told[6] == "free the level 3 table of 0xffff000000000000");
    CHECK(told[7] == "load of 0xffff000000002000");
    CHECK(words(asked, true)[2] == "TLBI VAALE1IS, 0xffff000000001000 (line 6)");
    CHECK(descriptor_text(asked.program(), asked.property().hardware, {0xffff000000001000, 3, 0}) ==
          "R[1] (level 3, 0xffff000000001000)");
}

TEST_CASE("an instruction of a helper is told with the user's own place") {
    const Asked asked(tests::unmap("clear(R[0]);\nflush_tlb_kernel_range(R[0]);"));
    for (const std::string& text : words(asked, true)) {
        INFO(text);
        CHECK((text.find("(line 4)") != std::string::npos || text.find("(line 5)") != std::string::npos));
    }
}

TEST_CASE("observers") {
    const Asked asked(tests::unmap(tests::good_unmap));
    model::ScheduleQuestion question;
    CHECK(observer_text(question, asked.whole()) == "a load on P0, directly after the schedule");
    question.store = true;
    question.observer = model::ObserverKind::other_pe;
    CHECK(observer_text(question, asked.whole()) == "a store on another PE, which has seen every thread end");
    question.store = false;
    question.conflict = true;
    question.observer = model::ObserverKind::other_pe_any_time;
    CHECK(observer_text(question, asked.whole()) ==
          "a load on another PE, at any time, that meets two conflicting entries");
}

TEST_CASE("events have letters, then two") {
    CHECK(letters(0) == "a");
    CHECK(letters(25) == "z");
    CHECK(letters(26) == "aa");
    CHECK(letters(27) == "ab");
    CHECK(letters(26 + 26 * 26) == "aaa");
}
