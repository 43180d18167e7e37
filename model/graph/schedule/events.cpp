// SPDX-License-Identifier: Apache-2.0
//
// The events of a schedule's own instructions: stores to descriptors, TLBIs, barriers, explicit accesses,
// flags, frees.
#include <fmt/format.h>

#include <algorithm>

#include "model/graph/schedule/builder.hpp"
#include "model/limits/budget.hpp"
#include "model/program/slot_name.hpp"

namespace tlbcheck::model {

using logic::true_formula;

namespace {

constexpr std::uint64_t new_owner_value = 0x5f5f5f5f;

}  // namespace

LocationId ScheduleGraphBuilder::location_of_slot(const DescriptorSlot& slot) {
    const auto it = slot_locations_.find(slot);
    if (it != slot_locations_.end()) return it->second;
    const auto id = static_cast<std::uint32_t>(graph_.location_count());
    const std::string name = slot_name(*schedule_.program, Geometry(schedule_.hardware), slot);
    return slot_locations_[slot] = graph_.add_location({name, true, id + 1});
}

LocationId ScheduleGraphBuilder::location_of_page(PhysicalPage page) {
    const auto it = page_locations_.find(page);
    if (it != page_locations_.end()) return it->second;
    // Judged accesses are to offset 0 of their page, the schedule's own anywhere; other locations' classes
    // are their numbers.
    const auto offset = static_cast<std::uint32_t>(page % granule_bytes(schedule_.hardware.granule));
    constexpr std::uint32_t not_a_number = 1U << 31U;
    const std::uint32_t low_order = offset == 0 ? 0 : offset | not_a_number;
    return page_locations_[page] = graph_.add_location({fmt::format("PA {:#x}", page), true, low_order});
}

LocationId ScheduleGraphBuilder::location_of_flag(std::uint32_t flag) {
    const auto it = flag_locations_.find(flag);
    if (it != flag_locations_.end()) return it->second;
    const auto& names = schedule_.program->flags;
    const auto& threads = schedule_.threads;
    const std::size_t ended = flag - names.size();  // one flag a thread follows those of the schedule
    std::string name = flag < names.size() ? names[flag] : fmt::format("done{}", ended);
    if (flag >= names.size() && ended < threads.size()) name = fmt::format("done({})", threads[ended].name);
    const auto id = static_cast<std::uint32_t>(graph_.location_count());
    return flag_locations_[flag] = graph_.add_location({name, true, id + 1});
}

ValueId ScheduleGraphBuilder::value_of(const Descriptor& descriptor) {
    const auto [it, fresh] = descriptor_values_.emplace(descriptor, next_value_);
    if (fresh) {
        out_.descriptors.emplace(next_value_, descriptor);
        ++next_value_;
    }
    return it->second;
}

ValueId ScheduleGraphBuilder::value_of_number(std::uint64_t number) {
    const auto [it, fresh] = number_values_.emplace(number, next_value_);
    if (fresh) ++next_value_;
    return it->second;
}

EventId ScheduleGraphBuilder::add_event(const std::string& label, std::initializer_list<const char*> sets) {
    poll();
    Event event;
    event.thread = thread_;
    event.instruction = instruction_;
    event.label = label;
    const EventId id = graph_.add(std::move(event));
    for (const char* name : sets) graph_.add_to(name, id);
    return id;
}

void ScheduleGraphBuilder::add_initial_writes() {
    thread_ = initial_thread;
    instruction_ = -1;
    for (const StaticWrite& w : tables_.writes()) {
        out_.writes.push_back(w);
        if (w.thread != initial_thread) continue;
        const EventId id = add_event("initial " + to_string(w.value), {"W", "Exp", "IW", "PTE"});
        const LocationId location = location_of_slot(w.slot);
        graph_.event(id).location = {{location, true_formula}};
        graph_.event(id).value = {{value_of(w.value), true_formula}};
        out_.writes.back().event = id;
        writes_at_[location].push_back(id);
    }
    const auto initial_number = [&](LocationId location, std::uint64_t number) {
        const EventId id = add_event("initial", {"W", "Exp", "IW"});
        graph_.event(id).location = {{location, true_formula}};
        graph_.event(id).value = {{value_of_number(number), true_formula}};
        writes_at_[location].push_back(id);
    };
    for (const auto& [page, unused] : pages_) initial_number(location_of_page(page), 0);
    for (std::uint32_t f = 0; f < done_flag(schedule_, schedule_.threads.size()); ++f) {
        initial_number(location_of_flag(f), 0);
    }
}

namespace {

bool translated(const PlainInstruction& instruction) {
    if (const auto* access = std::get_if<Access>(&instruction.operation)) return !access->flag;
    const auto* await = std::get_if<Await>(&instruction.operation);
    return await != nullptr && !await->flag;
}

}  // namespace

/// Translated accesses come last: their walks may read from any store, of a later instruction too.
void ScheduleGraphBuilder::add_threads() {
    for (const bool walks : {false, true}) {
        thread_ = 0;
        for (const JudgedThread& thread : schedule_.threads) {
            instruction_ = 0;
            for (const PlainInstruction& instruction : thread.code) {
                if (translated(instruction) == walks) {
                    std::visit([&](const auto& operation) { add_operation(operation, instruction); },
                               instruction.operation);
                }
                ++instruction_;
            }
            ++thread_;
        }
    }
}

void ScheduleGraphBuilder::add_operation(const StoreDescriptor& store, const PlainInstruction& at) {
    poll_now();
    for (DescriptorWrite& w : out_.writes) {
        if (w.by_new_owner || w.thread != thread_ || w.index != at.index || w.slot != store.slot) continue;
        const EventId id = add_event(fmt::format("W {}", to_string(store.value)), {"W", "Exp", "PTE"});
        const LocationId location = location_of_slot(store.slot);
        graph_.event(id).location = {{location, true_formula}};
        graph_.event(id).value = {{value_of(store.value), true_formula}};
        w.event = id;
        writes_at_[location].push_back(id);
    }
}

void ScheduleGraphBuilder::add_operation(const TlbiInstruction& tlbi, const PlainInstruction&) {
    if (hides_tlbi()) return;
    const EventId id = add_event("TLBI " + to_string(tlbi.op), {"TLBI"});
    if (tlbi.op.domain != TlbiDomain::local) graph_.add_to("TLBIIS", id);
    if (tlbi.op.nxs) graph_.add_to("TLBInXS", id);
    tlbis_.push_back({id, decode_tlbi(tlbi.op, tlbi.operand, tables_.geometry())});
    graph_.event(id).source = static_cast<std::uint32_t>(tlbi.op.domain);
}

void ScheduleGraphBuilder::add_barrier(const Barrier& barrier) {
    const EventId id = add_event(to_string(barrier), {"F"});
    graph_.add_to(cat_set(barrier), id);
    barriers_.emplace_back(id, barrier);
}

void ScheduleGraphBuilder::add_operation(const Barrier& barrier, const PlainInstruction&) {
    add_barrier(barrier);
}

EventId ScheduleGraphBuilder::add_flag_access(std::uint32_t flag, bool store, std::uint64_t value,
                                              const char* ordering) {
    const LocationId location = location_of_flag(flag);
    const EventId id =
        add_event(fmt::format("{} {}", store ? "W" : "R", graph_.location(location).name), {"Exp"});
    graph_.add_to(store ? "W" : "R", id);
    if (ordering != nullptr) graph_.add_to(ordering, id);
    graph_.event(id).location = {{location, true_formula}};
    if (store) {
        graph_.event(id).value = {{value_of_number(value), true_formula}};
        writes_at_[location].push_back(id);
    } else {
        reads_[id] = value;
    }
    return id;
}

void ScheduleGraphBuilder::add_operation(const Access& access, const PlainInstruction&) {
    const bool store = access.kind == AccessKind::store || access.kind == AccessKind::store_release;
    const char* ordering = access.kind == AccessKind::load_acquire    ? "A"
                           : access.kind == AccessKind::store_release ? "L"
                                                                      : nullptr;
    if (access.flag) {
        add_flag_access(*access.flag, store, store ? access.value : any_value, ordering);
        return;
    }
    const JudgedAccess made = add_access({{access.va, true_formula}}, store, access.value);
    if (ordering != nullptr) graph_.add_to(ordering, made.access);
}

void ScheduleGraphBuilder::add_operation(const Await& await, const PlainInstruction&) {
    if (await.flag) {
        graph_.add_to("await", add_flag_access(*await.flag, false, await.value, nullptr));
        return;
    }
    const JudgedAccess made = add_access({{await.va, true_formula}}, false, 0);
    graph_.require(graph_.event(made.access).exec);
    graph_.add_to("await", made.access);
    reads_[made.access] = await.value;
}

void ScheduleGraphBuilder::add_operation(const Free& free, const PlainInstruction& at) {
    if (const auto* range = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
        for (const auto& [page, unused] : pages_) {
            if (page < range->first || page - range->first >= range->second) continue;
            const EventId id = add_event(fmt::format("new owner writes PA {:#x}", page), {"W", "Exp"});
            const LocationId location = location_of_page(page);
            graph_.event(id).location = {{location, true_formula}};
            graph_.event(id).value = {{value_of_number(new_owner_value), true_formula}};
            writes_at_[location].push_back(id);
            new_owner_writes_.emplace_back(id, instruction_);
        }
        return;
    }
    const TablePage page = std::get<TablePage>(free.what);
    for (DescriptorWrite& w : out_.writes) {
        if (!w.by_new_owner || w.thread != thread_ || w.index != at.index) continue;
        if (table_of(w.slot, tables_.geometry()) != page) continue;
        const EventId id = add_event("new owner writes the table page", {"W", "Exp", "PTE"});
        const LocationId location = location_of_slot(w.slot);
        graph_.event(id).location = {{location, true_formula}};
        graph_.event(id).value = {{value_of(w.value), true_formula}};
        w.event = id;
        writes_at_[location].push_back(id);
        new_owner_table_writes_.emplace_back(id, instruction_);
    }
}

void ScheduleGraphBuilder::finish_reads_and_coherence() {
    for (const auto& [read, value] : reads_) {
        std::vector<EventId> candidates;
        for (const auto& l : graph_.event(read).location) {
            const auto& writes = writes_at_[l.what];
            candidates.insert(candidates.end(), writes.begin(), writes.end());
        }
        std::ranges::sort(candidates);
        candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
        if (value != any_value) {
            std::erase_if(candidates, [&, wanted = value_of_number(value)](EventId w) {
                return graph_.event(w).value.front().what != wanted;
            });
        }
        graph_.add_reads_from(read, candidates);
    }
    graph_.add_coherence(true);
}

/// Completion for another PE's T (model.md section 4): the later DSBs at least as wide as the TLBI's domain.
void ScheduleGraphBuilder::add_completing_dsbs() {
    for (const IssuedTlbi& tlbi : tlbis_) {
        const auto domain = static_cast<TlbiDomain>(graph_.event(tlbi.event).source);
        const bool nxs = !graph_.in("TLBInXS", tlbi.event).is_false();
        for (const auto& [event, barrier] : barriers_) {
            if (barrier.kind != BarrierKind::dsb || barrier.access != BarrierAccess::full) continue;
            if (barrier.nxs && !nxs) continue;
            const bool outer = barrier.domain == BarrierDomain::osh || barrier.domain == BarrierDomain::sy;
            const bool wide =
                domain == TlbiDomain::outer ? outer : outer || barrier.domain == BarrierDomain::ish;
            if (wide && graph_.program_order(tlbi.event, event))
                graph_.add_edge("completing-dsb", tlbi.event, event);
        }
    }
}

}  // namespace tlbcheck::model
