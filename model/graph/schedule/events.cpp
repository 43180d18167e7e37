// SPDX-License-Identifier: Apache-2.0
//
// Each instruction's events; program order, completion, and where the reads may read from.
#include "model/graph/schedule/events.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/arch/completion.hpp"
#include "model/limits/budget.hpp"
#include "model/program/context_text.hpp"
#include "model/program/pe_contexts.hpp"
#include "model/program/slot_name.hpp"
#include "model/program/tlbi_scope_at.hpp"

namespace tlbcheck::model {

using logic::false_formula;
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
    event.exec = at.guard;
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
        at.guard = true_formula;
        open_.clear();
        std::vector<Formula>& guards = guards_.emplace_back();
        number_ = 0;
        for (const PlainInstruction& instruction : thread.code) {
            at.instruction = out_.number_of(at.thread, static_cast<int>(number_));
            guards.push_back(at.guard);
            if (!translated(instruction.operation)) {
                std::visit([&](const auto& operation) { add_operation(operation, instruction.index); },
                           instruction.operation);
            }
            ++number_;
        }
        at.instruction = out_.number_of(at.thread, static_cast<int>(number_));
        guards.push_back(at.guard);
        ++at.thread;
    }
    at.guard = true_formula;
}

void ScheduleEvents::may_stop_here() {
    const std::optional<std::uint32_t>& moment = schedule_.judging.moment;
    if (!moment || static_cast<int>(*moment) == at.thread) return;
    const std::string name = fmt::format("{} {}", at.thread, at.instruction);
    const std::vector<Formula> ways = graph_.choose_one(at.guard, {"passes " + name, "waits " + name});
    stops_.push_back({at.thread, at.instruction, ways[1]});
    at.guard = ways[0];
}

Formula ScheduleEvents::stopped_before(int thread, int instruction) {
    std::vector<Formula> stopped;
    for (const Stop& stop : stops_) {
        if (stop.thread == thread && stop.instruction < instruction) stopped.push_back(stop.waits);
    }
    return graph_.pool().disjunction(stopped);
}

void ScheduleEvents::add_operation(const StoreDescriptor& store, std::uint64_t index) {
    poll_now();
    const std::size_t events = graph_.size();
    for (DescriptorWrite& w : out_.writes) {
        if (w.by_new_owner || w.thread != at.thread || w.index != index || w.slot != store.slot) continue;
        const LocationId location = location_of_slot(store.slot);
        std::optional<EventId> read;
        if (store.atomic) {
            read = add("R " + graph_.location(location).name, {"R", "Exp", "PTE"});
            graph_.event(*read).location = {{location, true_formula}};
            note_read(*read, any_value);
        }
        const EventId id = add(fmt::format("W {}", to_string(store.value)), {"W", "Exp", "PTE"});
        if (read) graph_.add_edge("rmw", *read, id);
        add_write(id, location, value_of(store.value));
        w.event = id;
    }
    if (graph_.size() == events) add_unreached_store();
}

void ScheduleEvents::add_operation(const TlbiInstruction& tlbi, std::uint64_t) {
    if (without_tlbi_) return;
    const EventId id = add("TLBI " + to_string(tlbi.op), {"TLBI"});
    if (tlbi.op.domain != TlbiDomain::local) graph_.add_to("TLBIIS", id);
    if (tlbi.op.nxs) graph_.add_to("TLBInXS", id);
    const auto own = static_cast<std::uint32_t>(at.thread);
    tlbis_.push_back({id, tlbi.op, tlbi_scope_at(schedule_, own, number_, tables_.geometry()), {}});
    if (!uses_vms(*schedule_.program)) return;
    const JudgedThread& thread = schedule_.threads[own];
    tlbis_.back().vms = vms_at(operations_of(thread), thread.starts_in.vm.value_or(no_space), number_);
}

bool names_vmid(const ScheduleProgram& program, const IssuedTlbi& tlbi, std::uint64_t address) {
    return names_vmid(program, tlbi.op, tlbi.vms, address);
}

LocationId ScheduleEvents::location_of_stage1() {
    if (stage1_location_) return *stage1_location_;
    const auto id = static_cast<std::uint32_t>(graph_.location_count());
    stage1_location_ = graph_.add_location({"the guest's stage 1", true, id + 1});
    const Position here = std::exchange(at, Position{});
    add_write(add("initial", {"W", "Exp", "IW"}), *stage1_location_, value_of_number(0));
    at = here;
    return *stage1_location_;
}

EventId ScheduleEvents::add_barrier(const Barrier& barrier) {
    const EventId id = add(to_string(barrier), {"F"});
    graph_.add_to(cat_set(barrier), id);
    barriers_.emplace_back(id, barrier);
    return id;
}

void ScheduleEvents::add_operation(const Barrier& barrier, std::uint64_t) {
    const EventId event = add_barrier(barrier);
    if (barrier.kind == BarrierKind::isb) note_synchronization(number_, event);
}

void ScheduleEvents::add_switch(SpaceId space, std::size_t number) {
    const ContextChange change{write_of(schedule_.program->spaces[space].base()), space};
    context_events_[{at.thread, number}] = add(context_text(*schedule_.program, change), {"MSR"});
}

void ScheduleEvents::add_operation(const ContextChange& change, std::uint64_t) {
    if (!synchronizes_context(change)) {
        context_events_[{at.thread, number_}] = add(context_text(*schedule_.program, change), {"MSR"});
        return;
    }
    const bool entry = change.kind == ContextChange::Kind::exception_entry;
    const char* const set = entry ? "EXC-ENTRY" : "EXC-RET";
    note_synchronization(number_, add(context_text(*schedule_.program, change), {set}));
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
    if (!await.flag) return;
    may_stop_here();
    const EventId read = add_flag_access(*await.flag, false, await.value, nullptr);
    graph_.add_to("await", read);
    note_knowing(read);
}

void ScheduleEvents::add_operation(const Free& free, std::uint64_t index) {
    const std::size_t events = graph_.size();
    add_new_owner(free, index);
    if (graph_.size() == events) add_unreached_store();
}

void ScheduleEvents::add_new_owner(const Free& free, std::uint64_t index) {
    if (const auto* range = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
        for (const PhysicalPage page : pages_) {
            if (page < range->first || page - range->first >= range->second) continue;
            const EventId id = add(fmt::format("new owner writes PA {:#x}", page), {"W", "Exp"});
            const LocationId location = location_of_page(page);
            add_write(id, location, value_of_number(new_owner_value));
            new_owner_writes_.push_back({id, at.instruction, free.by_guest});
        }
        for (DescriptorWrite& w : out_.writes) {
            if (w.by_new_owner && w.thread == at.thread && w.index == index) add_new_owner_of_table(w);
        }
        return;
    }
    const TablePage page = std::get<TablePage>(free.what);
    for (DescriptorWrite& w : out_.writes) {
        if (!w.by_new_owner || w.thread != at.thread || w.index != index) continue;
        if (table_of(w.slot, tables_.geometry()) == page) add_new_owner_of_table(w);
    }
}

void ScheduleEvents::add_new_owner_of_table(DescriptorWrite& write) {
    const EventId id = add("new owner writes the table page", {"W", "Exp", "PTE"});
    const LocationId location = location_of_slot(write.slot);
    add_write(id, location, value_of(write.value));
    write.event = id;
    new_owner_table_writes_.push_back({id, at.instruction});
}

void ScheduleEvents::add_operation(const Branch& branch, std::uint64_t) {
    EventId read = 0;
    if (branch.flag) {
        read = add_flag_access(*branch.flag, false, any_value, nullptr);
    } else {
        const LocationId location = location_of_slot(branch.slot);
        read = add("R " + graph_.location(location).name, {"R", "Exp", "PTE"});
        graph_.event(read).location = {{location, true_formula}};
        note_read(read, any_value);
    }
    graph_.add_to("await", read);  // a control dependency to what follows, all the same
    note_knowing(read);
    const std::string name = fmt::format("{} {}", at.thread, at.instruction);
    const std::vector<Formula> arms = graph_.choose_one(at.guard, {"goes into " + name, "goes past " + name});
    branches_.push_back({read, branch, arms[0]});
    open_.push_back({arms[1]});
    at.guard = arms[0];
}

void ScheduleEvents::add_operation(const Otherwise&, std::uint64_t) {
    open_.back().ended = at.guard;
    at.guard = std::exchange(open_.back().other, false_formula);
}

void ScheduleEvents::add_operation(const EndBranch&, std::uint64_t) {
    const OpenBranch& branch = open_.back();
    at.guard = graph_.pool().disjunction({at.guard, branch.ended, branch.other});
    open_.pop_back();
}

/// The arm is chosen by what was read.
void ScheduleEvents::decide_branches() {
    for (const DecidedBranch& decided : branches_) {
        for (const ReadsFrom& r : graph_.reads_from()) {
            if (r.read != decided.read) continue;
            for (const auto& [write, chosen] : r.writes) {
                const ValueId value = graph_.event(write).value.front().what;
                bool is_value = value == value_of_number(decided.branch.value);
                if (!decided.branch.flag) is_value = !out_.descriptors.at(value).valid();
                const bool taken = is_value == decided.branch.equal;
                graph_.require(graph_.pool().either(!chosen, taken ? decided.taken : !decided.taken));
            }
        }
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
    decide_branches();
    graph_.add_coherence(true, true);
}

}  // namespace tlbcheck::model
