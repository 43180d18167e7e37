// SPDX-License-Identifier: Apache-2.0
//
// Why no TLBI of a program removes an entry.
#include "checker/advice/missed_scope.hpp"

#include "model/program/cached_translation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;
using tests::ScheduleBuilder;

namespace {

struct Program {
    ScheduleBuilder b;
    std::uint32_t r = b.region(4, false);
    model::CachedTranslation entry(bool leaf = true) const {
        return model::cached_translation(b.program(), model::Geometry(b.program().hardware), b.leaf_va(r, 0),
                                         leaf ? 3 : 2, leaf, model::EntryReach::descriptor);
    }
    std::string why(bool leaf = true, const std::optional<ExecutedAt>& store = std::nullopt) const {
        CHECK_FALSE(some_in_scope(b.program(), b.program().hardware, entry(leaf)));
        return why_out_of_scope(b.program(), b.program().hardware, entry(leaf), store, false).sentence;
    }
};

}  // namespace

TEST_CASE("a program without TLBIs has none in scope") {
    Program p;
    p.b.clear(p.r, 0);
    CHECK_FALSE(has_tlbi(p.b.program()));
    const MissedScope missed =
        why_out_of_scope(p.b.program(), p.b.program().hardware, p.entry(), std::nullopt, false);
    CHECK_FALSE(missed.nearest);
    CHECK_FALSE(missed.sentence.empty());
}

TEST_CASE("another address, the last level only, a hint of another level, another ASID") {
    Program address;
    address.b.clear(address.r, 0).tlbi("vaale1is", address.b.leaf_va(address.r, 1));
    CHECK(has_tlbi(address.b.program()));
    CHECK(address.why().find("and not 0xffff000080000000") != std::string::npos);
    Program level;
    level.b.clear_table(level.r).tlbi("vaale1is", level.b.leaf_va(level.r, 0));
    CHECK(level.why(false).find("last level only") != std::string::npos);
    CHECK(some_in_scope(level.b.program(), level.b.program().hardware, level.entry()));
    Program hint;
    hint.b.clear(hint.r, 0).tlbi("vaale1is", hint.b.leaf_va(hint.r, 0), 2);
    CHECK(hint.why().find("TTL hint") != std::string::npos);
    Program asid;
    asid.b.at(asid.r).global = false;
    asid.b.at(asid.r).asid = 5;
    asid.b.clear(asid.r, 0).tlbi("vale1is", asid.b.leaf_va(asid.r, 0), 0, 6);
    CHECK(asid.why().find("is for ASID 6; the entry is of ASID 5") != std::string::npos);
}

TEST_CASE("a loop's TLBIs name what all iterations name") {
    Program p;
    p.b.clear(p.r, 0).tlbi("vaale1is", p.b.leaf_va(p.r, 1));
    model::ScheduleThread& thread = p.b.program().threads[0];
    model::Instruction tlbi = thread.code[0].body[1];
    tlbi.va_step = ~std::uint64_t{0};  // a page down in each iteration
    thread.code[0].body.pop_back();
    thread.code.push_back({2, {tlbi}});
    CHECK(some_in_scope(p.b.program(), p.b.program().hardware, p.entry()));
    thread.code[1].count = 1;
    CHECK_FALSE(some_in_scope(p.b.program(), p.b.program().hardware, p.entry()));
}

TEST_CASE("a loop that strides over pages does not name those between") {
    Program p;
    model::ScheduleThread& thread =
        p.b.clear(p.r, 0).tlbi("vaale1is", p.b.leaf_va(p.r, 1)).program().threads[0];
    model::Instruction tlbi = thread.code[0].body[1];
    thread.code[0].body.pop_back();
    tlbi.va_step = ~std::uint64_t{0} - 1;  // two pages down: the pages at odd places
    thread.code.push_back({2, {tlbi}});
    CHECK(p.why().find("of all the TLBIs that follow none names 0xffff000080000000") != std::string::npos);
    auto& raw = std::get<model::TlbiInstruction>(thread.code[1].body[0].operation);
    raw.operand += 1;  // the page two further on, then the one asked about
    CHECK(some_in_scope(p.b.program(), p.b.program().hardware, p.entry()));
    thread.code[1].body[0].va_step = 2;
    CHECK_FALSE(some_in_scope(p.b.program(), p.b.program().hardware, p.entry()));
}
