// SPDX-License-Identifier: Apache-2.0
//
// Casemate logs: what the records become, and what is refused with its place.
#include "litmus/casemate/reader.hpp"

#include <string>

#include "tests/support/catch.hpp"

namespace litmus = tlbcheck::litmus;
namespace model = tlbcheck::model;

namespace {

litmus::Result<litmus::casemate::LogProgram> read_text(const std::string& text) {
    return litmus::casemate::read_log(litmus::make_source("run.log", text));
}

model::ScheduleProgram program_of(const std::string& text) {
    auto log = read_text(text);
    INFO(litmus::render(log.diagnostics()));
    REQUIRE(log.ok());
    return *log.value().program;
}

std::string error_of(const std::string& text) {
    const auto log = read_text(text);
    REQUIRE_FALSE(log.ok());
    return litmus::render(log.diagnostics());
}

/// A root at 0x80001000, in use by PE 0 under VMID 7.
const std::string root =
    "(mem-init (id 0) (tid 0) (address 80001000) (size 1000) (src \"a.c:1\"))\n"
    "(sysreg-write (id 1) (tid 0) (sysreg vttbr_el2) (value 0x7000080001000))\n";

std::vector<model::Operation> operations(const model::ScheduleProgram& program, std::size_t thread = 0) {
    std::vector<model::Operation> result;
    for (const model::Run& run : program.threads.at(thread).code)
        for (const model::Instruction& each : run.body) result.push_back(each.operation);
    return result;
}

}  // namespace

TEST_CASE("a root is a VM, and the log ends with the return to the guest") {
    const model::ScheduleProgram program = program_of(root);
    REQUIRE(program.spaces.size() == 1);
    CHECK(program.spaces[0].stage2);
    CHECK(program.spaces[0].vmid == 7);
    const auto code = operations(program);
    REQUIRE(code.size() == 2);
    CHECK(std::get<model::ContextChange>(code[0]).kind == model::ContextChange::Kind::switch_vm);
    CHECK(std::get<model::ContextChange>(code[1]).kind == model::ContextChange::Kind::exception_return);
    REQUIRE(program.regions.size() == 1);
    CHECK(program.properties.size() == 4);
}

TEST_CASE("a page that is written and then hooked is a table with those stores") {
    const model::ScheduleProgram program = program_of(
        "(mem-init (id 0) (tid 0) (address 80002000) (size 1000))\n"
        "(mem-write (id 1) (tid 0) (mem-order plain) (address 80002008) (value 407fd))\n" +
        root + "(mem-write (id 4) (tid 0) (mem-order release) (address 80001010) (value 80002003))\n");
    const auto code = operations(program);
    REQUIRE(code.size() == 5);
    const auto leaf = std::get<model::StoreDescriptor>(code[0]);
    CHECK(leaf.slot.level == 1);
    CHECK(model::spaces::plain(leaf.slot.va) == 2 * (std::uint64_t{1} << 39U) + (std::uint64_t{1} << 30U));
    CHECK(leaf.value.kind == model::DescriptorKind::leaf);
    CHECK(leaf.value.db);
    CHECK(std::get<model::Barrier>(code[2]).kind == model::BarrierKind::dmb);
    const auto hook = std::get<model::StoreDescriptor>(code[3]);
    CHECK(hook.slot.level == 0);
    CHECK(hook.value.oa == leaf.slot.generation);
    REQUIRE(program.new_tables.size() == 1);
    CHECK_FALSE(program.new_tables[0].garbage);
    CHECK(initial_descriptor(program, hook.slot) == model::Descriptor{});
    CHECK(initial_descriptor(program, leaf.slot) == model::Descriptor{});
}

TEST_CASE("what a page held is not known without mem-init") {
    const model::ScheduleProgram program = program_of(
        root + "(mem-write (id 2) (tid 0) (mem-order plain) (address 80001000) (value 80002003))\n");
    REQUIRE(program.new_tables.size() == 1);
    CHECK(program.new_tables[0].garbage);
}

TEST_CASE("a table that becomes a table elsewhere was freed before") {
    const model::ScheduleProgram program =
        program_of("(mem-init (id 0) (tid 0) (address 80002000) (size 1000))\n" + root +
                   "(mem-write (id 2) (tid 0) (mem-order plain) (address 80001000) (value 80002003))\n"
                   "(mem-write (id 3) (tid 0) (mem-order plain) (address 80001000) (value 0))\n"
                   "(mem-write (id 4) (tid 0) (mem-order plain) (address 80001008) (value 80002003))\n");
    const auto code = operations(program);
    REQUIRE(code.size() == 6);
    CHECK(std::get<model::TablePage>(std::get<model::Free>(code[3]).what).level == 1);
}

TEST_CASE("a lock handed from one PE to another is a flag") {
    const model::ScheduleProgram program =
        program_of(root +
                   "(lock (id 2) (tid 0) (address 9000))\n(unlock (id 3) (tid 0) (address 9000))\n"
                   "(lock (id 4) (tid 3) (address 9000))\n(unlock (id 5) (tid 3) (address 9000))\n");
    REQUIRE(program.threads.size() == 2);
    CHECK(program.threads[1].name == "P3");
    CHECK(program.flags.size() == 1);
    CHECK(std::get<model::Access>(operations(program)[1]).kind == model::AccessKind::store_release);
    CHECK(std::get<model::Await>(operations(program, 1)[0]).flag == 0U);
    CHECK(error_of("(lock (id 2) (tid 0) (address 9000))\n(lock (id 4) (tid 1) (address 9000))\n")
              .find("run.log:2:1: error: thread 0 holds this lock") == 0);
}

TEST_CASE("fields may stand without their keys, and what casemate said is told") {
    const auto log = read_text(
        "(mem-write 1 1 \"a.c:3\" release 42000 93)\n(barrier 4 1 \"a.c:4\" DSB ISH)\n! BBM valid->valid\n");
    REQUIRE(log.ok());
    CHECK(log.value().questions.empty());
    REQUIRE(log.value().notes.size() == 2);
    CHECK(log.value().notes[1] == "line 3: casemate said: BBM valid->valid");
}

TEST_CASE("what is no record, and what is not supported, is an error with its place") {
    CHECK(error_of("(mem-wite (id 0) (tid 0))").find("run.log:1:2: error: 'mem-wite' is not a record") == 0);
    CHECK(error_of("(mem-wite (id 0) (tid 0))").find("did you mean 'mem-write'?") != std::string::npos);
    CHECK(error_of("mem:\n").find("run.log:1:1: error: expected a record") == 0);
    CHECK(error_of("(tlbi (id 0) (tid 0) vae9is)").find("there is no TLBI operation 'vae9is'") !=
          std::string::npos);
    CHECK(error_of("(barrier (id 0) (tid 0) isb").find("run.log:1:28: error") == 0);
    CHECK(error_of("(lock (id 0) (tid 0) (address 0xZ))").find("a hexadecimal number") != std::string::npos);
    CHECK(error_of("\n(sysreg-write (id 0) (tid 0) (sysreg vttbr_el2) (value 1000))")
              .find("run.log:2:1: error: what the root table at 0x1000 holds is not known") == 0);
    CHECK(error_of(root + "(mem-read (id 2) (tid 0) (address 80001000) (value 3))")
              .find("run.log:3:1: error: memory holds 0x0 here") == 0);
    CHECK(error_of(root + "(mem-init (id 2) (tid 0) (address 80001000) (size 1000))")
              .find("is a translation table in use") != std::string::npos);
}

namespace {

/// A root of EL2 at 0x80001000, in use by PE 0, after `before`.
std::string el2_root(const std::string& before = {}, const std::string& base = "80001000") {
    return before +
           "(mem-init (id 0) (tid 0) (address 80001000) (size 1000))\n"
           "(sysreg-write (id 1) (tid 0) (sysreg ttbr0_el2) (value " +
           base + "))\n";
}
std::string register_write(const std::string& name, const std::string& value) {
    return "(sysreg-write (id 0) (tid 0) (sysreg " + name + ") (value " + value + "))\n";
}
model::Descriptor leaf_written(const std::string& before, const std::string& word) {
    const model::ScheduleProgram program =
        program_of(el2_root(before + register_write("tcr_el2", "19")) +
                   "(mem-write (id 2) (tid 0) (mem-order plain) (address 80001008) (value " + word + "))\n");
    for (const model::Operation& operation : operations(program))
        if (const auto* store = std::get_if<model::StoreDescriptor>(&operation)) return store->value;
    FAIL("no store of a descriptor");
    return {};
}

}  // namespace

TEST_CASE("a root in TTBR0_EL2 is a space of EL2") {
    const model::ScheduleProgram program = program_of(el2_root());
    REQUIRE(program.spaces.size() == 1);
    CHECK_FALSE(program.spaces[0].stage2);
    CHECK(program.spaces[0].regime == model::Regime::el2);
    const auto code = operations(program);
    REQUIRE(code.size() == 2);
    CHECK(std::get<model::ContextChange>(code[0]).kind == model::ContextChange::Kind::switch_el2);
    CHECK(program.threads[0].starts_in.el2 == model::no_space);
    REQUIRE(program.regions.size() == 1);
    CHECK_FALSE(program.regions[0].global);
    CHECK(program.regions[0].name == "va_0x0");
    // A PE whose TTBR0_EL2 is not recorded may be in these tables.
    const auto two = program_of(el2_root() + "(barrier (id 2) (tid 1) isb)\n");
    CHECK_FALSE(two.threads[1].starts_in.el2.has_value());
}

TEST_CASE("TCR_EL2 says where walks of EL2 begin, MAIR_EL2 what AttrIndx is") {
    const std::string mair = register_write("mair_el2", "ff0444bb");
    const model::Descriptor normal = leaf_written(mair, "40000010000070d");  // AttrIndx 3
    CHECK(normal.kind == model::DescriptorKind::leaf);
    CHECK(normal.attributes == model::Attr::ux);
    CHECK(normal.db);
    CHECK(normal.not_global);
    using model::Attr;
    CHECK(leaf_written(mair, "40000701").attributes == (Attr::owt | Attr::iwt | Attr::xs | Attr::ux));
    CHECK(leaf_written(mair, "40000709").attributes == (Attr::device_ngnre | Attr::xs | Attr::ux));
    CHECK(leaf_written(mair, "40000605").attributes ==
          (Attr::onc | Attr::inc | Attr::xs | Attr::osh | Attr::ux));
    CHECK_FALSE(leaf_written(mair, "4000078d").db);
    CHECK((leaf_written(mair, "4000004000070d").attributes & Attr::ux) == Attr::none);
    // Without it each index is a type of its own.
    CHECK(leaf_written("", "40000701").attributes != leaf_written("", "40000715").attributes);
    CHECK(error_of(el2_root(register_write("mair_el2", "2")) +
                   "(mem-write (id 2) (tid 0) (mem-order plain) (address 80001000) (value 80002003))\n"
                   "(mem-write (id 3) (tid 0) (mem-order plain) (address 80002000) (value 701))\n")
              .find("run.log:5:1: error: the descriptor 0x701 has AttrIndx 0") == 0);
}

TEST_CASE("with HCR_EL2.E2H TTBR0_EL2 is of EL2&0, with its ASID") {
    const std::string e2h = register_write("hcr_el2", "400000000");
    const model::ScheduleProgram program = program_of(el2_root(e2h, "3000080001000"));
    REQUIRE(program.spaces.size() == 1);
    CHECK(program.spaces[0].regime == model::Regime::el20);
    CHECK(program.spaces[0].asid == 3);
    CHECK(program.threads[0].starts_in.tge == false);
    const auto first = std::get<model::ContextChange>(operations(program)[0]);
    CHECK(first.kind == model::ContextChange::Kind::set_tge);
    CHECK_FALSE(first.tge);
}

TEST_CASE("HCR_EL2.FWB says how MemAttr is read") {
    const std::string hook =
        "(mem-write (id 4) (tid 0) (mem-order release) (address 80001010) (value 80002003))\n"
        "(mem-write (id 5) (tid 0) (mem-order plain) (address 80002008) (value 407d9))\n";
    const std::string tables = "(mem-init (id 0) (tid 0) (address 80002000) (size 1000))\n" + root + hook;
    const auto type_of = [](const model::ScheduleProgram& program) {
        for (const model::Operation& operation : operations(program)) {
            const auto* store = std::get_if<model::StoreDescriptor>(&operation);
            if (store != nullptr && store->value.kind == model::DescriptorKind::leaf)
                return model::memory_type(store->value.attributes);
        }
        return model::Attr::normal;
    };
    using model::Attr;
    CHECK(type_of(program_of(register_write("hcr_el2", "400000000000") + tables)) == Attr::none);
    CHECK(type_of(program_of(tables)) == (Attr::onc | Attr::iwt | Attr::xs));
}

TEST_CASE("what is refused of EL2's registers has its place") {
    CHECK(error_of(el2_root("", "1000080001000")).find("run.log:2:1: error: TTBR0_EL2 has an ASID") == 0);
    CHECK(error_of(el2_root(register_write("tcr_el2", "5")))
              .find("run.log:3:1: error: VAs of 59 bits are not supported") == 0);
    CHECK(error_of(el2_root(register_write("tcr_el2", "4010"))).find("only the 4K granule") !=
          std::string::npos);
    CHECK(error_of(register_write("mair_el2", "ff") + register_write("mair_el2", "44"))
              .find("run.log:2:1: error: MAIR_EL2 changes") == 0);
    CHECK(error_of(register_write("hcr_el2", "0") + register_write("hcr_el2", "400000000"))
              .find("HCR_EL2.E2H changes") != std::string::npos);
    CHECK(error_of(el2_root() + register_write("vttbr_el2", "80001000"))
              .find("run.log:3:1: error: the tables at 0x80001000 are of stage 1 already") == 0);
    CHECK(error_of(register_write("ttbr0_el2", "1000"))
              .find("what the root table at 0x1000 holds is not known") != std::string::npos);
}

TEST_CASE("VTCR says where walks of stage 2 begin") {
    const std::string tables =
        "(sysreg-write (id 0) (tid 0) (sysreg vtcr_el2) (value 58))\n"  // T0SZ 24, SL0 1: 40 bits from level
                                                                        // 1
        "(mem-init (id 1) (tid 0) (address 80000000) (size 2000))\n"
        "(sysreg-write (id 2) (tid 0) (sysreg vttbr_el2) (value 80000000))\n"
        "(mem-write (id 3) (tid 0) (mem-order plain) (address 80001000) (value 400007fd))\n";
    const model::ScheduleProgram program = program_of(tables);
    const auto store = std::get<model::StoreDescriptor>(operations(program)[1]);
    CHECK(store.slot.level == 1);
    CHECK(store.slot.generation == 0);
    CHECK(model::spaces::plain(store.slot.va) == std::uint64_t{1} << 39U);
    model::DescriptorSlot above = store.slot;
    above.level = 0;
    CHECK(initial_descriptor(program, above).kind == model::DescriptorKind::table);
    // HA, bit 21; AF is bit 10.
    std::string managed = tables;
    managed.replace(managed.find("(value 58)"), 10, "(value 200058)");
    CHECK(read_text(managed).ok());
    managed.replace(managed.find("400007fd"), 8, "400003fd");
    CHECK(error_of(managed).find("run.log:4:1: error: this leaf has AF = 0") == 0);
    CHECK(error_of("(sysreg-write (id 0) (tid 0) (sysreg vtcr_el2) (value 4058))").find("4K granule") !=
          std::string::npos);
}
