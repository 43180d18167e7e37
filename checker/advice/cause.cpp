// SPDX-License-Identifier: Apache-2.0
//
// The sets of changes in the order in which they are tried, and the sentence of what helped.
#include "checker/advice/cause.hpp"

#include <algorithm>
#include <functional>

#include "checker/advice/missed_scope.hpp"
#include "checker/advice/remedies.hpp"
#include "checker/advice/trial.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

using Set = std::vector<Change>;
/// A set made when it is tried.
using LazySet = std::function<Set()>;

Set joined(std::initializer_list<Set> sets) {
    Set all;
    for (const Set& set : sets) all.insert(all.end(), set.begin(), set.end());
    return all;
}

class Search {
  public:
    Search(const model::ScheduleProgram& program, const model::Property& property,
           const model::JudgedSchedule& slice, const Misread& misread)
        : remedies_(program, slice, misread),
          trial_(program, property, misread.va),
          misread_(misread),
          bbm_(property.kind == model::PropertyKind::no_bbm_violation) {}

    void run(Cause& cause) {
        std::optional<Set> for_address;
        for (const LazySet& make : ways()) {
            const Set set = make();
            if (set.empty()) continue;
            if (!trial_.more()) return;
            if (trial_.holds(set, Gone::unit)) {
                accept(cause, set, Gone::unit);
                if (cost(cause.changes) <= simple) return;
                continue;
            }
            if (!for_address && !bbm_ && trial_.holds(set, Gone::address)) for_address = set;
        }
        if (!cause.changes.empty()) return;
        if (for_address) return accept(cause, *for_address, Gone::address);
        if (!trial_.more() || trial_.undecided()) return;
        cause.remedy = Remedy::no_flush;
        cause.tested = true;
        for (const Set& stores : {remedies_.unmapping(), remedies_.unfolding(), remedies_.own_tags()}) {
            if (stores.empty() || !trial_.more()) continue;
            const Set set = joined({remedies_.barriers(), stores});
            if (!trial_.holds(set, Gone::unit)) continue;
            cause.changes = trial_.needed(set, Gone::unit);
            return;
        }
    }

  private:
    void accept(Cause& cause, const Set& set, Gone gone) {
        cause.remedy = Remedy::changes;
        cause.tested = true;
        Set needed = trial_.needed(set, gone);
        if (cause.changes.empty() || cost(needed) < cost(cause.changes)) cause.changes = std::move(needed);
    }

    /// Of several sets that help the simplest is told: a sentence with five parts helps nobody.
    static int cost(const Set& set) {
        int sum = 0;
        for (const Change& change : set) sum += cost(change.kind);
        return sum;
    }
    static int cost(ChangeKind kind) {
        switch (kind) {
            case ChangeKind::move_tlbi:
            case ChangeKind::free_later:
            case ChangeKind::signal_later:
            case ChangeKind::wait_for_flush:
            case ChangeKind::flush_stage2:
            case ChangeKind::flush_combined:
                return 2;
            case ChangeKind::add_flush:
            case ChangeKind::flush_at_label:
            case ChangeKind::flush_at_free:
                return 3;
            case ChangeKind::flush_everything:
                return 4;
            case ChangeKind::clear_first:
                return 5;
            default:
                return 1;
        }
    }
    static constexpr int simple = 3;

    bool neighbour() const {
        return misread_.kind == Misreading::old_neighbour || misread_.kind == Misreading::final_neighbour;
    }

    std::vector<LazySet> ways() const {
        const Remedies& r = remedies_;
        std::vector<LazySet> ways{[&r] { return r.barriers(); }};
        ways.emplace_back([&r] {
            const Set in_vm = r.tlbis_in_vm();
            return in_vm.empty() ? in_vm : joined({in_vm, r.barriers()});
        });
        if (remedies_.by_page() && !misread_.entry.leaf)
            ways.emplace_back([&r] { return joined({r.further_addresses(), r.barriers()}); });
        ways.emplace_back([&r] { return joined({r.wider_tlbis(), r.barriers()}); });
        ways.emplace_back([&r] {
            const Set stages = r.other_stage();
            return stages.empty() ? stages : joined({stages, r.tlbis_in_vm(), r.barriers()});
        });
        if (remedies_.between_spaces())
            ways.emplace_back([&r] { return joined({r.flushes_before_switches(), r.barriers()}); });
        ways.emplace_back([&r] { return joined({r.later_tlbis(), r.barriers()}); });
        if (r.at_label()) ways.emplace_back([&r] { return joined({r.later_frees(), r.barriers()}); });
        if (misread_.property == model::PropertyKind::no_use_after_free) {
            ways.emplace_back([&r] { return joined({r.later_frees(), r.barriers()}); });
            ways.emplace_back([&r] {
                const Set waits = r.waits_for_flush();
                return waits.empty() ? waits : joined({waits, r.barriers()});
            });
            ways.emplace_back([&r] { return joined({r.later_frees(), r.wider_tlbis(), r.barriers()}); });
        }
        const LazySet further = [&r] {
            return joined({r.further_addresses(), r.wider_tlbis(), r.barriers()});
        };
        const bool flush_first = neighbour() && remedies_.interleaved();
        if (!flush_first) ways.push_back(further);
        ways.emplace_back([&r] { return joined({r.flushes(), r.barriers()}); });
        if (flush_first) ways.push_back(further);
        if (misread_.property == model::PropertyKind::no_use_after_free)
            ways.emplace_back([&r] { return joined({r.later_frees(), r.flushes(), r.barriers()}); });
        ways.emplace_back([&r] { return joined({r.flushes_in_place(), r.barriers()}); });
        ways.emplace_back([&r] { return r.flushes_everywhere(); });
        ways.emplace_back([&r] { return joined({r.clears(), r.barriers()}); });
        ways.emplace_back([&r] { return joined({r.clears(), r.flushes_everywhere()}); });
        if (misread_.property == model::PropertyKind::no_use_after_free)
            ways.emplace_back([&r] { return joined({r.later_frees(), r.flushes_everywhere()}); });
        return ways;
    }

    Remedies remedies_;
    Trial trial_;
    const Misread& misread_;
    bool bbm_;
};

/// The change is about an entry that stays, not about something that came too early.
bool about_entry(const Change& change) {
    switch (change.kind) {
        case ChangeKind::widen_tlbi:
        case ChangeKind::name_address:
        case ChangeKind::move_tlbi:
        case ChangeKind::dsb_after_tlbi:
            return true;
        default:
            return false;
    }
}

bool said_by_timeline(ChangeKind kind) {
    return kind == ChangeKind::clear_first || kind == ChangeKind::add_flush ||
           kind == ChangeKind::flush_everything;
}

bool is_last_resort(const Change& change) {
    return change.kind == ChangeKind::unfold_first || change.kind == ChangeKind::unmap_first ||
           change.kind == ChangeKind::own_tag;
}

std::string sentence_of(const Cause& cause, const ChangeContext& context) {
    const bool leaf = context.misread.kind == Misreading::old_leaf;
    if (context.misread.kind == Misreading::old_table && !cause.changes.empty() &&
        cause.changes.front().kind == ChangeKind::name_address &&
        some_in_scope(context.program, context.hardware, context.misread.entry)) {
        return misreading_text(context.misread, context.program, context.hardware, false) + ": " +
               what_is_missing(cause.changes.front(), context);
    }
    const bool held = cause.remedy == Remedy::unknown || cause.changes.empty() ||
                      about_entry(cause.changes.front()) ||
                      (leaf && cause.changes.front().kind != ChangeKind::isb &&
                       cause.changes.front().kind != ChangeKind::dsb_before_tlbi);
    std::string text = misreading_text(context.misread, context.program, context.hardware, held);
    if (cause.remedy == Remedy::no_flush) {
        text += ": no change of barriers and flushes helps";
        const auto last = std::ranges::find_if(cause.changes, is_last_resort);
        return last == cause.changes.end() ? text : text + ", " + what_is_missing(*last, context);
    }
    const std::size_t told = std::min<std::size_t>(cause.changes.size(), 3);
    std::vector<std::string> said;
    for (std::size_t i = 0; i < told; ++i) {
        std::string missing = what_is_missing(cause.changes[i], context);
        if (std::ranges::find(said, missing) != said.end()) continue;
        // The timeline of break-before-make has said that itself.
        if (context.misread.kind == Misreading::live_replacement && said_by_timeline(cause.changes[i].kind))
            continue;
        text += (said.empty() ? ": " : "; besides, ") + missing;
        said.push_back(std::move(missing));
    }
    return text;
}

}  // namespace

Cause untested_cause(const model::ScheduleProgram& program, const model::Property& property,
                     const Misread& misread) {
    Cause cause;
    cause.sentence = misreading_text(misread, program, property.hardware, true);
    cause.offending = misread.changed_by;
    return cause;
}

Cause find_cause(const model::ScheduleProgram& program, const model::Property& property,
                 const model::JudgedSchedule& slice, const Misread& misread) {
    Cause cause = untested_cause(program, property, misread);
    try {
        Search(program, property, slice, misread).run(cause);
        const ChangeContext context{program, property.hardware, misread};
        cause.sentence = sentence_of(cause, context);
        for (const Change& change : cause.changes) cause.to_do.push_back(what_to_do(change, context));
        if (!cause.changes.empty() && cause.changes.front().at) cause.offending = cause.changes.front().at;
        const bool interleaved =
            !cause.changes.empty() && cause.changes.front().kind == ChangeKind::add_flush;
        if (interleaved && misread.own_store) cause.offending = misread.own_store;
    } catch (...) {
        model::limit_that_was_reached();
        cause = untested_cause(program, property, misread);
    }
    return cause;
}

}  // namespace tlbcheck::checker
