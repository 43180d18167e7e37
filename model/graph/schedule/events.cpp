// SPDX-License-Identifier: Apache-2.0
//
// Each instruction's events; program order, completion, and where the reads may read from.
#include "model/graph/schedule/events.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/arch/completion.hpp"
#include "model/limits/budget.hpp"
#include "model/program/slot_name.hpp"

namespace tlbcheck::model {

using logic::true_formula;

namespace {

constexpr std::uint64_t new_owner_value = 0x5f5f5f5f;

}  // namespace

ScheduleEvents::ScheduleEvents(const JudgedSchedule& schedule, const ReachableTables& tables,
                               std::set<PhysicalPage> pages, ScheduleGraph& out)
    : schedule_(schedule), tables_(tables), pages_(std::move(pages)), out_(out), graph_(out.graph) {}

LocationId ScheduleEvents::location_of_slot(const DescriptorSlot& slot) {
    const auto it = slot_locations_.find(slot);
    if (it != slot_locations_.end()) return it->second;
    const auto id = static_cast<std::uint32_t>(graph_.location_count());
    const std::string name = slot_name(*schedule_.program, Geometry(schedule_.hardware), slot);
    return slot_locations_[slot] = graph_.add_location({name, true, id + 1});
}

LocationId ScheduleEvents::location_of_page(PhysicalPage page) {
    const auto it = page_locations_.find(page);
    if (it != page_locations_.end()) return it->second;
    // Judged accesses are to offset 0 of their page, the schedule's own anywhere; other locations' classes
    // are their numbers.
    const auto offset = static_cast<std::uint32_t>(page % granule_bytes(schedule_.hardware.granule));
    constexpr std::uint32_t not_a_number = 1U << 31U;
    const std::uint32_t low_order = offset == 0 ? 0 : offset | not_a_number;
    return page_locations_[page] = graph_.add_location({fmt::format("PA {:#x}", page), true, low_order});
}

LocationId ScheduleEvents::location_of_flag(std::uint32_t flag) {
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

ValueId ScheduleEvents::value_of(const Descriptor& descriptor) {
    const auto [it, fresh] = descriptor_values_.emplace(descriptor, next_value_);
    if (fresh) {
        out_.descriptors.emplace(next_value_, descriptor);
        ++next_value_;
    }
    return it->second;
}

ValueId ScheduleEvents::value_of_number(std::uint64_t number) {
    const auto [it, fresh] = number_values_.emplace(number, next_value_);
    if (fresh) ++next_value_;
    return it->second;
}

EventId ScheduleEvents::add(const std::string& label, std::initializer_list<const char*> sets) {
    poll();
    Event event;
    event.thread = at.thread;
    event.instruction = at.instruction;
    event.label = label;
    const EventId id = graph_.add(std::move(event));
    for (const char* name : sets) graph_.add_to(name, id);
    return id;
}

void ScheduleEvents::add_write(EventId write, LocationId location, ValueId value) {
    graph_.event(write).location = {{location, true_formula}};
    graph_.event(write).value = {{value, true_formula}};
    note_write(write, location);
}

void ScheduleEvents::add_initial_writes() {
    at = {};
    for (const StaticWrite& w : tables_.writes()) {
        out_.writes.push_back(w);
        if (w.thread != initial_thread) continue;
        const EventId id = add("initial " + to_string(w.value), {"W", "Exp", "IW", "PTE"});
        const LocationId location = location_of_slot(w.slot);
        add_write(id, location, value_of(w.value));
        out_.writes.back().event = id;
    }
    const auto initial_number = [&](LocationId location, std::uint64_t number) {
        const EventId id = add("initial", {"W", "Exp", "IW"});
        add_write(id, location, value_of_number(number));
    };
    for (const PhysicalPage page : pages_) initial_number(location_of_page(page), 0);
    for (std::uint32_t f = 0; f < done_flag(schedule_, schedule_.threads.size()); ++f) {
        initial_number(location_of_flag(f), 0);
    }
}

const char* ordering_set(AccessKind kind) {
    switch (kind) {
        case AccessKind::load_acquire:
            return "A";
        case AccessKind::store_release:
            return "L";
        case AccessKind::load:
        case AccessKind::store:
            break;
    }
    return nullptr;
}

bool translated(const Operation& operation) {
    if (const auto* access = std::get_if<Access>(&operation)) return !access->flag;
    const auto* await = std::get_if<Await>(&operation);
    return await != nullptr && !await->flag;
}

void ScheduleEvents::add_instructions(bool without_tlbi) {
    without_tlbi_ = without_tlbi;
    at.thread = 0;
    for (const JudgedThread& thread : schedule_.threads) {
        at.instruction = 0;
        for (const PlainInstruction& instruction : thread.code) {
            if (!translated(instruction.operation)) {
                std::visit([&](const auto& operation) { add_operation(operation, instruction.index); },
                           instruction.operation);
            }
            ++at.instruction;
        }
        ++at.thread;
    }
}

void ScheduleEvents::add_operation(const StoreDescriptor& store, std::uint64_t index) {
    poll_now();
    for (DescriptorWrite& w : out_.writes) {
        if (w.by_new_owner || w.thread != at.thread || w.index != index || w.slot != store.slot) continue;
        const EventId id = add(fmt::format("W {}", to_string(store.value)), {"W", "Exp", "PTE"});
        const LocationId location = location_of_slot(store.slot);
        add_write(id, location, value_of(store.value));
        w.event = id;
    }
}

void ScheduleEvents::add_operation(const TlbiInstruction& tlbi, std::uint64_t) {
    if (without_tlbi_) return;
    const EventId id = add("TLBI " + to_string(tlbi.op), {"TLBI"});
    if (tlbi.op.domain != TlbiDomain::local) graph_.add_to("TLBIIS", id);
    if (tlbi.op.nxs) graph_.add_to("TLBInXS", id);
    tlbis_.push_back({id, tlbi.op, decode_tlbi(tlbi.op, tlbi.operand, tables_.geometry())});
}

void ScheduleEvents::add_barrier(const Barrier& barrier) {
    const EventId id = add(to_string(barrier), {"F"});
    graph_.add_to(cat_set(barrier), id);
    barriers_.emplace_back(id, barrier);
}

void ScheduleEvents::add_operation(const Barrier& barrier, std::uint64_t) {
    add_barrier(barrier);
}

EventId ScheduleEvents::add_flag_access(std::uint32_t flag, bool store, std::uint64_t value,
                                        const char* ordering) {
    const LocationId location = location_of_flag(flag);
    const EventId id = add(fmt::format("{} {}", store ? "W" : "R", graph_.location(location).name), {"Exp"});
    graph_.add_to(store ? "W" : "R", id);
    if (ordering != nullptr) graph_.add_to(ordering, id);
    if (store) {
        add_write(id, location, value_of_number(value));
    } else {
        graph_.event(id).location = {{location, true_formula}};
        note_read(id, value);
    }
    return id;
}

void ScheduleEvents::add_operation(const Access& access, std::uint64_t) {
    if (!access.flag) return;
    const bool store = is_store(access.kind);
    add_flag_access(*access.flag, store, store ? access.value : any_value, ordering_set(access.kind));
}

void ScheduleEvents::add_operation(const Await& await, std::uint64_t) {
    if (await.flag) graph_.add_to("await", add_flag_access(*await.flag, false, await.value, nullptr));
}

void ScheduleEvents::add_operation(const Free& free, std::uint64_t index) {
    if (const auto* range = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
        for (const PhysicalPage page : pages_) {
            if (page < range->first || page - range->first >= range->second) continue;
            const EventId id = add(fmt::format("new owner writes PA {:#x}", page), {"W", "Exp"});
            const LocationId location = location_of_page(page);
            add_write(id, location, value_of_number(new_owner_value));
            new_owner_writes_.push_back({id, at.instruction});
        }
        return;
    }
    const TablePage page = std::get<TablePage>(free.what);
    for (DescriptorWrite& w : out_.writes) {
        if (!w.by_new_owner || w.thread != at.thread || w.index != index) continue;
        if (table_of(w.slot, tables_.geometry()) != page) continue;
        const EventId id = add("new owner writes the table page", {"W", "Exp", "PTE"});
        const LocationId location = location_of_slot(w.slot);
        add_write(id, location, value_of(w.value));
        w.event = id;
        new_owner_table_writes_.push_back({id, at.instruction});
    }
}

/// Completion for another PE's T (docs/formal-model.md): the later DSBs at least as wide as the TLBI's
/// domain.
void ScheduleEvents::add_completing_dsbs() {
    for (const IssuedTlbi& tlbi : tlbis_) {
        for (const auto& [event, barrier] : barriers_) {
            if (completes_elsewhere(barrier, tlbi.op) && graph_.program_order(tlbi.event, event))
                graph_.add_edge("completing-dsb", tlbi.event, event);
        }
    }
}

void ScheduleEvents::finish() {
    add_completing_dsbs();
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

}  // namespace tlbcheck::model
