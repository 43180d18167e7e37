// SPDX-License-Identifier: Apache-2.0
//
// Exhaustive exploration: one search for each question a property asks about each judged address.
#include "tests/explore/explore.hpp"

#include <algorithm>
#include <set>

#include "model/machine/machine.hpp"
#include "model/machine/questions.hpp"
#include "model/machine/render.hpp"
#include "model/machine/run_witness.hpp"
#include "model/machine/search.hpp"
#include "model/program/guest.hpp"

namespace tlbcheck::tests {

namespace {

class Exploration {
  public:
    Exploration(const JudgedSchedule& schedule, const Property& property, const ExploreLimits& limits)
        : schedule_(schedule),
          property_(property),
          limits_(limits),
          stored_(stored_contiguous_slots(schedule)) {}

    MachineVerdict run() {
        verdict_.answer = MachineVerdict::Answer::not_violated;
        if (never_violated()) return verdict_;
        for (const std::uint64_t va : judged_addresses(*schedule_.program, property_)) {
            if (!judge(va)) break;
        }
        return verdict_;
    }

  private:
    HardwareParameters hardware() const {
        HardwareParameters hardware = property_.hardware;
        // Break-before-make is a rule on what is written, not on what the hardware makes of it.
        if (property_.kind == PropertyKind::no_bbm_violation) hardware.contiguous_fill = ContiguousFill::any;
        return hardware;
    }

    bool never_violated() const {
        if (property_.kind == PropertyKind::no_tlb_conflict) return property_.hardware.bbm_level >= 3;
        if (property_.kind != PropertyKind::no_use_after_free) return false;
        for (const JudgedThread& thread : schedule_.threads) {
            for (const PlainInstruction& instruction : thread.code) {
                if (std::holds_alternative<Free>(instruction.operation)) return false;
            }
        }
        return true;
    }

    /// Each of these returns false when exploration is over.
    bool judge(std::uint64_t va) {
        const HardwareParameters machine = hardware();
        const bool bbm = property_.kind == PropertyKind::no_bbm_violation;
        for (const Observer& observer : observers_of(schedule_, property_.kind, va, property_.judging)) {
            const std::vector<WalkTarget> targets =
                bbm ? targets_of(schedule_, stored_, machine, va)
                    : targets_of(schedule_, stored_, machine, va, observer);
            Question question{property_.kind, machine, observer, false, {}, property_.judging};
            if (spaces::of(va)) question.judged_va = va;
            if (property_.kind == PropertyKind::no_tlb_conflict) {
                if (!judge_pairs(question, targets)) return false;
                continue;
            }
            for (const WalkTarget& target : targets) {
                for (const auto& unders : unders_of(schedule_, stored_, machine, target, 0, observer)) {
                    question.targets = {target};
                    question.targets.insert(question.targets.end(), unders.begin(), unders.end());
                    if (!judge(question)) return false;
                }
            }
            const bool access = property_.kind == PropertyKind::no_stale_entry ||
                                property_.kind == PropertyKind::no_use_after_free;
            question.amalgam = true;
            if (access && machine.bbm_level == 0 && !judge_pairs(question, targets)) return false;
        }
        return true;
    }

    bool judge_pairs(Question question, const std::vector<WalkTarget>& targets) {
        for (std::size_t i = 0; i < targets.size(); ++i) {
            for (std::size_t j = i; j < targets.size(); ++j) {
                for (const auto& first :
                     unders_of(schedule_, stored_, question.hardware, targets[i], 0, question.observer)) {
                    for (const auto& second :
                         unders_of(schedule_, stored_, question.hardware, targets[j], 1, question.observer)) {
                        question.targets = {targets[i], targets[j]};
                        question.targets.insert(question.targets.end(), first.begin(), first.end());
                        question.targets.insert(question.targets.end(), second.begin(), second.end());
                        if (!judge(question)) return false;
                    }
                }
            }
        }
        return true;
    }

    bool judge(Question question) {
        const auto space = spaces::of(question.judged_va.value_or(0));
        const bool by_guests = judged_through_guests(*schedule_.program, space);
        if (by_guests && property_.kind == PropertyKind::no_use_after_free) return true;
        const bool combined = !by_guests || property_.kind != PropertyKind::no_tlb_conflict;
        if (combined && !judge_one(question)) return false;
        question.stage2_entry = question.mains() == 2 && space && schedule_.program->spaces[*space].stage2;
        return !question.stage2_entry || judge_one(question);
    }

    bool judge_one(const Question& question) {
        if (question.targets.size() > most_walks) {
            verdict_.answer = MachineVerdict::Answer::undecided;
            verdict_.reason = "a guest's walk needs more of stage 2 than the machine follows";
            return true;
        }
        const Scenario scenario(schedule_, question);
        if (question.mains() == 2 && !may_conflict(scenario)) return true;
        const Machine machine(scenario);
        const SearchResult result =
            search(machine, std::min(limits_.states_per_search, limits_.states - verdict_.states));
        verdict_.states += result.states;
        ++verdict_.searches;
        if (result.path) {
            verdict_.answer = MachineVerdict::Answer::violated;
            verdict_.reason.clear();
            verdict_.va = scenario.va();
            verdict_.observer = question.observer;
            verdict_.witness = run_witness(scenario, *result.path);
            if (limits_.timeline) verdict_.timeline = render(scenario, *result.path);
            return false;
        }
        if (!result.exhausted) {
            verdict_.answer = MachineVerdict::Answer::undecided;
            verdict_.reason = "the machine has more states than the limit allows";
        }
        return verdict_.states < limits_.states;
    }

    const JudgedSchedule& schedule_;
    const Property& property_;
    const ExploreLimits& limits_;
    ContiguousSlots stored_;
    MachineVerdict verdict_;
};

class AddressCollector {
  public:
    AddressCollector(const ScheduleProgram& program, const Property& property)
        : program_(program), property_(property), geometry_(property.hardware) {}

    std::vector<std::uint64_t> collect() {
        for (std::size_t i = 0; i < program_.regions.size(); ++i) {
            const bool asked = !about_region(property_.kind) || property_.region == i;
            if (asked) asked_.push_back(&program_.regions[i]);
        }
        for (const Region* region : asked_) add_leaves(*region);
        for (const NewTable& table : program_.new_tables) {
            for (const Region& piece : table.leaves) add_leaves(piece);
        }
        for (const ScheduleThread& thread : program_.threads) {
            for (const Run& run : thread.code) {
                for (const Instruction& instruction : run.body) add_instruction(instruction, run.count);
            }
        }
        return {addresses_.begin(), addresses_.end()};
    }

  private:
    void add(std::uint64_t va) {
        const bool inside = std::any_of(asked_.begin(), asked_.end(),
                                        [&](const Region* region) { return va - region->va < region->size; });
        if (inside) addresses_.insert(geometry_.entry_base(va, 3));
    }

    /// First and last page: TLBIs by VA may reach the one and not the other.
    void add_entry(std::uint64_t va, std::uint64_t bytes) {
        add(va);
        if (bytes > granule_bytes(geometry_.granule())) add(va + (bytes - 1));
    }

    void add_leaves(const Region& region) {
        const std::uint64_t bytes = geometry_.entry_bytes(region.level);
        for (std::uint64_t at = 0; at < region.size; at += bytes) add_entry(region.va + at, bytes);
    }

    void add_instruction(const Instruction& original, std::uint64_t count) {
        for (std::uint64_t i = 0; i < count; ++i) {
            const Instruction instruction = instantiate(original, i);
            if (const auto* store = std::get_if<StoreDescriptor>(&instruction.operation)) {
                add_entry(store->slot.va, geometry_.entry_bytes(store->slot.level));
            } else if (const auto* free = std::get_if<Free>(&instruction.operation)) {
                const auto* range = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free->what);
                if (range != nullptr) add_freed(range->first);
            }
        }
    }

    void add_freed(std::uint64_t pa) {
        for (const Region& region : program_.regions) {
            if (pa - region.pa < region.size) add(region.va + (pa - region.pa));
        }
    }

    const ScheduleProgram& program_;
    const Property& property_;
    Geometry geometry_;
    std::vector<const Region*> asked_;
    std::set<std::uint64_t> addresses_;
};

}  // namespace

std::vector<std::uint64_t> judged_addresses(const ScheduleProgram& program, const Property& property) {
    return AddressCollector(program, property).collect();
}

MachineVerdict explore(const ScheduleProgram& program, const Property& property,
                       const ExploreLimits& limits) {
    MachineVerdict verdict;
    std::uint64_t instructions = 0;
    for (const ScheduleThread& thread : program.threads) instructions += instruction_count(thread);
    if (instructions > limits.instructions) {
        verdict.reason = "the schedule is too long for the machine to explore";
        return verdict;
    }
    const JudgedSchedule schedule = unrolled(program);
    verdict.reason = unsupported(schedule);
    if (!verdict.reason.empty()) return verdict;
    return Exploration(schedule, property, limits).run();
}

}  // namespace tlbcheck::tests
