// SPDX-License-Identifier: Apache-2.0
//
// What is reported of a difference: the text, and the smallest schedule that still has it.
#include "tests/cross/random_texts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "litmus/sched/schedule.hpp"
#include "tests/cross/schedule_comparison.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_schedule.hpp"

namespace tlbcheck::tests {

namespace {

/// What a schedule as text has to be: a flag that is waited for is stored.
bool flags_are_stored(const model::ScheduleProgram& program) {
    std::set<std::uint32_t> stored, awaited;
    for (const model::ScheduleThread& thread : program.threads) {
        for (const auto& repeat : thread.code) {
            for (const model::Instruction& i : repeat.body) {
                if (const auto* await = std::get_if<model::Await>(&i.operation))
                    if (await->flag) awaited.insert(*await->flag);
                const auto* access = std::get_if<model::Access>(&i.operation);
                if (access != nullptr && access->flag && access->kind != model::AccessKind::load &&
                    access->kind != model::AccessKind::load_acquire)
                    stored.insert(*access->flag);
            }
        }
    }
    return std::ranges::includes(stored, awaited);
}

std::string difference(const model::ScheduleProgram& program, const model::Property& property) {
    const auto differ = [&](const model::ScheduleProgram& p) {
        return flags_are_stored(p) && opinions_on(p, property).disagree();
    };
    const model::ScheduleProgram small = shrink(program, differ);
    std::string starts;
    for (const model::ScheduleThread& thread : small.threads)
        starts +=
            fmt::format(" {} in {}{}", thread.name,
                        static_cast<int>(thread.starts_in.space.value_or(thread.starts_in.vm.value_or(99))),
                        thread.starts_in.upper ? fmt::format(" and {}", *thread.starts_in.upper) : "");
    return to_string(opinions_on(small, property)) + "\n" + describe(small, property) + starts +
           (small.closed ? " closed\n" : "\n") + machine_run(small, property) +
           axioms_witness(small, property);
}

}  // namespace

std::optional<model::ScheduleProgram> program_of_text(const std::string& text) {
    const auto file = litmus::sched::parse_schedule(litmus::make_source("random.sched", text),
                                                    litmus::sched::embedded_include_resolver());
    if (!file) return std::nullopt;
    auto program = litmus::sched::expand(file.value(), {});
    if (!program) return std::nullopt;
    return program.value();
}

void compare_opinions(Seeds seeds, const std::function<std::string(std::uint64_t)>& text_of,
                      const std::function<model::Property(model::ScheduleProgram&, std::uint64_t)>& ask) {
    int all = 0, decided = 0, unsafe = 0;
    while (const auto seed = seeds.next()) {
        const std::string text = text_of(*seed);
        auto program = program_of_text(text);
        if (!program) continue;
        const model::Property property = ask(*program, *seed);
        const Opinions opinions = opinions_on(*program, property);
        ++all;
        decided += opinions.decided() ? 1 : 0;
        unsafe += opinions.decided() && opinions.machine == Opinion::unsafe ? 1 : 0;
        if (opinions.disagree())
            FAIL_CHECK(fmt::format("seed {}\n{}\n{}", *seed, text, difference(*program, property)));
    }
    WARN(fmt::format("{} compared, {} decided, {} unsafe", all, decided, unsafe));
    CHECK(2 * decided > all);
    CHECK(unsafe > 0);
    CHECK(unsafe < decided);
}

}  // namespace tlbcheck::tests
