// SPDX-License-Identifier: Apache-2.0
#include "checker/engine/invalidation.hpp"

#include <algorithm>

#include "model/arch/completion.hpp"
#include "model/axioms/schedule_model.hpp"
#include "model/execution/concrete_evaluator.hpp"

namespace tlbcheck::checker {

namespace {

using model::DescriptorWrite;
using model::EventId;
using model::PlainInstruction;

/// An instruction of the slice by thread and position.
struct Spot {
    int thread = 0;
    std::size_t at = 0;
};

const std::vector<PlainInstruction>& code_of(const JudgedExecution& judged, int thread) {
    return judged.schedule.threads[static_cast<std::size_t>(thread)].code;
}

std::optional<Spot> spot_of(const JudgedExecution& judged, EventId event) {
    const model::Event& e = judged.built.graph.event(event);
    if (e.thread < 0 || static_cast<std::size_t>(e.thread) >= judged.schedule.threads.size())
        return std::nullopt;
    const auto at = static_cast<std::size_t>(e.instruction);
    if (at >= code_of(judged, e.thread).size()) return std::nullopt;
    return Spot{e.thread, at};
}

/// The first store that gives the descriptor another value after `w`.
std::optional<Spot> overwriting(const JudgedExecution& judged, const DescriptorWrite& w) {
    for (std::size_t t = 0; t < judged.schedule.threads.size(); ++t) {
        const auto& code = judged.schedule.threads[t].code;
        for (std::size_t i = 0; i < code.size(); ++i) {
            const auto* store = std::get_if<model::StoreDescriptor>(&code[i].operation);
            const bool earlier = w.thread == static_cast<int>(t) && code[i].index <= w.index;
            if (store != nullptr && store->slot == w.slot && !earlier) return Spot{static_cast<int>(t), i};
        }
    }
    return std::nullopt;
}

bool in_po(const Spot& first, const Spot& second) {
    return first.thread == second.thread && first.at < second.at;
}

bool completes(const model::Barrier& barrier, const model::TlbiOp& op, bool other_pe) {
    return other_pe ? completes_elsewhere(barrier, op) : completes_here(barrier, op);
}

/// What the walk's entry covers, as a TLBI's scope is judged.
model::CachedTranslation entry_of(const JudgedExecution& judged, std::size_t level,
                                  const DescriptorWrite& w) {
    const model::Geometry geometry(judged.schedule.hardware);
    const model::WalkLevel& t = judged.built.accesses.front().walk[level];
    const std::uint64_t va = judged_address(judged);
    model::CachedTranslation entry;
    entry.level = t.level;
    entry.leaf = w.value.kind != model::DescriptorKind::table;
    entry.first = geometry.entry_base(va, t.level);
    entry.last = entry.first + geometry.entry_bytes(t.level) - 1;
    if (!entry.leaf && judged.schedule.hardware.walk_cache == model::WalkCache::per_page) {
        entry.first = va;
        entry.last = va + granule_bytes(geometry.granule()) - 1;
    }
    entry.global = !w.value.not_global;
    for (const model::Region& r : judged.schedule.program->regions) {
        if (va < r.va || va - r.va >= r.size) continue;
        entry.asid = r.asid;
        entry.global = entry.leaf ? entry.global : r.global;
    }
    return entry;
}

class Story {
  public:
    Story(const JudgedExecution& judged, std::size_t level, const DescriptorWrite& w)
        : judged_(judged), level_(level), t_(judged.built.accesses.front().walk[level].event), w_(w) {}

    Invalidation tell() {
        find_tlbis();
        const auto store = overwriting(judged_, w_);
        if (store) result_.store = at(*store);
        find_free();
        if (tlbis_.empty()) {
            std::optional<ExecutedAt> changed;
            if (store) changed = ExecutedAt{static_cast<std::size_t>(store->thread), at(*store).index};
            result_.missed = why_out_of_scope(*judged_.schedule.program, judged_.schedule.hardware,
                                              entry_of(judged_, level_, w_), changed);
            return failed(Invalidation::Failure::out_of_scope);
        }
        result_.tlbi = at(tlbis_.back().spot);
        if (store) std::erase_if(tlbis_, [&](const Tlbi& e) { return in_po(e.spot, *store); });
        if (tlbis_.empty()) return failed(Invalidation::Failure::too_early);
        result_.tlbi = at(tlbis_.front().spot);
        std::erase_if(tlbis_,
                      [&](const Tlbi& e) { return other_pe(e) && op(e).domain == model::TlbiDomain::local; });
        if (tlbis_.empty()) return failed(Invalidation::Failure::local);
        result_.tlbi = at(tlbis_.front().spot);
        result_.freed_before_complete =
            free_ && std::ranges::none_of(tlbis_, [&](const Tlbi& e) { return done_before_free(e); });
        const Tlbi first = tlbis_.front();
        std::erase_if(tlbis_, [&](const Tlbi& e) { return !dsb_after(e); });
        if (tlbis_.empty()) {
            result_.weak_barrier =
                weaker_between(first.spot, {first.spot.thread, code_of(judged_, first.spot.thread).size()});
            return failed(Invalidation::Failure::incomplete);
        }
        if (store && std::ranges::all_of(tlbis_, [](const Tlbi& e) { return e.before_t; })) {
            result_.weak_barrier = weaker_between(*store, tlbis_.front().spot);
            result_.tlbi = at(tlbis_.front().spot);
            return failed(Invalidation::Failure::before_store_visible);
        }
        return std::move(result_);
    }

  private:
    struct Tlbi {
        EventId event;
        Spot spot;
        bool before_t;  ///< the execution has it before the T
    };

    Invalidation failed(Invalidation::Failure failure) {
        result_.failure = failure;
        return std::move(result_);
    }
    const PlainInstruction& at(const Spot& spot) const { return code_of(judged_, spot.thread)[spot.at]; }
    const model::TlbiOp& op(const Tlbi& e) const {
        return std::get<model::TlbiInstruction>(at(e.spot).operation).op;
    }
    bool other_pe(const Tlbi& e) const { return !judged_.built.graph.same_thread(e.event, t_); }

    void find_tlbis() {
        const model::Execution& x = judged_.execution;
        const auto scope = x.edges.find("inv-domain");
        const auto after = x.chosen.find("TLBI-after");
        if (scope == x.edges.end()) return;
        for (EventId e = 0; e < judged_.built.graph.size(); ++e) {
            const auto spot = spot_of(judged_, e);
            if (!spot || !scope->second.test(e, t_)) continue;
            if (!std::holds_alternative<model::TlbiInstruction>(at(*spot).operation)) continue;
            tlbis_.push_back({e, *spot, after != x.chosen.end() && after->second.test(e, t_)});
        }
    }

    std::optional<Spot> dsb_after(const Tlbi& e) const {
        const auto& code = code_of(judged_, e.spot.thread);
        for (std::size_t i = e.spot.at + 1; i < code.size(); ++i) {
            const auto* barrier = std::get_if<model::Barrier>(&code[i].operation);
            if (barrier != nullptr && completes(*barrier, op(e), other_pe(e))) return Spot{e.spot.thread, i};
        }
        return std::nullopt;
    }

    bool done_before_free(const Tlbi& e) {
        const auto dsb = dsb_after(e);
        if (!dsb || dsb->thread == free_->thread) return dsb && in_po(*dsb, *free_);
        return std::ranges::any_of(before_free(), [&](const Spot& told) { return in_po(*dsb, told); });
    }

    /// What is ordered before the free.
    const std::vector<Spot>& before_free() {
        if (before_free_) return *before_free_;
        before_free_.emplace();
        const auto definitions = model::axioms::schedule_definitions(judged_.schedule);
        model::ConcreteEvaluator evaluator(judged_.built.graph, judged_.execution);
        const model::BitMatrix& ob = evaluator.evaluate(definitions.r("ob"));
        for (EventId free = 0; free < ob.size(); ++free) {
            const auto at = spot_of(judged_, free);
            if (!at || at->thread != free_->thread || at->at != free_->at) continue;
            for (EventId e = 0; e < ob.size(); ++e) {
                if (const auto spot = spot_of(judged_, e); spot && ob.test(e, free))
                    before_free_->push_back(*spot);
            }
        }
        return *before_free_;
    }

    /// The first DMB or DSB between two instructions of one thread, in words.
    std::string weaker_between(const Spot& from, const Spot& to) const {
        if (from.thread != to.thread) return {};
        const auto& code = code_of(judged_, from.thread);
        for (std::size_t i = from.at + 1; i < to.at; ++i) {
            const auto* barrier = std::get_if<model::Barrier>(&code[i].operation);
            if (barrier != nullptr && barrier->kind != model::BarrierKind::isb) return to_string(*barrier);
        }
        return {};
    }

    /// The free of the page that the entry maps.
    void find_free() {
        if (w_.value.kind != model::DescriptorKind::leaf) return;
        const model::Geometry geometry(judged_.schedule.hardware);
        const bool set = w_.value.contiguous && geometry.contiguous_slots(w_.slot.level);
        const std::uint64_t va = judged_address(judged_);
        const std::uint64_t bytes =
            set ? geometry.contiguous_bytes(w_.slot.level) : geometry.entry_bytes(w_.slot.level);
        const std::uint64_t base =
            set ? geometry.set_base(va, w_.slot.level) : geometry.entry_base(va, w_.slot.level);
        const std::uint64_t pa = w_.value.oa / bytes * bytes + (va - base);
        for (std::size_t t = 0; t < judged_.schedule.threads.size(); ++t) {
            const auto& code = judged_.schedule.threads[t].code;
            for (std::size_t i = 0; i < code.size(); ++i) {
                const auto* free = std::get_if<model::Free>(&code[i].operation);
                if (free == nullptr) continue;
                const auto* pages = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free->what);
                if (pages == nullptr || pa < pages->first || pa - pages->first >= pages->second || free_)
                    continue;
                free_ = Spot{static_cast<int>(t), i};
                result_.free = code[i];
            }
        }
    }

    const JudgedExecution& judged_;
    std::size_t level_;
    EventId t_;
    const DescriptorWrite& w_;
    std::vector<Tlbi> tlbis_;
    std::optional<Spot> free_;
    std::optional<std::vector<Spot>> before_free_;  ///< once asked for
    Invalidation result_;
};

}  // namespace

Invalidation invalidation_of(const JudgedExecution& judged, std::size_t level, const DescriptorWrite& w) {
    return Story(judged, level, w).tell();
}

std::optional<PlainInstruction> freeing_instruction(const JudgedExecution& judged, const DescriptorWrite& w) {
    const auto spot = spot_of(judged, w.event);
    if (!spot) return std::nullopt;
    return code_of(judged, spot->thread)[spot->at];
}

bool changed_later(const JudgedExecution& judged, const DescriptorWrite& w) {
    return overwriting(judged, w).has_value();
}

}  // namespace tlbcheck::checker
