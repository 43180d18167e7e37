// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck kernel-info FILE.bc: what one needs to know of bitcode before writing a scenario for it.
#include "litmus/kernel/info/kernel_info.hpp"

#include <fmt/format.h>

#include <memory>
#include <new>

#include "checker/cli/common.hpp"
#include "checker/extract/kernel_info_report.hpp"
#include "litmus/kernel/bitcode.hpp"
#include "litmus/kernel/kernel_input.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker::cli {

namespace {

using litmus::kernel::world::Capabilities;

struct KernelInfoOptions {
    std::vector<std::string> files;
    std::string capabilities;
    std::optional<std::string> entry;
    bool json = false;
};

int refuse_input(const std::string& what, const std::string& hint = {}) {
    fmt::print(stderr, "tlbcheck: error: {}\n", litmus::printable(what, 600));
    if (!hint.empty()) fmt::print(stderr, "hint: {}\n", litmus::printable(hint, 300));
    return bad_input;
}

std::optional<Capabilities> capabilities(const KernelInfoOptions& o, const litmus::kernel::Image& image,
                                         std::string& error) {
    if (o.capabilities.empty())
        return litmus::kernel::default_capabilities(o.files, image).value_or(Capabilities());
    std::string why;
    const auto text = litmus::kernel::read_kernel_file(o.capabilities, why);
    auto parsed = text ? Capabilities::parse(*text) : std::nullopt;
    if (!parsed) error = fmt::format("{}: {}", o.capabilities, text ? "defines no capability" : why);
    return parsed;
}

int survey(const KernelInfoOptions& o) {
    std::vector<litmus::kernel::ir::BitcodeFile> bitcode;
    std::string error;
    for (const std::string& file : o.files) {
        auto bytes = litmus::kernel::read_kernel_file(file, error);
        if (!bytes) return refuse_input(fmt::format("{}: {}", file, error));
        bitcode.push_back({file, std::move(*bytes)});
    }
    const litmus::kernel::Image image = litmus::kernel::load_bitcode(bitcode, error);
    if (!error.empty()) return refuse_input(error);
    const auto names = capabilities(o, image, error);
    if (!names) return refuse_input(error);
    const auto info = litmus::kernel::info::kernel_info(image, o.entry);
    if (!info) {
        return refuse_input(
            fmt::format("the bitcode defines no function '{}'", *o.entry),
            litmus::did_you_mean(
                *o.entry, litmus::kernel::info::defined_functions(image),
                "the compiler may have inlined it into its callers: -O1, or noinline, keeps it"));
    }
    print(o.json ? kernel_info_json(*info, *names) : kernel_info_text(*info, *names));
    return 0;
}

int run(const KernelInfoOptions& o) {
    model::Limits limits;
    limits.milliseconds = milliseconds_of(default_timeout);
    limits.mebibytes = default_memory;
    model::Budget budget(limits);
    const model::BudgetScope scope(budget);
    try {
        return survey(o);
    } catch (...) {
        fmt::print(stderr, "{}: undecided: {}\n", litmus::printable(o.files.front(), 400),
                   model::limit_that_was_reached());
        return static_cast<int>(ExitCode::undecided);
    }
}

}  // namespace

Command kernel_info_command() {
    auto o = std::make_shared<KernelInfoOptions>();
    return {"kernel-info",
            "what bitcode of the kernel needs: functions, externs, capabilities, refusals",
            "Example: tlbcheck kernel-info --entry unmap_hotplug_range mmu.bc",
            {texts("FILE", o->files, "", "LLVM bitcode, linked together").must_be_given(),
             text("--entry", o->entry, "FUNCTION", "only what this function reaches"),
             text("--capabilities", o->capabilities, "FILE", "the kernel's generated header of capabilities"),
             flag("--json", o->json, "one JSON document")},
            [o] { return run(*o); }};
}

}  // namespace tlbcheck::checker::cli
