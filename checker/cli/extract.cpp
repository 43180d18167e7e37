// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck extract FILE: what a schedule's threads execute; of kernel code with function, file and line.
#include "checker/extract/extract.hpp"

#include <fmt/format.h>

#include <memory>

#include "checker/cli/common.hpp"

namespace tlbcheck::checker::cli {

namespace {

struct ExtractOptions : CommonOptions {
    std::vector<std::string> files;
    std::string output;
};

int run(const ExtractOptions& o) {
    const auto engine = engine_options(o);
    const auto policy = color_policy(o);
    if (!engine || !policy) return bad_input;
    const std::string& file = o.files.front();
    if (is_litmus(file)) {
        fmt::print(stderr, "tlbcheck: error: {}: extract takes a schedule\n", litmus::printable(file, 400));
        return bad_input;
    }
    const auto jobs = load_all(o.files, *engine);
    if (!jobs) return bad_input;
    if (const auto* unread = std::get_if<UnreadJob>(&jobs->front())) {
        fmt::print(stderr, "{}: undecided: {}\n", litmus::printable(file, 400), unread->reason);
        return static_cast<int>(ExitCode::undecided);
    }
    const model::ScheduleProgram& program = std::get<ScheduleJob>(jobs->front()).program;
    if (o.output.empty()) {
        print(o.json ? extract_json(program, file)
                     : extract_text(program, file, o.verbose, Painter(use_color(*policy, 1))));
        return 0;
    }
    try {
        return write_output(o.output, extract_schedule(program)) ? 0 : bad_input;
    } catch (const litmus::InputError& error) {
        fmt::print(stderr, "{}", litmus::render(error.diagnostics()));
        return bad_input;
    }
}

}  // namespace

Command extract_command() {
    auto o = std::make_shared<ExtractOptions>();
    Command command{
        "extract",
        "what a schedule's threads execute, with the kernel's source lines",
        "Example: tlbcheck extract -v hot_remove.sched",
        {texts("FILE", o->files, "", "a schedule").must_be_given().times(1),
         flag("--json", o->json, "one JSON document"),
         text("-o,--output", o->output, "FILE", "write a schedule with the same instructions, to edit")},
        [o] { return run(*o); }};
    add_common_options(command, *o);
    return command;
}

}  // namespace tlbcheck::checker::cli
