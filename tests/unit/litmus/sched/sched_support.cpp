// SPDX-License-Identifier: Apache-2.0

#include "tests/unit/litmus/sched/sched_support.hpp"

#include <fmt/format.h>

#include "tests/support/catch.hpp"

namespace tlbcheck::tests {
namespace {

using namespace tlbcheck::model;
namespace sched = tlbcheck::litmus::sched;

std::string show_target(const std::optional<std::uint32_t>& flag, std::uint64_t va) {
    return flag ? fmt::format("flag{}", *flag) : fmt::format("{:x}", va);
}

std::string show_page(const TablePage& page) {
    return fmt::format("table L{} {:x} g{}", page.level, page.va_base, page.generation);
}

std::string show_value(const Descriptor& value) {
    if (value.kind == DescriptorKind::invalid) return "invalid";
    if (value.kind == DescriptorKind::table) return fmt::format("table g{}", value.oa);
    return fmt::format("leaf {:x} {}{}{}{}{}", value.oa, value.db ? "rw" : "ro",
                       value.contiguous ? " cont" : "", value.nt ? " nt" : "", value.not_global ? " ng" : "",
                       value.attributes == Attr::none ? "" : " attr");
}

struct Show {
    std::string operator()(const StoreDescriptor& store) const {
        return fmt::format("store L{} {:x} g{} {}", store.slot.level, store.slot.va, store.slot.generation,
                           show_value(store.value));
    }
    std::string operator()(const TlbiInstruction& tlbi) const {
        return fmt::format("TLBI {} {:x}", to_string(tlbi.op), tlbi.operand);
    }
    std::string operator()(const Barrier& barrier) const { return to_string(barrier); }
    std::string operator()(const Access& access) const {
        static constexpr const char* names[] = {"load", "store", "load_acquire", "store_release"};
        return fmt::format("{} {} {}", names[static_cast<int>(access.kind)],
                           show_target(access.flag, access.va), access.value);
    }
    std::string operator()(const ContextChange& change) const {
        if (change.kind == ContextChange::Kind::exception_entry) return "exception";
        if (change.kind == ContextChange::Kind::exception_return) return "eret";
        const char* const what = change.kind == ContextChange::Kind::switch_vm ? "vm" : "switch";
        return change.space == no_space ? fmt::format("{} none", what)
                                        : fmt::format("{} {}", what, change.space);
    }
    std::string operator()(const Await& await) const {
        return fmt::format("await {} {}", show_target(await.flag, await.va), await.value);
    }
    std::string operator()(const Branch& branch) const {
        return fmt::format("if {} {} {}",
                           branch.flag ? show_target(branch.flag, 0)
                                       : fmt::format("L{} {:x} g{}", branch.slot.level, branch.slot.va,
                                                     branch.slot.generation),
                           branch.equal ? "==" : "!=", branch.value);
    }
    std::string operator()(const Otherwise& /*otherwise*/) const { return "else"; }
    std::string operator()(const EndBranch& /*end*/) const { return "end"; }
    std::string operator()(const Free& free) const {
        if (const auto* page = std::get_if<TablePage>(&free.what)) return "free " + show_page(*page);
        const auto& range = std::get<0>(free.what);
        return fmt::format("free {:x} {:x}", range.first, range.second);
    }
};

}  // namespace

std::string sched_errors(const std::string& text, const sched::ExpandOptions& options) {
    const auto file =
        sched::parse_schedule(litmus::make_source("test.sched", text), sched::embedded_include_resolver());
    if (!file) return litmus::render(file.diagnostics());
    const auto program = sched::expand(file.value(), options);
    return program ? std::string() : litmus::render(program.diagnostics());
}

bool says(const std::string& text, const std::string& part, const sched::ExpandOptions& options) {
    return sched_errors(text, options).find(part) != std::string::npos;
}

ScheduleProgram sched_program(const std::string& text, const sched::ExpandOptions& options) {
    const auto file =
        sched::parse_schedule(litmus::make_source("test.sched", text), sched::embedded_include_resolver());
    INFO(litmus::render(file.diagnostics()));
    REQUIRE(file.ok());
    const auto program = sched::expand(file.value(), options);
    INFO(litmus::render(program.diagnostics()));
    REQUIRE(program.ok());
    return program.value();
}

std::string show(const Instruction& instruction) {
    std::string text = std::visit(Show{}, instruction.operation);
    if (instruction.va_step != 0) text += fmt::format(" +va {:x}", instruction.va_step);
    if (instruction.pa_step != 0) text += fmt::format(" +pa {:x}", instruction.pa_step);
    return text;
}

std::string show(const ScheduleThread& thread) {
    std::string text;
    for (const Run& run : thread.code) {
        if (run.count != 1) text += fmt::format("x{} {{\n", run.count);
        for (const Instruction& instruction : run.body) text += show(instruction) + "\n";
        if (run.count != 1) text += "}\n";
    }
    return text;
}

std::string executed(const ScheduleThread& thread, std::size_t most) {
    std::string text;
    std::size_t count = 0;
    for (const Run& run : thread.code) {
        for (std::uint64_t i = 0; i < run.count; ++i) {
            for (const Instruction& instruction : run.body) {
                if (count++ == most) return text;
                text += show(instantiate(instruction, i)) + "\n";
            }
        }
    }
    return text;
}

std::string with_region(const std::string& rest, const std::string& settings) {
    return "include \"linux.sched\"; region linear { va = 0xffff000080000000; pa = 0x80000000; size = 64K; " +
           settings + " }\n" + rest;
}

}  // namespace tlbcheck::tests
