// SPDX-License-Identifier: Apache-2.0
//
// The search over the orders of several threads.
#include "model/break_before_make/bbm.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/break_before_make/bbm_machine.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

/// Runs every order of the threads' instructions that the flags allow, once for each PE's TLB.
class Search {
  public:
    Search(const JudgedSchedule& schedule, std::size_t most_states)
        : schedule_(schedule), most_states_(most_states) {}

    BbmResult run() {
        std::string why_undecided;
        for (const ObservedPe pe : observed_pes(schedule_)) {
            seen_.clear();
            explore(BbmMachine(schedule_, pe));
            if (result_.verdict == BbmVerdict::unsafe) return std::move(result_);
            if (result_.verdict == BbmVerdict::undecided) why_undecided = std::move(result_.why_undecided);
            result_ = {};
        }
        if (!why_undecided.empty()) {
            result_.verdict = BbmVerdict::undecided;
            result_.why_undecided = std::move(why_undecided);
        }
        return std::move(result_);
    }

  private:
    bool done() const { return result_.verdict != BbmVerdict::safe; }

    // One thread that can run alone is run on without copies: most schedules have no other order.
    void explore(BbmMachine machine) {
        while (!done()) {
            const std::vector<std::uint32_t> ready = machine.ready();
            if (ready.empty()) return;
            if (ready.size() > 1 && !remember(machine)) return;
            for (std::size_t i = 0; i + 1 < ready.size() && !done(); ++i) {
                BbmMachine other = machine;
                step(other, ready[i]);
                explore(std::move(other));
            }
            if (!done()) step(machine, ready.back());
        }
    }

    bool remember(const BbmMachine& machine) {
        if (!seen_.insert(machine.digest()).second) return false;
        if (seen_.size() <= most_states_) return true;
        result_.verdict = BbmVerdict::undecided;
        result_.why_undecided = "the threads' stores can be ordered in too many ways";
        return false;
    }

    void step(BbmMachine& machine, std::uint32_t thread) {
        poll_now();
        if (std::optional<BbmViolation> violation = machine.step(thread)) {
            result_.verdict = BbmVerdict::unsafe;
            result_.violation = std::move(violation);
        }
    }

    const JudgedSchedule& schedule_;
    std::size_t most_states_;
    std::set<std::vector<std::uint64_t>> seen_;
    BbmResult result_;
};

}  // namespace

BbmResult find_bbm_violation(const JudgedSchedule& schedule, std::size_t most_states) {
    for (const JudgedThread& thread : schedule.threads) {
        for (const PlainInstruction& i : thread.code) {
            if (!std::holds_alternative<Branch>(i.operation)) continue;
            BbmResult result;
            result.verdict = BbmVerdict::undecided;
            result.why_undecided =
                fmt::format("break-before-make is not judged where a thread goes by what it reads (line {})",
                            i.place.line);
            return result;
        }
    }
    return Search(schedule, most_states).run();
}

BbmAnswer find_bbm_violations(Slicing slicing) {
    BbmAnswer answer;
    answer.slicing = std::move(slicing);
    for (std::size_t i = 0; i < answer.slicing.slices.size(); ++i) {
        BbmResult result = find_bbm_violation(answer.slicing.slices[i].schedule);
        if (result.verdict == BbmVerdict::unsafe) {
            answer.unsafe_slices.push_back(i);
            if (!answer.first) answer.first = std::move(result.violation);
            answer.verdict = BbmVerdict::unsafe;
        } else if (result.verdict == BbmVerdict::undecided && answer.verdict == BbmVerdict::safe) {
            answer.verdict = BbmVerdict::undecided;
            answer.why_undecided = std::move(result.why_undecided);
        }
    }
    return answer;
}

BbmAnswer check_no_bbm_violation(const ScheduleProgram& program, const Property& property,
                                 const SliceOptions& options) {
    return find_bbm_violations(slice(program, property, options));
}

}  // namespace tlbcheck::model
