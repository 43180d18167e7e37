// SPDX-License-Identifier: Apache-2.0
//
// Changes that need break-before-make (RWHZWS; aarch64bbm.cat), and the search over the orders of several
// threads.
#include "model/break_before_make/bbm.hpp"

#include <algorithm>
#include <set>

#include "model/break_before_make/bbm_machine.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

constexpr Attr device_bits = Attr::device_gre | Attr::device_ngre | Attr::device_ngnre | Attr::device_ngnrne;

Attr part(Attr attributes, Attr mask) {
    return static_cast<Attr>(static_cast<std::uint32_t>(attributes) & static_cast<std::uint32_t>(mask));
}
/// The bits of `mask`, or the default where none is given: Normal, inner shareable, write-back.
Attr part_or(Attr attributes, Attr mask, Attr otherwise) {
    const Attr value = part(attributes, mask);
    return value == Attr::none ? otherwise : value;
}

BbmChange attribute_change(Attr from, Attr to) {
    const bool from_device = part(from, device_bits) != Attr::none;
    const bool to_device = part(to, device_bits) != Attr::none;
    if (from_device != to_device) return BbmChange::memory_type;
    if (from_device)
        return part(from, device_bits) == part(to, device_bits) ? BbmChange::none : BbmChange::device_type;
    const auto differ = [&](Attr mask, Attr otherwise) {
        return part_or(from, mask, otherwise) != part_or(to, mask, otherwise);
    };
    if (differ(Attr::iwb | Attr::iwt | Attr::inc, Attr::iwb)) return BbmChange::cacheability;
    if (differ(Attr::owb | Attr::owt | Attr::onc, Attr::owb)) return BbmChange::cacheability;
    if (differ(Attr::nsh | Attr::ish | Attr::osh, Attr::ish)) return BbmChange::shareability;
    return BbmChange::none;
}

/// Runs every order of the threads' instructions that the flags allow.
class Search {
  public:
    Search(const JudgedSchedule& schedule, std::size_t most_states)
        : schedule_(schedule), most_states_(most_states) {}

    BbmResult run() {
        BbmMachine start(schedule_);
        explore(start);
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

std::string to_string(BbmChange change) {
    switch (change) {
        case BbmChange::none:
            return "nothing";
        case BbmChange::memory_type:
            return "the memory type";
        case BbmChange::cacheability:
            return "the cacheability";
        case BbmChange::shareability:
            return "the shareability";
        case BbmChange::device_type:
            return "the Device type";
        case BbmChange::output_address:
            return "the output address";
        case BbmChange::size:
            return "the size of the block or page";
        case BbmChange::contiguous:
            return "the Contiguous bit";
    }
    return "?";
}

BbmChange needs_bbm(const LeafTranslation& from, const LeafTranslation& to, int bbm_level) {
    if (const BbmChange change = attribute_change(from.value.attributes, to.value.attributes);
        change != BbmChange::none) {
        return change;
    }
    if (from.output != to.output) return BbmChange::output_address;
    if (from.level != to.level) {
        const bool exempt = bbm_level >= 2 || (bbm_level == 1 && (from.value.nt || to.value.nt));
        if (!exempt) return BbmChange::size;
    }
    if (from.level == to.level && from.value.contiguous != to.value.contiguous && bbm_level < 1)
        return BbmChange::contiguous;
    return BbmChange::none;
}

BbmResult find_bbm_violation(const JudgedSchedule& schedule, std::size_t most_states) {
    return Search(schedule, most_states).run();
}

BbmAnswer check_no_bbm_violation(const ScheduleProgram& program, const Property& property,
                                 const SliceOptions& options) {
    BbmAnswer answer;
    answer.slicing = slice(program, property, options);
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

}  // namespace tlbcheck::model
