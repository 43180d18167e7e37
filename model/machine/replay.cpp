// SPDX-License-Identifier: Apache-2.0
//
// Looks for the machine's run that the witness is of.
#include "model/machine/replay.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "model/machine/machine.hpp"
#include "model/machine/questions.hpp"
#include "model/machine/render.hpp"
#include "model/machine/search.hpp"

namespace tlbcheck::model {

namespace {

/// The target whose walk makes these reads; nullopt when a read is of neither an own slot nor a neighbour's.
std::optional<WalkTarget> target_of(const Geometry& geometry, std::uint64_t va,
                                    const std::vector<WitnessRead>& walk) {
    WalkTarget target = own_target(geometry, va);
    for (const WitnessRead& read : walk) {
        const int level = read.slot.level;
        if (level < geometry.start_level() || level > 3) return std::nullopt;
        if (read.slot.va == geometry.entry_base(va, level)) continue;
        const bool neighbour = geometry.contiguous_slots(level) &&
                               geometry.set_base(read.slot.va, level) == geometry.set_base(va, level);
        if (!neighbour || target.sibling_level) return std::nullopt;
        target = sibling_target(geometry, va, level, read.slot.va);
    }
    return target;
}

class Replayer {
  public:
    Replayer(const JudgedSchedule& schedule, const Property& property, const Witness& witness,
             const ReplayLimits& limits)
        : schedule_(schedule), property_(property), witness_(witness), limits_(limits) {}

    Replay run() {
        Question question{property_.kind,   property_.hardware, witness_.observer, false, {},
                          property_.judging};
        if (spaces::of(witness_.va)) question.judged_va = witness_.va;
        const bool bbm = property_.kind == PropertyKind::no_bbm_violation;
        if (bbm) question.hardware.contiguous_fill = ContiguousFill::any;
        if (witness_.observer.thread && *witness_.observer.thread >= schedule_.threads.size()) {
            return impossible("the witness names a thread that does not exist");
        }
        if (witness_.walk.empty() && witness_.under.empty()) {
            return bbm ? any_walk(question) : impossible("the witness has no walk");
        }
        if (!add_target(question, witness_.walk, witness_.context))
            return impossible("the witness's walk reads a slot of another set");
        if (!witness_.other_walk.empty() || !witness_.other_under.empty()) {
            if (!add_target(question, witness_.other_walk, witness_.other_context)) {
                return impossible("the witness's other walk reads a slot of another set");
            }
            question.amalgam = property_.kind != PropertyKind::no_tlb_conflict;
        }
        const auto space = spaces::of(witness_.va);
        const bool conflict = question.targets.size() == 2;
        if (!add_unders(question, witness_.under, 0) || !add_unders(question, witness_.other_under, 1))
            return impossible("the witness's walk of stage 2 reads a slot of another set");
        if (question.targets.size() > most_walks) return impossible("the witness has too many walks");
        if (conflict && space && schedule_.program->spaces[*space].stage2) {
            question.stage2_entry = true;
            Replay found = search_for(question, true);
            if (found.result == Replay::Result::realised) return found;
            question.stage2_entry = false;
        }
        return search_for(question, true);
    }

  private:
    static Replay impossible(std::string reason) {
        Replay replay;
        replay.reason = std::move(reason);
        return replay;
    }

    bool add_target(Question& question, const std::vector<WitnessRead>& walk,
                    const std::optional<std::uint32_t>& context) const {
        std::uint64_t va = witness_.va;
        if (walk.empty()) {  // stage 2 faults where the root table is
            if (const auto space = space_of(context)) va = spaces::within(spaces::plain(va), *space);
            question.targets.push_back(own_target(Geometry(question.hardware), va));
            question.targets.back().context = context;
            return true;
        }
        if (const auto space = spaces::of(walk.front().slot.va))
            va = spaces::within(spaces::plain(va), *space);
        std::optional<WalkTarget> target = target_of(Geometry(question.hardware), va, walk);
        if (target) target->context = context;
        if (target) question.targets.push_back(*target);
        return target.has_value();
    }

    /// The space of one of the observer's contexts.
    std::optional<SpaceId> space_of(const std::optional<std::uint32_t>& context) const {
        const auto judged = spaces::of(witness_.va);
        if (!judged || !context) return std::nullopt;
        const PeContexts contexts = contexts_of_observer(schedule_, witness_.observer, *judged);
        return *context < contexts.all.size() ? std::optional(contexts.all[*context].space) : std::nullopt;
    }

    static bool add_unders(Question& question, const std::vector<WitnessUnder>& unders, std::uint32_t of) {
        for (const WitnessUnder& under : unders) {
            std::optional<WalkTarget> target = target_of(Geometry(question.hardware), under.ipa, under.reads);
            if (!target) return false;
            target->context = under.context;
            target->under = UnderWalk{of, under.for_level};
            question.targets.push_back(*target);
        }
        return true;
    }

    /// A hazard that names only its store: any entry will do.
    Replay any_walk(Question question) const {
        Replay last = impossible("no entry the update conflicts with can be held when it becomes visible");
        for (const WalkTarget& target :
             targets_of(schedule_, stored_contiguous_slots(schedule_), question.hardware, witness_.va)) {
            question.targets = {target};
            Replay found = search_for(question, false);
            if (found.result == Replay::Result::realised) return found;
            if (found.result == Replay::Result::undecided) last = std::move(found);
        }
        return last;
    }

    Replay search_for(const Question& question, bool reads) const {
        const Scenario scenario(schedule_, question);
        Machine machine(scenario);
        if (reads) {
            WantedWalks wanted{};
            std::string error = want(scenario, 0, witness_.walk, wanted);
            std::size_t at = question.mains();
            if (error.empty() && at == 2) error = want(scenario, 1, witness_.other_walk, wanted);
            for (const auto* unders : {&witness_.under, &witness_.other_under}) {
                for (const WitnessUnder& under : *unders)
                    if (error.empty()) error = want(scenario, at++, under.reads, wanted);
            }
            if (!error.empty()) return impossible(std::move(error));
            machine.want(wanted);
        }
        if (witness_.update) {
            const std::optional<std::uint32_t> update = store_at(scenario, *witness_.update, std::nullopt);
            if (!update)
                return impossible("the witness's update is no store to a descriptor of the judged address");
            machine.want_update(*update);
        }
        const SearchResult found = search(machine, limits_.states);
        Replay replay;
        replay.states = found.states;
        if (found.path) {
            replay.result = Replay::Result::realised;
            replay.timeline = render(scenario, *found.path);
        } else if (found.exhausted) {
            replay.reason = "no run of the machine makes these reads and breaks the property";
        } else {
            replay.result = Replay::Result::undecided;
            replay.reason = "the replay has more states than the limit allows";
        }
        return replay;
    }

    static std::optional<std::uint32_t> store_at(const Scenario& scenario, const InstructionRef& at,
                                                 std::optional<int> location) {
        for (std::size_t i = 0; i < scenario.stores().size(); ++i) {
            const MachineStore& store = scenario.stores()[i];
            if (store.thread != at.thread || store.position != at.index) continue;
            if (location ? store.location == *location : store.location >= 0)
                return static_cast<std::uint32_t>(i);
        }
        return std::nullopt;
    }

    /// Fills in what walk `w` must read; a message when the witness does not fit the program.
    static std::string want(const Scenario& scenario, std::size_t w, const std::vector<WitnessRead>& walk,
                            WantedWalks& wanted) {
        for (const WitnessRead& read : walk) {
            const int level = read.slot.level;
            WantedRead want;
            want.location = scenario.slot_location(w, level, read.slot.generation);
            if (want.location < 0)
                return fmt::format("the witness reads no slot of the walk at level {}", level);
            if (read.writer) {
                const std::optional<std::uint32_t> store = store_at(scenario, *read.writer, want.location);
                if (!store) return fmt::format("the witness's level {} read has no such store", level);
                want.value = static_cast<StoredId>(*store + 1);
            }
            const bool contiguous = scenario.value(want.location, want.value).contiguous;
            if (read.span != EntrySpan::own || !contiguous) want.span = read.span;
            wanted[w][static_cast<std::size_t>(level)] = want;
        }
        return {};
    }

    const JudgedSchedule& schedule_;
    const Property& property_;
    const Witness& witness_;
    const ReplayLimits& limits_;
};

}  // namespace

Replay replay(const JudgedSchedule& schedule, const Property& property, const Witness& witness,
              const ReplayLimits& limits) {
    Replay result;
    result.result = Replay::Result::undecided;
    if (instruction_count(schedule) > limits.instructions) {
        result.reason = "the schedule is too long for the machine";
        return result;
    }
    result.reason = unsupported(schedule);
    if (!result.reason.empty()) return result;
    return Replayer(schedule, property, witness, limits).run();
}

}  // namespace tlbcheck::model
