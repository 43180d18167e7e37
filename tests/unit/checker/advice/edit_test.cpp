// SPDX-License-Identifier: Apache-2.0
//
// Edits of programs with loops, step by step.
#include "checker/advice/edit.hpp"

#include "checker/engine/instruction_text.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/schedule_builder.hpp"

using namespace tlbcheck;
using namespace tlbcheck::checker;
using tests::ScheduleBuilder;

namespace {

/// clear, DSB ISHST; three times (TLBI, DSB ISH); ISB.
ScheduleBuilder sample() {
    ScheduleBuilder b;
    const auto r = b.region(4, false);
    b.clear(r, 0).dsb("ishst").tlbi("vale1", b.leaf_va(r, 0), 3, 7).dsb("ish").isb();
    model::ScheduleThread& thread = b.program().threads[0];
    std::vector<model::Instruction> all = thread.code[0].body;
    all[2].va_step = 1;
    thread.code = {{1, {all[0], all[1]}}, {3, {all[2], all[3]}}, {1, {all[4]}}};
    return b;
}

std::string text(const model::ScheduleProgram& program) {
    std::string result;
    for (const model::Run& run : program.threads[0].code) {
        result += std::to_string(run.count) + ":";
        for (const model::Instruction& i : run.body) {
            const std::string words = instruction_text(program, program.hardware, {i.operation, {}, {}, 0});
            result += " [" + words.substr(0, words.find(',')) + "]";
        }
        result += "; ";
    }
    return result;
}

model::Instruction isb() {
    model::Instruction i;
    i.operation = *model::parse_barrier(model::BarrierKind::isb, "");
    return i;
}

model::TlbiInstruction tlbi(const char* name, std::uint64_t operand = 0) {
    return {*model::parse_tlbi(name), operand};
}

}  // namespace

TEST_CASE("an edit changes a loop's body in every iteration, or what stands around the loop") {
    const ScheduleBuilder b = sample();
    const auto edited = [&](const EditStep& step) { return text(apply(b.program(), {step})); };
    CHECK(text(apply(b.program(), {})) ==
          "1: [r0[0] = invalid] [DSB ISHST]; 3: [TLBI VALE1] [DSB ISH]; 1: [ISB]; ");
    CHECK(edited(InsertStep{{0, 1, 1}, {isb()}}) ==
          "1: [r0[0] = invalid] [DSB ISHST]; 3: [TLBI VALE1] [ISB] [DSB ISH]; 1: [ISB]; ");
    CHECK(edited(InsertStep{{0, 1, std::nullopt}, {isb()}}) ==
          "1: [r0[0] = invalid] [DSB ISHST]; 1: [ISB]; 3: [TLBI VALE1] [DSB ISH]; 1: [ISB]; ");
    CHECK(edited(InsertStep{{0, 3, std::nullopt}, {isb()}}).ends_with("1: [ISB]; 1: [ISB]; "));
    CHECK(edited(RemoveStep{{0, 1, 1}}) == "1: [r0[0] = invalid] [DSB ISHST]; 3: [TLBI VALE1]; 1: [ISB]; ");
    CHECK(edited(RemoveStep{{0, 2, 0}}) == "1: [r0[0] = invalid] [DSB ISHST]; 3: [TLBI VALE1] [DSB ISH]; ");
    CHECK(edited(StrengthenStep{{0, 0, 1}, *model::parse_barrier(model::BarrierKind::dsb, "ish")}) ==
          "1: [r0[0] = invalid] [DSB ISH]; 3: [TLBI VALE1] [DSB ISH]; 1: [ISB]; ");
    CHECK(edited(WidenStep{{0, 1, 0}, TlbiWidening::broadcast, {}}).find("[TLBI VALE1IS]") !=
          std::string::npos);
    // A loop's instruction is moved with all its iterations.
    CHECK(edited(MoveStep{{0, 1, 0}, {0, 3, std::nullopt}}) ==
          "1: [r0[0] = invalid] [DSB ISHST]; 3: [DSB ISH]; 1: [ISB]; 3: [TLBI VALE1]; ");
    CHECK(edited(MoveStep{{0, 1, 0}, {0, 1, 2}}) ==
          "1: [r0[0] = invalid] [DSB ISHST]; 3: [DSB ISH] [TLBI VALE1]; 1: [ISB]; ");
}

TEST_CASE("a step whose spot holds something else changes nothing") {
    const ScheduleBuilder b = sample();
    for (const EditStep& step : std::vector<EditStep>{
             StrengthenStep{{0, 0, 0}, *model::parse_barrier(model::BarrierKind::dsb, "sy")},
             WidenStep{{0, 0, 0}, TlbiWidening::broadcast, {}}, DropContiguousStep{{0, 1, 0}}})
        CHECK(text(apply(b.program(), {step})) == text(b.program()));
}

TEST_CASE("a store of a contiguous leaf is stored without the bit") {
    ScheduleBuilder b;
    const auto r = b.region(4, true);
    b.set(r, 1, b.leaf_value(r, 1));
    const auto edited = apply(b.program(), {DropContiguousStep{{0, 0, 0}}});
    const auto& store = std::get<model::StoreDescriptor>(edited.threads[0].code[0].body[0].operation);
    CHECK_FALSE(store.value.contiguous);
    CHECK(store.value.oa == b.leaf_value(r, 1).oa);
}

TEST_CASE("a TLBI is widened one way at a time") {
    const model::Geometry geometry(ScheduleBuilder::small_hardware());
    const auto named = [&](const model::TlbiInstruction& t, const WidenStep& step) {
        return to_string(widened(t, step, geometry).op);
    };
    CHECK(named(tlbi("vale1"), {{}, TlbiWidening::broadcast, {}}) == "VALE1IS");
    CHECK(named(tlbi("vale1os"), {{}, TlbiWidening::broadcast, {}}) == "VALE1OS");
    CHECK(named(tlbi("rvaale1is"), {{}, TlbiWidening::all_levels, {}}) == "RVAAE1IS");
    CHECK(named(tlbi("vae1is"), {{}, TlbiWidening::all_levels, {}}) == "VAE1IS");
    CHECK(named(tlbi("vale1is"), {{}, TlbiWidening::asid, {}}) == "VAALE1IS");
    CHECK(named(tlbi("aside1is"), {{}, TlbiWidening::asid, {}}) == "VMALLE1IS");
    CHECK(named(tlbi("vale1isnxs"), {{}, TlbiWidening::with_xs, {}}) == "VALE1IS");
    const std::uint64_t operand = model::encode_va_operand(0xffff000080000000, 7, 3, model::Granule::k4);
    const auto other = widened(tlbi("vale1is", operand), {{}, TlbiWidening::asid, 9}, geometry);
    CHECK(to_string(other.op) == "VALE1IS");
    CHECK(other.operand == model::encode_va_operand(0xffff000080000000, 9, 3, model::Granule::k4));
    CHECK(widened(tlbi("vale1is", operand), {{}, TlbiWidening::no_hint, {}}, geometry).operand ==
          model::encode_va_operand(0xffff000080000000, 7, 0, model::Granule::k4));
}

TEST_CASE("an executed instruction is found in the text") {
    const ScheduleBuilder b = sample();
    CHECK(spot_of(b.program(), 0, 0) == Spot{0, 0, 0});
    CHECK(spot_of(b.program(), 0, 2) == Spot{0, 1, 0});
    CHECK(spot_of(b.program(), 0, 7) == Spot{0, 1, 1});  // of the last iteration
    CHECK(spot_of(b.program(), 0, 8) == Spot{0, 2, 0});
    CHECK_FALSE(spot_of(b.program(), 0, 9));
    CHECK_FALSE(spot_of(b.program(), 1, 0));
}
