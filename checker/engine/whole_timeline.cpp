// SPDX-License-Identifier: Apache-2.0
//
// Rows for the instructions between those that a slice keeps.
#include "checker/engine/whole_timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "checker/engine/instruction_text.hpp"
#include "checker/report/kernel_place.hpp"

namespace tlbcheck::checker {

namespace {

using Steps = std::vector<TimelineStep>;

StepKind kind_of(const model::Operation& operation) {
    if (std::holds_alternative<model::StoreDescriptor>(operation)) return StepKind::store;
    if (std::holds_alternative<model::TlbiInstruction>(operation)) return StepKind::tlbi;
    if (std::holds_alternative<model::Barrier>(operation)) return StepKind::barrier;
    if (std::holds_alternative<model::Free>(operation)) return StepKind::free;
    return StepKind::access;
}

/// Where arms end: told as no step of the run.
bool is_bracket(const model::Operation& operation) {
    return std::holds_alternative<model::Otherwise>(operation) ||
           std::holds_alternative<model::EndBranch>(operation);
}

bool goes_by_reads(const model::JudgedThread& thread) {
    return std::ranges::any_of(thread.code, [](const model::PlainInstruction& i) {
        return std::holds_alternative<model::Branch>(i.operation);
    });
}

/// Instructions of one thread by their number in its execution; runs are not unrolled.
class ThreadCode {
  public:
    ThreadCode(const ReplayedSchedule& replayed, std::uint32_t thread)
        : replayed_(replayed), thread_(thread), runs_(replayed.program.threads[thread].code) {
        for (const model::Run& run : runs_) {
            first_.push_back(size_);
            size_ += run.count * run.body.size();
        }
    }

    std::uint64_t size() const { return size_; }

    /// Steps for the instructions [begin, end): each its own where they are few, else one for what each run
    /// has of them, or for all where they are of many runs.
    Steps rows(std::uint64_t begin, std::uint64_t end) const {
        Steps result;
        constexpr std::size_t most_rows = 4;
        if (run_of(end - 1) - run_of(begin) >= most_rows) return {fold(begin, end)};
        while (begin < end) {
            const std::size_t run = run_of(begin);
            const std::uint64_t next = std::min(end, first_[run] + runs_[run].count * runs_[run].body.size());
            if (next - begin > most_rows) {
                result.push_back(fold_of_run(run, begin, next));
            } else {
                for (std::uint64_t i = begin; i < next; ++i) result.push_back(single(i));
            }
            begin = next;
        }
        return result;
    }

    TimelineStep not_executed(std::uint64_t begin) const {
        TimelineStep step = base(begin);
        step.kind = StepKind::folded;
        step.instructions = size_ - begin;
        step.text = fmt::format("not executed by then: {} instruction{}", step.instructions,
                                step.instructions == 1 ? "" : "s");
        step.detail = step.instructions == 1 ? fmt::format("\"{}\".", text(begin)) : from_to(begin, size_);
        return step;
    }

    /// An arm that the thread did not go into, with the ends of arms around it.
    TimelineStep gone_past(std::uint64_t begin, std::uint64_t end) const {
        TimelineStep step = base(begin);
        step.kind = StepKind::folded;
        step.instructions = end - begin;
        while (begin < end && is_bracket(at(begin).operation)) ++begin;
        while (end > begin && is_bracket(at(end - 1).operation)) --end;
        step.text = "not executed: the other arm";
        step.detail = end == begin + 1 ? fmt::format("\"{}\".", text(begin)) : from_to(begin, end);
        return step;
    }

  private:
    std::size_t run_of(std::uint64_t index) const {
        const auto after = std::upper_bound(first_.begin(), first_.end(), index);
        return static_cast<std::size_t>(after - first_.begin()) - 1;
    }

    model::Instruction at(std::uint64_t index) const {
        const std::size_t run = run_of(index);
        const std::uint64_t in_run = index - first_[run];
        const std::uint64_t length = runs_[run].body.size();
        return instantiate(runs_[run].body[in_run % length], in_run / length);
    }

    std::string text(std::uint64_t index) const {
        model::Instruction instruction = at(index);
        return instruction_text(replayed_.program, replayed_.hardware,
                                {std::move(instruction.operation), {}, {}, index});
    }

    std::string from_to(std::uint64_t begin, std::uint64_t end) const {
        return fmt::format("From \"{}\" to \"{}\".", text(begin), text(end - 1));
    }

    /// A step at the place of the instruction.
    TimelineStep base(std::uint64_t index) const {
        const model::Instruction instruction = at(index);
        TimelineStep step;
        step.pe = thread_;
        step.place = place_of(replayed_.program, instruction.place);
        if (instruction.helper_place != instruction.place)
            step.helper_place = place_of(replayed_.program, instruction.helper_place);
        if (const auto* stack = kernel_stack(replayed_.program, instruction.kernel)) {
            step.kernel = *stack;
            step.helper_place = place_of(shown_frame(*stack));
        }
        return step;
    }

    TimelineStep single(std::uint64_t index) const {
        TimelineStep step = base(index);
        step.kind = kind_of(at(index).operation);
        step.text = text(index);
        step.detail = "of no consequence for this address";
        step.minor = true;
        step.instructions = 1;
        return step;
    }

    TimelineStep fold(std::uint64_t begin, std::uint64_t end) const {
        TimelineStep step = base(begin);
        step.kind = StepKind::folded;
        step.instructions = end - begin;
        step.text = fmt::format("{} instructions for other addresses", step.instructions);
        step.detail = from_to(begin, end);
        return step;
    }

    TimelineStep fold_of_run(std::size_t run, std::uint64_t begin, std::uint64_t end) const {
        TimelineStep step = fold(begin, end);
        const std::uint64_t length = runs_[run].body.size();
        const std::uint64_t first = (begin - first_[run]) / length;
        const std::uint64_t last = (end - 1 - first_[run]) / length;
        if (runs_[run].count == 1 || first == last) return step;
        step.text = fmt::format("iterations {} to {} of {}, for other addresses: {} instructions", first + 1,
                                last + 1, runs_[run].count, step.instructions);
        return step;
    }

    const ReplayedSchedule& replayed_;
    std::uint32_t thread_;
    const std::vector<model::Run>& runs_;
    std::vector<std::uint64_t> first_;  ///< number of each run's first instruction
    std::uint64_t size_ = 0;
};

/// What comes before each step of the timeline; the last of the list comes before its last step.
class Rest {
  public:
    Rest(const Timeline& timeline, const ReplayedSchedule& replayed)
        : timeline_(timeline), replayed_(replayed), before_(timeline.steps.size()) {}

    std::vector<Steps> run() {
        for (std::uint32_t t = 0; t < replayed_.program.threads.size(); ++t) add(t);
        return std::move(before_);
    }

  private:
    void add(std::uint32_t thread) {
        const ThreadCode code(replayed_, thread);
        const std::vector<model::PlainInstruction>& kept = replayed_.judged.threads[thread].code;
        const bool branches = goes_by_reads(replayed_.judged.threads[thread]);
        std::uint64_t next = 0;      // instruction that is next in program order
        std::size_t executed = 0;    // of those kept
        std::size_t last_place = 0;  // behind the thread's last step
        for (std::size_t s = 0; s < timeline_.steps.size(); ++s) {
            const TimelineStep& step = timeline_.steps[s];
            if (step.pe != thread || !step.position || *step.position >= kept.size()) continue;
            const std::uint64_t index = kept[*step.position].index;
            if (branches && skips(kept, executed, *step.position))
                before_[s].push_back(code.gone_past(next, index));
            else
                put(s, code, next, index);
            next = index + 1;
            executed = *step.position + 1;
            last_place = s + 1;
        }
        if (next == code.size()) return;
        const std::size_t end = timeline_.steps.size() - 1;
        if (complete(thread) && executed == kept.size()) {
            put(std::min(last_place, end), code, next, code.size());
        } else {
            before_[end].push_back(code.not_executed(next));
        }
    }

    /// Something that the replayed schedule keeps was not executed between the two.
    static bool skips(const std::vector<model::PlainInstruction>& kept, std::size_t begin, std::size_t end) {
        return std::any_of(kept.begin() + static_cast<std::ptrdiff_t>(std::min(begin, end)),
                           kept.begin() + static_cast<std::ptrdiff_t>(end),
                           [](const model::PlainInstruction& i) { return !is_bracket(i.operation); });
    }

    /// Whether the last step comes after all that the thread does.
    bool complete(std::uint32_t thread) const {
        const bool own = replayed_.observer.thread == thread;
        return own || replayed_.property == model::PropertyKind::no_stale_entry;
    }

    void put(std::size_t step, const ThreadCode& code, std::uint64_t begin, std::uint64_t end) {
        if (begin >= end) return;
        for (TimelineStep& row : code.rows(begin, end)) before_[step].push_back(std::move(row));
    }

    const Timeline& timeline_;
    const ReplayedSchedule& replayed_;
    std::vector<Steps> before_;
};

}  // namespace

void add_rest(Timeline& timeline, const ReplayedSchedule& replayed) {
    if (timeline.steps.empty()) return;
    std::vector<Steps> rest = Rest(timeline, replayed).run();
    Steps steps;
    std::vector<std::uint32_t> moved;
    for (std::size_t s = 0; s < timeline.steps.size(); ++s) {
        const std::vector<PeState> state = state_after(timeline, static_cast<int>(s) - 1);
        for (TimelineStep& row : rest[s]) {
            row.pes = state;
            steps.push_back(std::move(row));
        }
        moved.push_back(static_cast<std::uint32_t>(steps.size()));
        steps.push_back(std::move(timeline.steps[s]));
        // state_after reads the step's states next.
        timeline.steps[s].pes = steps.back().pes;
    }
    timeline.steps = std::move(steps);
    for (TimelineArrow& arrow : timeline.arrows) {
        arrow.from = moved[arrow.from];
        arrow.to = moved[arrow.to];
    }
}

std::uint64_t instruction_count(const model::ScheduleProgram& program) {
    std::uint64_t count = 0;
    for (const model::ScheduleThread& thread : program.threads) count += model::instruction_count(thread);
    return count;
}

std::uint64_t instruction_count(const Timeline& timeline) {
    std::uint64_t count = 0;
    for (const TimelineStep& step : timeline.steps) count += step.instructions;
    return count;
}

}  // namespace tlbcheck::checker
