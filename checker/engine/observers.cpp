// SPDX-License-Identifier: Apache-2.0
//
// For each space of the judged addresses: the PEs of the threads, then one that runs none.
#include "checker/engine/observers.hpp"

#include <algorithm>
#include <optional>
#include <set>

#include "model/program/guest.hpp"
#include "model/program/pe_contexts.hpp"

namespace tlbcheck::checker {

namespace {

using model::JudgedSchedule;
using model::ObserverKind;
using model::PropertyKind;
using model::ScheduleQuestion;
using model::SpaceId;

/// An access before such an instruction is ordered in fewer ways than one after it; before others, in no
/// fewer than after them. With ETS2 or ETS3 a fault comes after the stores before it (ets-ob): before a store
/// of a descriptor that translates an access may still meet the one of before that does not. A store, and
/// what hardware sets, comes after the T of the thread's earlier accesses (dob).
bool worth_standing_before(const model::Operation& operation, bool faults_come_after_stores) {
    if (const auto* access = std::get_if<model::Access>(&operation))
        return access->kind == model::AccessKind::load_acquire || !access->flag;
    if (const auto* store = std::get_if<model::StoreDescriptor>(&operation))
        return faults_come_after_stores && store->value.valid();
    return std::holds_alternative<model::Barrier>(operation) ||
           std::holds_alternative<model::Await>(operation) ||
           std::holds_alternative<model::Branch>(operation) ||
           std::holds_alternative<model::ContextChange>(operation);
}

class Observers {
  public:
    Observers(std::vector<ScheduleQuestion>& questions, const ScheduleQuestion& base,
              const JudgedSchedule& schedule)
        : questions_(questions), base_(base), schedule_(schedule) {}

    void add() {
        if (schedule_.program->spaces.empty()) return add_of_space();
        std::set<std::optional<SpaceId>> judged;
        for (const std::uint64_t va : schedule_.candidates) judged.insert(model::spaces::of(va));
        for (const std::optional<SpaceId>& space : judged) {
            base_.space = space;
            base_.stage2_entry = false;
            const bool by_guests = model::judged_through_guests(*schedule_.program, space);
            if (by_guests && base_.property == PropertyKind::no_use_after_free) continue;
            if (!by_guests || base_.property != PropertyKind::no_tlb_conflict) add_of_space();
            // Entries of stage 2 conflict by themselves, also where none combines them.
            base_.stage2_entry = base_.conflict && stage2();
            if (base_.stage2_entry) add_of_space();
        }
    }

  private:
    bool stage2() const { return base_.space && schedule_.program->spaces[*base_.space].stage2; }
    bool closed() const { return schedule_.program->closed; }
    /// An access on the thread's PE is judged: it maintains the tables, its end is the moment, it is named,
    /// or it is in other spaces too.
    bool observes(std::uint32_t thread) const {
        if (schedule_.judging.only_named) return schedule_.judging.on_thread(thread);
        const model::JudgedThread& judged = schedule_.threads[thread];
        return closed() || judged.maintains || schedule_.judging.moment == thread || by_others(judged);
    }
    /// It can have made entries in other spaces, at any time: what no PE that runs no thread has.
    bool by_others(const model::JudgedThread& thread) const {
        const auto time = decided_elsewhere() ? model::AccessTime::any : model::AccessTime::after_thread;
        return base_.space && model::goes_by_others(*schedule_.program, operations_of(thread),
                                                    thread.starts_in, *base_.space, time);
    }

    /// A passing window of its own. What an entry of another space leads to is met in that space as well: a
    /// use after free takes entries that conflict, at level 0.
    bool passes_by(const model::JudgedThread& thread) const {
        return by_others(thread) && (decided_elsewhere() || schedule_.hardware.bbm_level == 0);
    }

    /// The PE that is reached by the fewest TLBIs decides what may happen at any time.
    bool decided_elsewhere() const {
        return !closed() && base_.any_time && base_.property != PropertyKind::no_use_after_free;
    }

    /// For no_stale_entry a load stands for a store as well: what is judged is the translation, the T of both
    /// are the same events, and a store adds orderings (coherence of its data, ETS3 on a permission fault)
    /// and takes none away. Entries that conflict do so whatever the access is.
    void add_of_space() {
        // What hardware sets depends on the access, as what an access does to memory that was freed.
        const bool by_stores = base_.property == PropertyKind::no_use_after_free ||
                               base_.property == PropertyKind::no_lost_update;
        for (const bool store : {false, true}) {
            if (store && !by_stores) break;
            base_.store = store;
            for (std::uint32_t t = 0; t < schedule_.threads.size(); ++t) {
                if (decided_elsewhere() && !by_others(schedule_.threads[t])) continue;
                if (observes(t)) add_on(static_cast<int>(t));
            }
        }
        base_.thread = 0;
        base_.starts_in = std::nullopt;
        base_.position = std::nullopt;
        base_.store = false;
        if (closed() || !schedule_.judging.on_other()) return;
        for (const bool store : {false, true}) {
            if (store && !by_stores) break;
            ScheduleQuestion q = base_;
            q.observer = base_.any_time ? ObserverKind::other_pe_any_time : ObserverKind::other_pe;
            q.store = store;
            questions_.push_back(q);
        }
    }

    /// A PE whose space at the start is not known is asked about in each that makes a difference.
    void add_on(int thread) {
        const model::JudgedThread& judged = schedule_.threads[static_cast<std::size_t>(thread)];
        base_.observer = ObserverKind::same_pe;
        base_.thread = thread;
        base_.starts_in = std::nullopt;
        if (!base_.space || judged.starts_in.of(schedule_.program->spaces[*base_.space]))
            return add_at_positions(judged);
        for (const SpaceId start : model::possible_starts(*schedule_.program, *base_.space)) {
            base_.starts_in = start;
            add_at_positions(judged);
        }
    }

    /// Between exception() and eret() the PE runs a handler: it accesses what is written there, no more.
    static bool in_handler(const model::JudgedThread& thread, std::uint64_t position) {
        bool inside = false;
        for (std::uint64_t k = 0; k < position; ++k) {
            const auto* change = std::get_if<model::ContextChange>(&thread.code[k].operation);
            if (change == nullptr) continue;
            if (change->kind == model::ContextChange::Kind::exception_entry) inside = true;
            if (change->kind == model::ContextChange::Kind::exception_return) inside = false;
        }
        return inside;
    }

    /// Where there are no other PEs, or none has been where this one was, a passing window is one of the
    /// thread's own PE: an access may stand anywhere in its part.
    void add_at_positions(const model::JudgedThread& thread) {
        base_.position = std::nullopt;
        questions_.push_back(base_);
        if (!base_.any_time || !(closed() || passes_by(thread))) return;
        const bool faults = base_.property == PropertyKind::never_invalid && schedule_.hardware.ets >= 2;
        for (std::uint64_t k = 0; k < thread.code.size(); ++k) {
            if (!worth_standing_before(thread.code[k].operation, faults) || !in_space(thread, k) ||
                in_handler(thread, k))
                continue;
            base_.position = k;
            questions_.push_back(base_);
        }
        // After its part too, where the PE is: the access above enters the judged space first.
        const std::uint64_t end = thread.code.size();
        if (contexts(thread, std::nullopt).switches && in_space(thread, end) && !in_handler(thread, end)) {
            base_.position = end;
            questions_.push_back(base_);
        }
        base_.position = std::nullopt;
    }

    model::PeContexts contexts(const model::JudgedThread& thread,
                               std::optional<std::uint64_t> position) const {
        if (!base_.space) return {};
        return model::contexts_of(*schedule_.program, operations_of(thread), thread.starts_in,
                                  base_.starts_in, *base_.space, position);
    }

    bool in_space(const model::JudgedThread& thread, std::uint64_t position) const {
        if (!base_.space) return true;
        const model::PeContexts known = contexts(thread, position);
        return std::ranges::any_of(known.all,
                                   [&](const auto& c) { return c.space == *base_.space && !c.ended(); });
    }

    std::vector<ScheduleQuestion>& questions_;
    ScheduleQuestion base_;
    const JudgedSchedule& schedule_;
};

}  // namespace

void add_observers(std::vector<ScheduleQuestion>& questions, const ScheduleQuestion& base,
                   const JudgedSchedule& schedule) {
    Observers(questions, base, schedule).add();
}

bool asks_about(const JudgedSchedule& schedule, const ScheduleQuestion& question,
                const std::vector<std::uint64_t>& addresses) {
    if (schedule.program->spaces.empty()) return !addresses.empty();
    return std::ranges::any_of(addresses,
                               [&](std::uint64_t va) { return model::spaces::of(va) == question.space; });
}

}  // namespace tlbcheck::checker
