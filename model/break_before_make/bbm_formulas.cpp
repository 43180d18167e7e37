// SPDX-License-Identifier: Apache-2.0
//
// Which store meets which entry (RWHZWS, RKHRBC). For a contiguous set the unit is the set: an entry left for
// any page of it counts against a new value of each of its descriptors.
#include "model/break_before_make/bbm_formulas.hpp"

#include <algorithm>
#include <numeric>

#include "model/break_before_make/bbm_entry.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

using logic::Formula;
using Candidates = std::vector<std::size_t>;  ///< ascending

Candidates common(const Candidates& a, const Candidates& b) {
    Candidates result;
    std::ranges::set_intersection(a, b, std::back_inserter(result));
    return result;
}

class Question {
  public:
    Question(BbmFormulas& formulas, const JudgedSchedule& schedule)
        : formulas_(formulas),
          schedule_(schedule),
          order_(formulas, schedule),
          sources_(formulas, order_, schedule),
          now_(order_.cut("now")),
          pe_(formulas, schedule),
          old_(formulas, order_, sources_, pe_, now_, "held", false),
          way_(formulas, order_, sources_, pe_, now_, "way", true) {
        order_.require_waits(now_);
    }

    Formula violated() {
        std::vector<Formula> all;
        for (std::size_t id = 0; id < sources_.all().size(); ++id) {
            poll_now();
            const BbmSource& fresh = sources_.all()[id];
            if (!fresh.event || !fresh.value.valid()) continue;
            all.push_back(pool().both(next(*fresh.event), meets(id, std::nullopt)));
            all.push_back(seen_first(id));
        }
        return pool().disjunction(all);
    }

  private:
    logic::FormulaPool& pool() { return formulas_.pool; }

    /// The event is the one that follows the moment.
    Formula next(EventIndex event) {
        std::vector<Formula> all{!now_.after[event]};
        if (const auto earlier = order_.previous(event)) all.push_back(now_.after[*earlier]);
        return pool().conjunction(all);
    }

    /// The event is the last before the moment.
    Formula latest(EventIndex event) {
        std::vector<Formula> all{now_.after[event]};
        for (EventIndex e = 0; e < order_.size(); ++e)
            if (e != event) all.push_back(pool().implication(now_.after[e], order_.before(e, event)));
        return pool().conjunction(all);
    }

    /// Stores to different locations with no barrier between may become visible the other way round: each
    /// earlier one meets the entries of the latest, or those that come by the latest and not by itself.
    Formula seen_first(std::size_t id) {
        const BbmSource& last = sources_.all()[id];
        std::vector<Formula> all;
        for (std::size_t other = 0; other < sources_.all().size(); ++other) {
            const BbmSource& earlier = sources_.all()[other];
            if (!earlier.event || !earlier.value.valid() || earlier.slot == last.slot) continue;
            if (order_.event(*earlier.event).thread != order_.event(*last.event).thread ||
                *earlier.event >= *last.event)
                continue;
            if (earlier.published && *earlier.published < *last.event) continue;
            if (last.value.kind == DescriptorKind::leaf) {
                all.push_back(meets(other, id));
            } else {
                all.push_back(
                    pool().conjunction({meets(other, std::nullopt), old_.through(id), !old_.through(other)}));
            }
        }
        return pool().both(latest(*last.event), pool().disjunction(all));
    }

    /// Walks for the address come to the table page, as they are or through walk caches.
    Formula reached(const DescriptorSlot& table, std::size_t candidate) {
        const int start = sources_.geometry().start_level();
        if (table.level == start) return table.generation == 0 ? logic::true_formula : logic::false_formula;
        std::vector<Formula> ways;
        for (std::size_t s = 0; s < sources_.all().size(); ++s) {
            const BbmSource& source = sources_.all()[s];
            if (source.slot.level == table.level - 1 && source.value.kind == DescriptorKind::table &&
                source.value.oa == table.generation)
                ways.push_back(way_.held(s, candidate));
        }
        return pool().disjunction(ways);
    }
    Formula reached(const DescriptorSlot& table, const Candidates& where) {
        std::vector<Formula> ways;
        for (const std::size_t c : where) ways.push_back(reached(table, c));
        return pool().disjunction(ways);
    }

    Candidates spanned(const BbmSource& source) const {
        return sources_.is_set(source) ? source.serves : sources_.own(source.slot);
    }

    /// The value of the source meets the entry held; `only`: where that is one from this other source.
    Formula meets(std::size_t id, std::optional<std::size_t> only) {
        const BbmSource& fresh = sources_.all()[id];
        const Candidates where = spanned(fresh);
        if (fresh.value.kind == DescriptorKind::leaf) {
            if (!fresh.value.af) return logic::false_formula;
            return pool().either(meets_other_kind(id, where, only), meets_leaf(id, id, where, only));
        }
        return pool().either(
            meets_other_kind(id, where, only),
            meets_below(id, fresh.slot.level + 1, static_cast<std::uint32_t>(fresh.value.oa), where, only));
    }

    /// A block where a table descriptor was, or the reverse; where that is asked, another table.
    Formula meets_other_kind(std::size_t id, const Candidates& where, std::optional<std::size_t> only) {
        const BbmSource& fresh = sources_.all()[id];
        const int bbm_level = schedule_.hardware.bbm_level;
        std::vector<Formula> all;
        for (const std::size_t s : sources_.of_slot(fresh.slot)) {
            const BbmSource& old = sources_.all()[s];
            if (s == id || (only && *only != s)) continue;
            if (schedule_.judging.replaced_tables && old.value.kind == DescriptorKind::table &&
                fresh.value.kind == DescriptorKind::table && old.value.oa != fresh.value.oa)
                all.push_back(old_.held(s));
            if (old.value.kind == fresh.value.kind) continue;
            if (bbm_level >= 2 || (bbm_level == 1 && (old.value.nt || fresh.value.nt))) continue;
            all.push_back(old_.held(s));
        }
        return pool().both(pool().disjunction(all), reached(fresh.slot, where));
    }

    bool needed(const BbmSource& old, const BbmSource& fresh, std::size_t candidate) const {
        const std::uint64_t va = schedule_.candidates[candidate];
        return needs_bbm(sources_.translation(old, va), sources_.translation(fresh, va),
                         schedule_.hardware.bbm_level) != BbmChange::none;
    }

    /// The leaf `id` becomes visible at the addresses, by the store of `cause`.
    Formula meets_leaf(std::size_t id, std::size_t cause, const Candidates& where,
                       std::optional<std::size_t> only) {
        const BbmSource& fresh = sources_.all()[id];
        const DescriptorSlot& table = sources_.all()[cause].slot;
        std::vector<Formula> all;
        for (std::size_t s = 0; s < sources_.all().size(); ++s) {
            const BbmSource& old = sources_.all()[s];
            if (s == id || (only && *only != s) || old.value.kind != DescriptorKind::leaf || !old.value.af)
                continue;
            std::vector<Formula> met;
            const bool set = sources_.is_set(old);
            for (const std::size_t c : common(where, old.serves)) {
                if (!needed(old, fresh, c)) continue;
                met.push_back(set ? reached(table, c) : pool().both(reached(table, c), old_.held(s, c)));
            }
            if (met.empty()) continue;
            Formula found = pool().disjunction(met);
            if (set) found = pool().both(found, old_.held(s));
            all.push_back(found);
        }
        return pool().disjunction(all);
    }

    /// What a new table descriptor makes visible: the leaves that may be in memory below it.
    Formula meets_below(std::size_t cause, int level, std::uint32_t generation, const Candidates& where,
                        std::optional<std::size_t> only) {
        if (level > 3) return logic::false_formula;
        std::vector<Formula> all;
        for (std::size_t s = 0; s < sources_.all().size(); ++s) {
            const BbmSource& source = sources_.all()[s];
            if (source.slot.level != level || source.slot.generation != generation ||
                !source.value.cacheable())
                continue;
            const Candidates here = common(spanned(source), where);
            if (here.empty()) continue;
            const Formula below =
                source.value.kind == DescriptorKind::leaf
                    ? meets_leaf(s, cause, here, only)
                    : meets_below(cause, level + 1, static_cast<std::uint32_t>(source.value.oa), here, only);
            all.push_back(pool().both(below, sources_.may_be_in_memory(source, now_)));
        }
        return pool().disjunction(all);
    }

    BbmFormulas& formulas_;
    const JudgedSchedule& schedule_;
    BbmOrder order_;
    BbmSources sources_;
    Cut now_;
    ChosenPe pe_;
    BbmEntry old_;  ///< that must be gone before
    BbmEntry way_;  ///< that leads to the table page stored to
};

}  // namespace

BbmFormulas bbm_formulas(const JudgedSchedule& schedule) {
    BbmFormulas formulas;
    Question question(formulas, schedule);
    formulas.violated = question.violated();
    return formulas;
}

}  // namespace tlbcheck::model
