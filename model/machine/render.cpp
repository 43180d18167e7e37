// SPDX-License-Identifier: Apache-2.0
//
// Tells a run step by step, keeping what memory, TLBs and walk caches hold after each step.
#include "model/machine/render.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "model/machine/pe_registers.hpp"
#include "model/machine/story.hpp"
#include "model/machine/wording.hpp"

namespace tlbcheck::model {

namespace {

class Renderer {
  public:
    explicit Renderer(const Scenario& scenario) : scenario_(scenario), words_(scenario) {
        const std::size_t threads = scenario.threads().size();
        for (const JudgedThread& thread : scenario.schedule().threads) names_.push_back(thread.name);
        const std::optional<std::uint32_t>& own = scenario.question().observer.thread;
        if (!own) names_.emplace_back("observer");
        for (std::size_t pe = 0; pe < names_.size(); ++pe)
            timeline_.pes.push_back(fmt::format("PE{} ({})", pe, names_[pe]));
        timeline_.judged_pe = own.value_or(static_cast<std::uint32_t>(threads));
        timeline_.judged_va = spaces::plain(scenario.va());
        memory_.assign(scenario.locations().size(), 0);
        pes_.resize(timeline_.pes.size());
        unfinished_.resize(threads);
        for (std::size_t pe = 0; pe < names_.size(); ++pe) {
            registers_.emplace_back(scenario, pe);
            pes_[pe].context = registers_[pe].text();
        }
        if (!program().spaces.empty()) timeline_.initial = pes_;
        collect_memory();
    }

    Timeline run(const std::vector<MachineEvent>& events) {
        for (const MachineEvent& event : events) tell(event);
        finish(timeline_, program());
        return std::move(timeline_);
    }

  private:
    const ScheduleProgram& program() const { return *scenario_.schedule().program; }

    void collect_memory() {
        std::map<DescriptorSlot, Descriptor> slots;
        for (const MachineLocation& location : scenario_.locations()) {
            if (location.kind == MachineLocation::Kind::slot) slots.emplace(location.slot, location.initial);
        }
        for (const JudgedThread& thread : scenario_.schedule().threads) {
            for (const PlainInstruction& instruction : thread.code) {
                const auto* store = std::get_if<StoreDescriptor>(&instruction.operation);
                if (store != nullptr && slots.count(store->slot) == 0) {
                    slots.emplace(store->slot, initial_descriptor(program(), store->slot));
                }
            }
        }
        for (const auto& [slot, value] : slots)
            timeline_.memory.push_back(words_.descriptor(slot, value, false));
    }

    TimelineStep& step(const MachineEvent& event, std::uint32_t pe, StepKind kind, std::string text) {
        TimelineStep step;
        step.pe = pe;
        step.kind = kind == StepKind::await ? StepKind::access : kind;
        step.lane = kind == StepKind::fill ? Lane::tlb : Lane::pe;
        step.text = std::move(text);
        const std::vector<PlainInstruction>& code = scenario_.schedule().threads[event.thread].code;
        if (pe < scenario_.threads().size() && pe == event.thread && event.position < code.size() &&
            executes(kind)) {
            put_place(step, code[event.position]);
            step.position = event.position;
            step.instructions = 1;
        }
        timeline_.steps.push_back(std::move(step));
        return timeline_.steps.back();
    }

    void put_place(TimelineStep& step, const PlainInstruction& instruction) const {
        step.place = place_of(program(), instruction.place);
        if (instruction.helper_place != instruction.place)
            step.helper_place = place_of(program(), instruction.helper_place);
        if (const auto* stack = kernel_stack(program(), instruction.kernel)) {
            step.kernel = *stack;
            step.helper_place = place_of(shown_frame(*stack));
        }
    }

    static bool executes(StepKind kind) {
        return kind == StepKind::store || kind == StepKind::tlbi || kind == StepKind::barrier ||
               kind == StepKind::access || kind == StepKind::await || kind == StepKind::free;
    }

    /// Puts what every PE holds now into the last step.
    void finish_step() {
        PeState& judged = pes_[timeline_.judged_pe];
        for (CachedEntry& entry : judged.tlb) entry.stale = stale_leaf(entry.id);
        for (CachedEntry& entry : judged.walk_cache) entry.stale = stale_table(entry);
        timeline_.steps.back().pes = pes_;
    }

    void tell(const MachineEvent& event) {
        if (event.kind == StepKind::barrier || event.kind == StepKind::access) {
            registers_[event.thread].execute(event);
            pes_[event.thread].context = registers_[event.thread].text();
        }
        switch (event.kind) {
            case StepKind::store:
                tell_store(event);
                break;
            case StepKind::visible:
                tell_visible(event);
                break;
            case StepKind::tlbi:
                tell_tlbi(event);
                break;
            case StepKind::remove:
                tell_remove(event);
                break;
            case StepKind::barrier:
                tell_barrier(event);
                break;
            case StepKind::fill:
                tell_fill(event);
                break;
            case StepKind::latch:
                tell_latch(event);
                break;
            case StepKind::hit:
                tell_hit(event);
                break;
            default: {
                TimelineStep& told = step(event, event.thread, event.kind, words_.instruction(event));
                told.minor = event.kind == StepKind::access && !words_.changes_context(event);
                finish_step();
            }
        }
    }

    void tell_store(const MachineEvent& event) {
        const std::string what = words_.instruction(event);
        const bool frees = words_.is_free(event);
        TimelineStep& told = step(event, event.thread, frees ? StepKind::free : StepKind::store, what);
        const MachineInstruction& code = scenario_.threads()[event.thread][event.position];
        told.minor = true;
        for (std::uint32_t i = 0; i < code.count; ++i) {
            const std::size_t store = static_cast<std::size_t>(code.first) + i;
            if (scenario_.stores()[store].location >= 0) told.minor = false;
            buffered_[static_cast<std::uint32_t>(store)] = what;
            order_.push_back(static_cast<std::uint32_t>(store));
        }
        last_executed_ = code.first;
        list_buffers();
        finish_step();
    }

    void list_buffers() {
        for (std::size_t t = 0; t < scenario_.threads().size(); ++t) pes_[t].store_buffer.clear();
        for (const std::uint32_t store : order_) {
            pes_[scenario_.stores()[store].thread].store_buffer.push_back(buffered_[store]);
        }
    }

    void tell_visible(const MachineEvent& event) {
        const std::uint32_t id = *event.store;
        const MachineStore& store = scenario_.stores()[id];
        const MachineInstruction& code = scenario_.threads()[event.thread][event.position];
        const bool at_once = !timeline_.steps.empty() && code.count == 1 && last_executed_ == id &&
                             timeline_.steps.back().pe == event.thread &&
                             executes(timeline_.steps.back().kind);
        if (!at_once) {
            step(event, event.thread, StepKind::visible, words_.instruction(event) + " becomes visible");
            timeline_.steps.back().minor = store.location < 0;
            timeline_.steps.back().rules = {"store-buffer"};
        }
        order_.erase(std::remove(order_.begin(), order_.end(), id), order_.end());
        list_buffers();
        if (store.location >= 0)
            memory_[static_cast<std::size_t>(store.location)] = static_cast<StoredId>(id + 1);
        if (const std::optional<MemoryDescriptor> changed = words_.written(id)) {
            timeline_.steps.back().memory.push_back(*changed);
        }
        finish_step();
    }

    void tell_tlbi(const MachineEvent& event) {
        const MachineTlbi& tlbi = scenario_.tlbis()[*event.tlbi];
        const std::string what = words_.instruction(event);
        TimelineStep& told = step(event, event.thread, StepKind::tlbi, what);
        told.detail = words_.tlbi_detail(tlbi);
        told.minor = !words_.concerns_judged(tlbi);
        unfinished_[event.thread].push_back(*event.tlbi);
        pes_[event.thread].pending.push_back(what);
        finish_step();
    }

    void tell_remove(const MachineEvent& event) {
        const MachineTlbi& tlbi = scenario_.tlbis()[*event.tlbi];
        PeState& judged = pes_[timeline_.judged_pe];
        if (judged.tlb.empty() && judged.walk_cache.empty()) return;
        const std::size_t before = judged.tlb.size() + judged.walk_cache.size();
        const auto gone = [&](const CachedEntry& entry) { return removes(tlbi, entry); };
        std::vector<CachedEntry> kept = judged.tlb;
        judged.tlb.erase(std::remove_if(judged.tlb.begin(), judged.tlb.end(), gone), judged.tlb.end());
        judged.walk_cache.erase(std::remove_if(judged.walk_cache.begin(), judged.walk_cache.end(), gone),
                                judged.walk_cache.end());
        const std::size_t removed = before - judged.tlb.size() - judged.walk_cache.size();
        TimelineStep& told = step(
            event, timeline_.judged_pe, StepKind::remove,
            fmt::format("{} takes effect on {}", words_.instruction(event), names_[timeline_.judged_pe]));
        told.rules = {"TLBI-scope"};
        told.detail = words_.removal_detail(tlbi, removed, judged);
        told.minor = removed == 0 && !words_.concerns_judged(tlbi);
        finish_step();
    }

    bool removes(const MachineTlbi& tlbi, const CachedEntry& entry) const {
        const Held& held = held_[entry.id];
        return scenario_.removes(tlbi, held.walk, entry.level, held.value, entry.span, held.whole_set);
    }

    void tell_barrier(const MachineEvent& event) {
        const Barrier& barrier = scenario_.threads()[event.thread][event.position].barrier;
        TimelineStep& told = step(event, event.thread, StepKind::barrier, words_.instruction(event));
        if (barrier.kind == BarrierKind::dsb && barrier.access == BarrierAccess::full) {
            if (!unfinished_[event.thread].empty()) {
                told.detail =
                    "it waits until the stores and TLBIs before it are complete, as far as it reaches";
                told.rules = {"DSB-complete"};
            }
            unfinished_[event.thread].clear();
            pes_[event.thread].pending.clear();
            if (latched_ && event.thread == timeline_.judged_pe)
                pes_[event.thread].pending.push_back(*latched_);
        }
        finish_step();
    }

    static bool same(const CachedEntry& held, const CachedEntry& entry) {
        return held.source == entry.source && held.value == entry.value && held.first == entry.first;
    }

    void tell_fill(const MachineEvent& event) {
        if (!walked_[event.walk]) {
            walked_[event.walk] = true;
            for (int level = scenario_.geometry().start_level(); level < scenario_.root_level(); ++level) {
                fill(event, level, 0, EntrySpan::table);
            }
        }
        const auto level = static_cast<std::size_t>(event.entry.level);
        fill(event, event.entry.level, event.entry.generations[level], event.span);
    }

    void fill(const MachineEvent& event, int level, std::uint32_t generation, EntrySpan span) {
        const int location = scenario_.slot_location(event.walk, level, generation);
        const StoredId id =
            level == event.entry.level ? event.entry.reads[static_cast<std::size_t>(level)] : StoredId{0};
        CachedEntry entry = words_.entry(event.walk, level, location, id, span);
        PeState& judged = pes_[timeline_.judged_pe];
        if (span == EntrySpan::table &&
            std::any_of(judged.walk_cache.begin(), judged.walk_cache.end(),
                        [&](const CachedEntry& held) { return same(held, entry); })) {
            return;
        }
        entry.id = static_cast<std::uint32_t>(held_.size());
        held_.push_back({event.walk, scenario_.value(location, id), location, id, entry});
        if (span == EntrySpan::combined && scenario_.guest()) {
            held_.back().result = event.result;
            held_.back().whole_set = event.whole_set;
            entry.value.oa = event.result.oa - (spaces::plain(scenario_.va()) - entry.first);
            entry.value.db = event.result.writable;
            held_.back().entry = entry;
        }
        TimelineStep& told = step(event, timeline_.judged_pe, StepKind::fill, words_.fill(entry));
        told.detail = words_.fill_detail(entry);
        told.rules = words_.fill_rules(entry);
        told.minor = level < scenario_.root_level();
        (span == EntrySpan::table ? judged.walk_cache : judged.tlb).push_back(entry);
        finish_step();
    }

    bool stale_leaf(std::uint32_t id) const {
        const Held& held = held_[id];
        if (held.result) return *held.result != scenario_.fresh_walk(memory_);
        if (scenario_.guest()) return memory_[static_cast<std::size_t>(held.location)] != held.id;
        const Translation now = scenario_.translate(scenario_.from_sibling(held.walk, held.entry.level),
                                                    held.entry.level, held.value, held.entry.reused);
        return now != scenario_.fresh_walk(memory_);
    }

    bool stale_table(const CachedEntry& entry) const {
        const Held& held = held_[entry.id];
        const StoredId now = memory_[static_cast<std::size_t>(held.location)];
        return scenario_.value(held.location, now) != held.value;
    }

    void tell_latch(const MachineEvent& event) {
        if (event.sets_flag) return tell_update(event);
        TimelineStep& told = step(event, timeline_.judged_pe, StepKind::latch, words_.latch(event));
        told.detail = words_.latch_detail();
        told.rules = {"TLB-hit", "no-program-order"};
        latched_ = told.text;
        pes_[timeline_.judged_pe].pending.push_back(told.text);
        finish_step();
    }

    void tell_update(const MachineEvent& event) {
        const std::optional<MemoryDescriptor> updated = words_.updated(event.entry);
        if (!updated) return;  // the hit tells of what is not known
        TimelineStep& told = step(event, timeline_.judged_pe, StepKind::latch,
                                  fmt::format("the {} makes hardware set {} = {}", words_.judged_access(),
                                              updated->name, to_string(updated->value)));
        told.detail = "one atomic read-modify-write: the descriptor is as it was read";
        told.rules = {"HU"};
        told.memory.push_back(*updated);
        finish_step();
    }

    /// Observer (b), where it is judged after the schedule, first sees every thread done.
    void tell_synchronisation(const MachineEvent& event) {
        if (!judges_access(scenario_.question().kind) || scenario_.judged_at_any_time() ||
            scenario_.question().observer.thread)
            return;
        step(event, timeline_.judged_pe, StepKind::await, "sees that every thread is done");
        finish_step();
        for (const char* text : {"DSB ISH", "ISB"}) {
            step(event, timeline_.judged_pe, StepKind::barrier, text);
            finish_step();
        }
    }

    void tell_hit(const MachineEvent& event) {
        tell_synchronisation(event);
        pes_[timeline_.judged_pe].pending.clear();
        timeline_.outcome = words_.outcome(event, held_entries());
        timeline_.expected = words_.expected(event, memory_);
        // Break-before-make is broken by a store, whatever anyone accesses.
        const PropertyKind kind = scenario_.question().kind;
        const bool store = kind == PropertyKind::no_bbm_violation;
        const bool lost = kind == PropertyKind::no_lost_update && event.store;
        TimelineStep& told = step(event, timeline_.judged_pe, StepKind::hit,
                                  store  ? "no break-before-make: " + timeline_.outcome
                                  : lost ? "lost: " + timeline_.outcome
                                         : fmt::format("{}: {}", words_.judged_access(), timeline_.outcome));
        told.detail = timeline_.expected;
        told.rules = words_.hit_rules();
        finish_step();
    }

    std::vector<CachedEntry> held_entries() const { return pes_[timeline_.judged_pe].tlb; }

    struct Held {
        std::size_t walk = 0;
        Descriptor value;  ///< as read
        int location = -1;
        StoredId id = 0;
        CachedEntry entry;
        std::optional<Translation> result = std::nullopt;  ///< of a guest's combined entry
        bool whole_set = false;
    };

    const Scenario& scenario_;
    Wording words_;
    Timeline timeline_;
    std::vector<std::string> names_;  ///< of the PEs
    std::vector<StoredId> memory_;
    std::vector<PeState> pes_;
    std::vector<Held> held_;                              ///< by entry id
    std::map<std::uint32_t, std::string> buffered_;       ///< text of each store executed
    std::vector<std::uint32_t> order_;                    ///< stores executed and not visible
    std::vector<std::vector<std::uint32_t>> unfinished_;  ///< TLBIs by thread, not completed
    std::vector<PeRegisters> registers_;
    std::array<bool, most_walks> walked_{};
    std::optional<std::string> latched_;
    std::optional<std::uint32_t> last_executed_;
};

}  // namespace

Timeline render(const Scenario& scenario, const std::vector<MachineAction>& path) {
    return Renderer(scenario).run(story(scenario, path));
}

}  // namespace tlbcheck::model
