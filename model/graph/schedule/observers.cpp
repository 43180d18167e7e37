// SPDX-License-Identifier: Apache-2.0
//
// Who makes the judged access, and what he has seen of the schedule before (docs/formal-model.md, observers).
#include "model/graph/schedule/questions.hpp"

#include <utility>

namespace tlbcheck::model {

ScheduleQuestionBuilder::ScheduleQuestionBuilder(ScheduleEvents& events, ScheduleWalks& walks,
                                                 const ScheduleQuestion& question,
                                                 std::vector<WalkAddress> candidates)
    : events_(events),
      walks_(walks),
      schedule_(events.schedule()),
      tables_(events.tables()),
      question_(question),
      candidates_(std::move(candidates)),
      out_(events.out()),
      graph_(out_.graph),
      pool_(graph_.pool()) {}

void ScheduleQuestionBuilder::add_judged_access() {
    walks_.stop_at_stage2(question_.stage2_entry);
    walks_.follow_updates(question_.property == PropertyKind::no_lost_update);
    out_.accesses.push_back(walks_.add_access(candidates_, question_.store, 1));
}

/// Reads every other thread's flag as set, at a moment that of its thread alone (formal-model.md section 6,
/// observers). Load-acquires: the access comes after the whole schedule, though nothing but the thread's own
/// barriers orders its translation.
void ScheduleQuestionBuilder::add_flag_handshake(int except_thread) {
    const std::optional<std::uint32_t>& moment = schedule_.judging.moment;
    for (std::size_t t = 0; t < schedule_.threads.size(); ++t) {
        if (static_cast<int>(t) == except_thread || (moment && *moment != t)) continue;
        events_.add_flag_access(done_flag(schedule_, t), false, 1, "A");
        ++events_.at.instruction;
    }
}

void ScheduleQuestionBuilder::add_observers() {
    const bool synchronised = question_.observer == ObserverKind::other_pe;
    // What is judged while other threads go on waits for none: a passing window counts.
    const bool any_time = question_.any_time || question_.property == PropertyKind::no_use_after_free;
    const bool waits = question_.observer == ObserverKind::same_pe && !any_time;
    for (std::size_t t = 0; t < schedule_.threads.size(); ++t) {
        const bool observes =
            question_.observer == ObserverKind::same_pe && static_cast<int>(t) == question_.thread;
        if (!synchronised && (!waits || observes)) continue;
        if (schedule_.judging.moment && *schedule_.judging.moment != t) continue;
        events_.go_to(t, schedule_.threads[t].code.size());
        events_.add_flag_access(done_flag(schedule_, t), true, 1, nullptr);
    }
    if (question_.observer == ObserverKind::same_pe) {
        const auto own = static_cast<std::size_t>(question_.thread);
        events_.go_to(own, question_.position.value_or(schedule_.threads[own].code.size()));
        if (question_.position) events_.at.instruction = static_cast<int>(*question_.position);
        graph_.require(std::exchange(events_.at.guard, logic::true_formula));
        if (waits) add_flag_handshake(question_.thread);
        if (question_.space) enter_space();
    } else {
        events_.at = {static_cast<int>(schedule_.threads.size()), 0};
        if (question_.space) {
            const auto vm = schedule_.program->spaces[*question_.space].vm;
            walks_.set_contexts(contexts_elsewhere(*schedule_.program, *question_.space),
                                vm ? contexts_elsewhere(*schedule_.program, *vm) : PeContexts{});
        } else {
            walks_.set_contexts({});
        }
        if (synchronised) {
            add_flag_handshake(-1);
            events_.add_barrier({BarrierKind::dsb, BarrierDomain::ish, BarrierAccess::full, false});
            ++events_.at.instruction;
            events_.add_barrier({BarrierKind::isb, BarrierDomain::sy, BarrierAccess::full, false});
            ++events_.at.instruction;
        }
    }
    add_judged_access();
    if (!question_.conflict) return;
    ++events_.at.instruction;
    add_judged_access();
    walks_.link_co_live(out_.accesses[0], out_.accesses[1]);
    if (question_.property == PropertyKind::no_use_after_free) add_amalgam_reads();
}

/// The scheduling PE goes to the judged space where its part has left it in another.
void ScheduleQuestionBuilder::enter_space() {
    const JudgedThread& thread = schedule_.threads[static_cast<std::size_t>(question_.thread)];
    const std::vector<const Operation*> code = operations_of(thread);
    PeContexts contexts = contexts_of(*schedule_.program, code, thread.starts_in, question_.starts_in,
                                      *question_.space, question_.position);
    if (contexts.switches) {
        events_.add_switch(*question_.space, code.size());
        ++events_.at.instruction;
        const EventId isb =
            events_.add_barrier({BarrierKind::isb, BarrierDomain::sy, BarrierAccess::full, false});
        events_.note_synchronization(code.size() + 1, isb);
        ++events_.at.instruction;
    }
    PeContexts of_vm;
    if (const auto vm = schedule_.program->spaces[*question_.space].vm)
        of_vm = contexts_of(*schedule_.program, code, thread.starts_in, question_.starts_in, *vm,
                            question_.position);
    walks_.set_contexts(std::move(contexts), std::move(of_vm));
}

/// What two conflicting entries give may be any address (RFVQCK): one read for each location that was handed
/// to a new owner, translated by both walks.
void ScheduleQuestionBuilder::add_amalgam_reads() {
    std::vector<NewOwnerWrite> frees = events_.new_owner_writes();
    const auto& of_tables = events_.new_owner_table_writes();
    frees.insert(frees.end(), of_tables.begin(), of_tables.end());
    for (const auto& [write, instruction, by_guest] : frees) {
        const EventId read = events_.add("amalgam", {"R", "Exp"});
        graph_.event(read).location = graph_.event(write).location;
        events_.note_read(read, any_value);
        for (const JudgedAccess& access : out_.accesses) graph_.add_edge("iico_ctrl", access.branch, read);
        amalgam_reads_.push_back({read, write, instruction});
    }
}

}  // namespace tlbcheck::model
