// SPDX-License-Identifier: Apache-2.0
//
// For small schedules with one thing wrong: the kinds of change that are found, the words, and that the
// change, applied, makes the schedule safe.
#include "checker/advice/cause.hpp"

#include "tests/unit/checker/advice/found_cause.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;
using Found = tests::FoundCause;
using tests::kinds;

TEST_CASE("the barrier that is missing is found, and mends the schedule") {
    const std::vector<std::pair<std::string, std::string>> cases{
        {"clear(R[0]); tlbi(vaale1is, R[0]); dsb(ish); isb();", "dsb_before_tlbi"},
        {"clear(R[0]); dsb(ishld); tlbi(vaale1is, R[0]); dsb(ish); isb();", "dsb_before_tlbi"},
        {"clear(R[0]); dsb(ishst); tlbi(vaale1is, R[0]); isb();", "dsb_after_tlbi"},
        {"clear(R[0]); dsb(ishst); tlbi(vaale1is, R[0]); dsb(ish);", "isb"},
        {"clear(R[0]); dsb(ishst); tlbi(vaale1, R[0]); dsb(ish); isb();", "widen_tlbi"},
        {"clear(R[0]); dsb(ishst); tlbi(vaale1is, R[1]); dsb(ish); isb();", "name_address"},
        {"clear(R[0]); dsb(ish); isb();", "add_flush"},
    };
    for (const auto& [code, kind] : cases) {
        INFO(code);
        const Found found(tests::unmap(code));
        CHECK(found.cause.tested);
        CHECK(found.cause.remedy == Remedy::changes);
        CHECK(found.kinds_of() == kind);
        CHECK(found.cause.to_do.size() == found.cause.changes.size());
        CHECK_FALSE(found.cause.sentence.empty());
        CHECK(found.after(found.cause.changes) == Verdict::safe);
    }
}

TEST_CASE("two things that are wrong are both told, and either alone does not help") {
    const Found found(tests::unmap("clear(R[0]); tlbi(vaale1is, R[0]); isb();"));
    CHECK(found.kinds_of() == "dsb_before_tlbi dsb_after_tlbi");
    REQUIRE(found.cause.changes.size() == 2);
    CHECK(found.after({found.cause.changes[0]}) == Verdict::unsafe);
    CHECK(found.after({found.cause.changes[1]}) == Verdict::unsafe);
    CHECK(found.after(found.cause.changes) == Verdict::safe);
}

TEST_CASE("memory that is freed too early is freed later, or unmapped first") {
    const Found early(
        tests::unmap("clear(R[0]); free(R[0]); dsb(ishst); tlbi(vaale1is, R[0]); dsb(ish); isb();",
                     "assert no_use_after_free;"));
    CHECK(early.kinds_of() == "free_later");
    CHECK(early.after(early.cause.changes) == Verdict::safe);
    const Found mapped(tests::unmap("free(R[0]);", "assert no_use_after_free;"));
    CHECK(mapped.kinds_of().find("unmap_first") != std::string::npos);
}

TEST_CASE("a sentence names the instruction with its line") {
    const Found found(tests::unmap("clear(R[0]);\ndsb(ishst);\ntlbi(vaale1is, R[0]);\nisb();"));
    CHECK(found.cause.sentence.find("0xffff000000000000") != std::string::npos);
    REQUIRE(found.cause.to_do.size() == 1);
    CHECK(found.cause.to_do[0].find("(line 6)") != std::string::npos);
    REQUIRE(found.cause.offending);
    CHECK(found.cause.offending->place.line == 6);
}

TEST_CASE("without asking the engine nothing is said to help") {
    const Found found(tests::unmap(tests::bad_unmap));
    const Cause untested =
        untested_cause(found.asked.program(), found.asked.property(), found.answer.witness->misread);
    CHECK_FALSE(untested.tested);
    CHECK(untested.remedy == Remedy::unknown);
    CHECK(untested.changes.empty());
    CHECK_FALSE(untested.sentence.empty());
}

TEST_CASE("of changes that help together those are kept that are needed") {
    const Found found(tests::unmap("clear(R[0]); tlbi(vaale1is, R[0]); isb();"));
    Trial trial(found.asked.program(), found.asked.property(), found.answer.witness->witness.va);
    CHECK_FALSE(trial.holds(Edit{}, Gone::address));
    CHECK(trial.holds(found.cause.changes, Gone::address));
    std::vector<Change> more = found.cause.changes;
    const Found other(tests::unmap("clear(R[0]); dsb(ishst); tlbi(vaale1is, R[0]); dsb(ish);"));
    Change isb = other.cause.changes.at(0);
    isb.edit = {InsertStep{{0, 0, 3}, std::get<InsertStep>(isb.edit.at(0)).code}};
    more.push_back(isb);
    CHECK(kinds(trial.needed(more, Gone::address)) == "dsb_before_tlbi dsb_after_tlbi");
    CHECK(edit_of(more).size() == 3);
    CHECK(trial.more());
}

TEST_CASE("at a label and where threads go by what they read, what the sentence says is so") {
    const std::string start = "region r { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }\n";
    const std::string late =
        start +
        "thread P0 { clear(r); store_release(told, 1); dsb(ishst); tlbi(vae1is, r); dsb(ish); }\n"
        "thread P1 { await(told == 1); isb(); label: ; }\n"
        "assert no_stale_entry(r) at label by P1;";
    const Found signalled(late);
    CHECK(signalled.kinds_of() == "signal_later");
    CHECK(signalled.cause.sentence.find("before the TLBI that removes it is complete") != std::string::npos);
    CHECK(signalled.after(signalled.cause.changes) == Verdict::safe);

    const Found not_told(
        start +
        "thread P0 { clear(r); store(pending, 1); }\n"
        "thread P1 { if (read(r) == 0) { if (read(pending) == 1) { dsb(ishst); tlbi(vae1is, r); "
        "dsb(ish); isb(); } } label: ; }\n"
        "assert no_stale_entry(r) at label by P1;");
    CHECK(not_told.cause.remedy == Remedy::changes);
    CHECK(not_told.kinds_of() == "flush_at_label");
    CHECK(not_told.after(not_told.cause.changes) == Verdict::safe);

    const Found by_flag(start +
                        "thread P0 { clear(r); dsb(ishst); tlbi(vae1is, r); dsb(ish); isb(); "
                        "store_release(done, 1); }\n"
                        "thread P1 { if (read(done) == 1) { free(r); } }\n"
                        "assert no_use_after_free;");
    CHECK(by_flag.kinds_of() == "dsb_before_signal");
    CHECK(by_flag.after(by_flag.cause.changes) == Verdict::safe);
}

TEST_CASE("with repeat_tlbi a flush that is there is not said to be missing") {
    const Found once(
        "machine { repeat_tlbi = true; }\n"
        "region r { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }\n"
        "thread P0 { clear(r); dsb(ishst); tlbi(vale1is, r); dsb(ish); isb(); free(r); }\n"
        "assert no_use_after_free;");
    CHECK(once.cause.sentence.find("does not wait for accesses that used it") != std::string::npos);
    CHECK(once.after(once.cause.changes) == Verdict::safe);
}

TEST_CASE("a flush in one arm is not executed in every run") {
    const Found one_arm(
        "region r { va = 0x400000; pa = 0x80000000; size = 4K; asid = 5; }\n"
        "thread P0 { clear(r); dsb(ishst); if (read(skip) != 1) tlbi(vae1is, r); dsb(ish); isb(); }\n"
        "thread P1 { store(skip, 1); }\n"
        "assert no_stale_entry(r);");
    CHECK(one_arm.cause.sentence.find("is not executed in every run") != std::string::npos);
    CHECK(one_arm.after(one_arm.cause.changes) == Verdict::safe);
}

TEST_CASE("where an entry is global, the ASID is not what the flush lacks") {
    const Found found(
        "region u { va = 0x400000; pa = 0x80000000; size = 4K; global = true; }\n"
        "thread P0 { clear(u); dsb(ishst); tlbi(aside1is, u); dsb(ish); isb(); }\n"
        "assert no_stale_entry(u);\n");
    CHECK(found.kinds_of() == "widen_tlbi");
    CHECK(found.cause.sentence.find("global (nG = 0)") != std::string::npos);
    REQUIRE(found.cause.to_do.size() == 1);
    CHECK(found.cause.to_do[0].find("TLBI VMALLE1IS") != std::string::npos);
}

TEST_CASE("a witness goes by the address's own slot where it can") {
    const Found found(
        "machine { contiguous_entries = 2; }\n"
        "region c { va = 0xffff000080000000; pa = 0x80000000; size = 8K; contiguous = true; }\n"
        "thread P0 { clear(c); dsb(ishst); tlbi(vaale1is, c); dsb(ish); isb(); }\n"
        "assert no_stale_entry(c);\n");
    CHECK(found.answer.witness->misread.va == 0xffff000080001000);
    CHECK(found.answer.witness->misread.slot.va == 0xffff000080001000);
}
