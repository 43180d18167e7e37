// SPDX-License-Identifier: Apache-2.0
#include "tests/cross/schedule_comparison.hpp"

#include <fmt/format.h>

#include "checker/engine/question_engine.hpp"
#include "checker/engine/slice_solver.hpp"
#include "model/break_before_make/bbm.hpp"
#include "model/machine/replay.hpp"
#include "model/program/slot_name.hpp"
#include "model/slice/slicing.hpp"
#include "tests/explore/explore.hpp"

namespace tlbcheck::tests {

namespace {

Opinion of(model::BbmVerdict verdict) {
    switch (verdict) {
        case model::BbmVerdict::safe:
            return Opinion::safe;
        case model::BbmVerdict::unsafe:
            return Opinion::unsafe;
        case model::BbmVerdict::undecided:
            break;
    }
    return Opinion::undecided;
}

Opinion of(const checker::SliceAnswer& answer) {
    if (!answer.internal_error.empty()) return Opinion::wrong;
    if (answer.verdict == checker::Verdict::safe) return Opinion::safe;
    return answer.verdict == checker::Verdict::unsafe ? Opinion::unsafe : Opinion::undecided;
}

checker::SolveOptions first_only() {
    checker::SolveOptions options;
    options.all_candidates = false;
    return options;
}

Opinion by_axioms(const model::JudgedSchedule& schedule, const model::Property& property,
                  const checker::SolveOptions& options) {
    if (property.kind == model::PropertyKind::no_bbm_violation)
        return of(model::find_bbm_violation(schedule).verdict);
    return of(checker::solve_slice(schedule, property.kind, options));
}

/// Unsafe if some slice is; safe if all are.
Opinion by_slices(const model::Slicing& slicing, const model::Property& property,
                  const checker::SolveOptions& options) {
    Opinion result = Opinion::safe;
    for (const model::Slice& slice : slicing.slices) {
        const Opinion one = by_axioms(slice.schedule, property, options);
        if (one == Opinion::wrong || one == Opinion::unsafe) return one;
        if (one == Opinion::undecided) result = one;
    }
    return result;
}

/// The slices leave out instructions or judged addresses.
bool cut(const model::Slicing& slicing, const model::JudgedSchedule& whole) {
    if (slicing.slices.size() != 1) return true;
    if (slicing.slices.front().schedule.candidates != whole.candidates) return true;
    const std::vector<model::JudgedThread>& kept = slicing.slices.front().schedule.threads;
    for (std::size_t t = 0; t < whole.threads.size(); ++t) {
        if (kept[t].code.size() < whole.threads[t].code.size()) return true;
    }
    return false;
}

Opinion by_replay(const model::JudgedSchedule& schedule, const model::Property& property,
                  const model::Witness& witness) {
    const model::Replay replay = model::replay(schedule, property, witness);
    if (replay.result == model::Replay::Result::realised) return Opinion::unsafe;
    return replay.result == model::Replay::Result::impossible ? Opinion::safe : Opinion::undecided;
}

const char* name(Opinion opinion) {
    switch (opinion) {
        case Opinion::safe:
            return "safe";
        case Opinion::unsafe:
            return "unsafe";
        case Opinion::undecided:
            return "undecided";
        case Opinion::wrong:
            break;
    }
    return "WRONG";
}

/// Part of a branch, which stays whole.
bool is_bracket(const model::Operation& operation) {
    return std::holds_alternative<model::Branch>(operation) ||
           std::holds_alternative<model::Otherwise>(operation) ||
           std::holds_alternative<model::EndBranch>(operation);
}

bool differ(Opinion a, Opinion b) {
    return a != Opinion::undecided && b != Opinion::undecided && a != b;
}

}  // namespace

bool Opinions::disagree() const {
    return whole == Opinion::wrong || differ(machine, whole) || differ(whole, sliced) ||
           differ(machine, sliced) || (whole == Opinion::unsafe && machine_replay == Opinion::safe);
}

std::string to_string(const Opinions& opinions) {
    return fmt::format("machine {}, axioms {}, sliced {}, replay of the axioms' witness {}",
                       name(opinions.machine), name(opinions.whole), name(opinions.sliced),
                       name(opinions.machine_replay));
}

Opinion by_machine(const model::ScheduleProgram& program, const model::Property& property) {
    ExploreLimits limits;
    limits.timeline = false;
    switch (explore(program, property, limits).answer) {
        case MachineVerdict::Answer::not_violated:
            return Opinion::safe;
        case MachineVerdict::Answer::violated:
            return Opinion::unsafe;
        case MachineVerdict::Answer::undecided:
            break;
    }
    return Opinion::undecided;
}

Opinion by_axioms(const model::ScheduleProgram& program, const model::Property& property) {
    return by_axioms(model::whole(program, property), property, first_only());
}

Opinions opinions_on(const model::ScheduleProgram& program, const model::Property& property) {
    Opinions result;
    result.machine = by_machine(program, property);
    const model::JudgedSchedule whole = model::whole(program, property);
    if (property.kind == model::PropertyKind::no_bbm_violation) {
        result.whole = of(model::find_bbm_violation(whole).verdict);
    } else {
        const checker::SliceAnswer answer = checker::solve_slice(whole, property.kind, first_only());
        result.whole = of(answer);
        if (answer.witness) result.machine_replay = by_replay(whole, property, answer.witness->witness);
    }
    const model::Slicing slicing = model::slice(program, property, {.contexts_at_any_size = true});
    result.sliced = cut(slicing, whole) ? by_slices(slicing, property, first_only()) : result.whole;
    return result;
}

SliceVerdicts verdicts_on(const model::ScheduleProgram& program, const model::Property& property) {
    checker::SolveOptions options;
    options.verdict_only = true;
    const model::JudgedSchedule whole = model::whole(program, property);
    const model::Slicing slicing = model::slice(program, property);
    SliceVerdicts result;
    result.cut = cut(slicing, whole);
    if (!result.cut) return result;
    result.whole = by_axioms(whole, property, options);
    result.sliced = by_slices(slicing, property, options);
    return result;
}

std::string machine_run(const model::ScheduleProgram& program, const model::Property& property) {
    const MachineVerdict verdict = explore(program, property, {});
    if (!verdict.timeline) return {};
    std::string text = "  the machine's run";
    if (verdict.observer.position)
        text += fmt::format(", an access before instruction {} of P{}", *verdict.observer.position,
                            *verdict.observer.thread);
    text += ":\n";
    for (const model::TimelineStep& step : verdict.timeline->steps) {
        text += fmt::format("    {} {}: {}\n", verdict.timeline->pes[step.pe], model::to_string(step.kind),
                            step.text);
    }
    return text + fmt::format("    outcome: {}; expected: {}\n", verdict.timeline->outcome,
                              verdict.timeline->expected);
}

std::string axioms_witness(const model::ScheduleProgram& program, const model::Property& property) {
    if (property.kind == model::PropertyKind::no_bbm_violation) return {};
    const checker::SliceAnswer answer =
        checker::solve_slice(model::whole(program, property), property.kind, first_only());
    if (!answer.witness) return {};
    const model::Witness& witness = answer.witness->witness;
    const model::Geometry geometry(property.hardware);
    std::string text = fmt::format(
        "  the axioms' witness: {} of {:#x} on {}\n", witness.observer.store ? "store" : "load", witness.va,
        witness.observer.thread ? fmt::format("P{}", *witness.observer.thread) : std::string("another PE"));
    for (const auto* walk : {&witness.walk, &witness.other_walk}) {
        const auto& context = walk == &witness.walk ? witness.context : witness.other_context;
        if (context && !walk->empty()) text += fmt::format("    a walk begun in context {}\n", *context);
        for (const model::WitnessRead& read : *walk) {
            text += fmt::format("    reads {} from {}\n", model::slot_name(program, geometry, read.slot),
                                read.writer ? fmt::format("P{}#{}", read.writer->thread, read.writer->index)
                                            : std::string("the start"));
        }
    }
    for (const model::WitnessTlbi& tlbi : witness.tlbis) {
        text += fmt::format("    P{}#{} is {} read {}\n", tlbi.tlbi.thread, tlbi.tlbi.index,
                            tlbi.tlbi_first ? "before" : "after", tlbi.read);
    }
    return text;
}

model::ScheduleProgram shrink(model::ScheduleProgram program, const SchedulePredicate& keep) {
    for (bool smaller = true; smaller;) {
        smaller = false;
        for (std::size_t t = program.threads.size(); t-- > 0;) {
            model::ScheduleProgram without = program;
            without.threads.erase(without.threads.begin() + static_cast<std::ptrdiff_t>(t));
            if (!without.threads.empty() && keep(without)) {
                program = std::move(without);
                smaller = true;
                continue;
            }
            for (std::size_t r = program.threads[t].code.size(); r-- > 0;) {
                for (std::size_t i = program.threads[t].code[r].body.size(); i-- > 0;) {
                    without = program;
                    auto& body = without.threads[t].code[r].body;
                    if (is_bracket(body[i].operation)) continue;
                    body.erase(body.begin() + static_cast<std::ptrdiff_t>(i));
                    if (!keep(without)) continue;
                    program = std::move(without);
                    smaller = true;
                }
            }
        }
    }
    return program;
}

}  // namespace tlbcheck::tests
