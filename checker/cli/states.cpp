// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck states FILE...: all final states of a litmus test, in herd7's output format.
#include <fmt/format.h>

#include <memory>

#include "checker/cli/common.hpp"

namespace tlbcheck::checker::cli {

namespace {

struct StatesOptions : CommonOptions {
    std::vector<std::string> files;
};

struct Output {
    std::string text, complaint;
    int exit = 0;
};

Output undecided(const std::string& file, const std::string& reason) {
    return {{}, fmt::format("{}: undecided: {}\n", file, reason), static_cast<int>(ExitCode::undecided)};
}

Output states_of(const Job& job) {
    if (const auto* unread = std::get_if<UnreadJob>(&job)) return undecided(unread->file, unread->reason);
    const auto& test = std::get<LitmusJob>(job);
    const LitmusStates found = all_states(test);
    if (!found.error.empty()) return {{}, found.error + "\n", static_cast<int>(ExitCode::bad_input)};
    if (!found.internal_error.empty()) {
        return {{},
                fmt::format("tlbcheck: internal error: {}: {}\n", test.file, found.internal_error),
                static_cast<int>(ExitCode::internal_error)};
    }
    if (found.undecided) return undecided(test.file, found.reason);
    return {litmus::herd::print_result(test.program, found.states, found.summary), {}, 0};
}

int run(const StatesOptions& o) {
    const auto engine = engine_options(o);
    if (!engine) return bad_input;
    for (const std::string& file : o.files) {
        if (is_litmus(file)) continue;
        std::string why;
        const bool readable = litmus::read_source(file, why) != nullptr;
        fmt::print(stderr, "tlbcheck: error: {}: {}\n", litmus::printable(file, 400),
                   readable ? "states takes litmus tests; use check for a schedule" : "cannot read: " + why);
        return bad_input;
    }
    const auto jobs = load_all(o.files, *engine);
    if (!jobs) return bad_input;
    std::vector<Output> outputs(jobs->size());
    int exit = 0;
    run_in_order(
        jobs->size(), o.jobs, [&](std::size_t i) { outputs[i] = states_of((*jobs)[i]); },
        [&](std::size_t i) {
            print(outputs[i].text);
            fmt::print(stderr, "{}", outputs[i].complaint);
            exit = std::max(exit, outputs[i].exit);
        });
    return exit;
}

}  // namespace

Command states_command() {
    auto o = std::make_shared<StatesOptions>();
    Command command{"states",
                    "lists all final states of a litmus test in herd7's format",
                    "Example: tlbcheck states --variant vmsa,fatal,ets2 test.litmus",
                    {texts("FILE", o->files, "", "litmus tests").must_be_given()},
                    [o] { return run(*o); }};
    add_common_options(command, *o);
    return command;
}

}  // namespace tlbcheck::checker::cli
