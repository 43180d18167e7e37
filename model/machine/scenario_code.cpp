// SPDX-License-Identifier: Apache-2.0
//
// The instructions of a scenario's threads as the machine executes them, and what the machine takes barriers
// to do.
#include "model/machine/scenario.hpp"

#include <algorithm>

namespace tlbcheck::model {

bool orders_stores(const Barrier& barrier) {
    return barrier.kind != BarrierKind::isb && barrier.access != BarrierAccess::ld;
}

bool discards_latch(const Barrier& barrier, int ets) {
    return barrier.kind == BarrierKind::isb || (ets >= 2 && barrier.kind == BarrierKind::dsb);
}

bool waits_for_stores_only(const Barrier& barrier) {
    return barrier.kind == BarrierKind::dsb && barrier.access == BarrierAccess::st;
}

bool completes(const Barrier& dsb, const MachineTlbi& tlbi, bool same_pe) {
    if (dsb.kind != BarrierKind::dsb || dsb.access != BarrierAccess::full) return false;
    if (dsb.nxs && !tlbi.op.nxs) return false;
    if (same_pe) return true;
    if (tlbi.op.domain == TlbiDomain::outer) {
        return dsb.domain == BarrierDomain::osh || dsb.domain == BarrierDomain::sy;
    }
    return dsb.domain != BarrierDomain::nsh;
}

void Scenario::find_order() {
    for (const std::vector<MachineInstruction>& code : threads_) {
        std::vector<OrderedBefore>& ordered = ordered_.emplace_back(1);
        for (std::uint32_t at = 0; at < code.size(); ++at) {
            OrderedBefore next = ordered.back();
            next.pass(code[at], at);
            ordered.push_back(next);
        }
    }
}

/// Where branches and elses go to. Of one that the thread's end leaves open: nowhere.
void Scenario::find_targets(std::uint32_t thread) {
    const std::vector<PlainInstruction>& code = schedule_->threads[thread].code;
    std::vector<std::uint32_t> open;
    for (std::uint32_t at = 0; at < code.size(); ++at) {
        const Operation& operation = code[at].operation;
        if (std::holds_alternative<Branch>(operation)) {
            threads_[thread][at].target = left_thread;
            open.push_back(at);
        } else if (std::holds_alternative<Otherwise>(operation)) {
            threads_[thread][open.back()].target = at + 1;
            threads_[thread][at].target = left_thread;
            open.back() = at;
        } else if (std::holds_alternative<EndBranch>(operation)) {
            threads_[thread][open.back()].target = at + 1;
            open.pop_back();
        }
    }
}

void Scenario::find_repeats() {
    for (std::size_t later = 0; later < tlbis_.size(); ++later) {
        for (std::uint32_t earlier = 0; earlier < later; ++earlier) {
            const MachineTlbi& first = tlbis_[earlier];
            MachineTlbi& again = tlbis_[later];
            if (first.thread != again.thread) continue;
            const std::vector<MachineInstruction>& code = threads_[first.thread];
            for (std::uint32_t at = first.position; at < again.position; ++at) {
                if (code[at].kind != MachineInstruction::Kind::barrier ||
                    !completes(code[at].barrier, first, false))
                    continue;
                again.repeats.push_back({earlier, at});
                if (!branches_) break;
            }
        }
    }
}

void Scenario::add_thread(std::uint32_t thread) {
    threads_.emplace_back();
    std::uint32_t epoch = 0;
    const bool own = question_.observer.thread == thread;
    for (const PlainInstruction& instruction : schedule_->threads[thread].code) {
        const bool before =
            !question_.observer.position || threads_[thread].size() < *question_.observer.position;
        add_instruction(thread, instruction, epoch);
        const auto* barrier = std::get_if<Barrier>(&instruction.operation);
        const bool discards =
            barrier != nullptr ? discards_latch(*barrier, hardware().ets) && !waits_for_stores_only(*barrier)
                               : synchronizes_context(instruction.operation);
        if (own && before && discards) first_latch_ = static_cast<std::uint32_t>(threads_[thread].size());
    }
    if (branches_) find_targets(thread);
    if (own && contexts_.switches) add_entry_to_space(thread);
    if (own) judged_position_ = question_.observer.position.value_or(threads_[thread].size());
    if (needs_end_flag(thread)) add_end_flag(thread, epoch);
}

/// Observer (b) of no_stale_entry reads every thread's flag; (a), with several threads, the others'.
bool Scenario::needs_end_flag(std::uint32_t thread) const {
    return (question_.kind == PropertyKind::no_stale_entry ||
            question_.kind == PropertyKind::never_invalid) &&
           !judged_at_any_time() && question_.observer.thread != thread && (!moment() || moment() == thread);
}

void Scenario::add_end_flag(std::uint32_t thread, std::uint32_t epoch) {
    MachineInstruction code;
    code.kind = MachineInstruction::Kind::store;
    MachineStore store;
    store.thread = thread;
    store.position = static_cast<std::uint32_t>(threads_[thread].size());
    store.epoch = epoch;
    store.location = flag_location(static_cast<std::uint32_t>(schedule_->program->flags.size()) + thread);
    store.flag_value = 1;
    end_flags_[thread] = store.location;
    add_store(code, store);
    threads_[thread].push_back(code);
}

void Scenario::add_store(MachineInstruction& code, MachineStore store) {
    if (code.count == 0) code.first = static_cast<std::uint32_t>(stores_.size());
    ++code.count;
    if (store.garbage && store.location >= 0)
        owner_stores_.push_back(static_cast<std::uint32_t>(stores_.size()));
    stores_.push_back(store);
}

void Scenario::add_instruction(std::uint32_t thread, const PlainInstruction& instruction,
                               std::uint32_t& epoch) {
    MachineInstruction code;
    MachineStore store;
    store.thread = thread;
    store.position = static_cast<std::uint32_t>(threads_[thread].size());
    store.epoch = epoch;
    const Operation& operation = instruction.operation;
    if (const auto* write = std::get_if<StoreDescriptor>(&operation)) {
        code.kind = MachineInstruction::Kind::store;
        store.location = find_slot(write->slot);
        store.value = write->value;
        store.atomic = write->atomic;
        add_store(code, store);
    } else if (const auto* tlbi = std::get_if<TlbiInstruction>(&operation)) {
        add_tlbi(thread, *tlbi, code);
    } else if (const auto* barrier = std::get_if<Barrier>(&operation)) {
        code.kind = MachineInstruction::Kind::barrier;
        code.barrier = *barrier;
        if (orders_stores(*barrier)) ++epoch;
    } else if (const auto* access = std::get_if<Access>(&operation)) {
        add_access(*access, store, code);
    } else if (const auto* await = std::get_if<Await>(&operation)) {
        code.kind = MachineInstruction::Kind::await;
        code.loads = true;
        code.location = flag_location(await->flag.value_or(0));
        code.value = await->value;
    } else if (const auto* branch = std::get_if<Branch>(&operation)) {
        code.kind = MachineInstruction::Kind::branch;
        code.loads = true;
        code.location = branch->flag ? flag_location(*branch->flag) : find_slot(branch->slot);
        code.value = branch->value;
        code.equal = branch->equal;
    } else if (std::holds_alternative<Otherwise>(operation)) {
        code.kind = MachineInstruction::Kind::jump;
    } else if (std::holds_alternative<EndBranch>(operation)) {
        code.kind = MachineInstruction::Kind::nop;
    } else if (const auto* free = std::get_if<Free>(&operation)) {
        add_free(thread, *free, code, epoch);
    }
    threads_[thread].push_back(code);
}

void Scenario::add_tlbi(std::uint32_t thread, const TlbiInstruction& tlbi, MachineInstruction& code) {
    const auto position = static_cast<std::uint32_t>(threads_[thread].size());
    code.kind = MachineInstruction::Kind::tlbi;
    code.first = static_cast<std::uint32_t>(tlbis_.size());
    const bool reaches = tlbi.op.domain != TlbiDomain::local || question_.observer.thread == thread;
    const HostState state = spaces::of(va()) ? host_state(thread, position) : HostState{};
    const TlbiScope scope = decode_tlbi(tlbi.op, tlbi.operand, geometry_, state);
    tlbis_.push_back({thread, position, tlbi.op, scope, reaches, {}});
    if (stage2_ || guest_of(*schedule_->program, va())) {
        const SpaceId start = schedule_->threads[thread].starts_in.vm.value_or(no_space);
        tlbis_.back().vms = vms_at(operations_of(schedule_->threads[thread]), start, position);
    }
}

/// `store`: where the access stands.
void Scenario::add_access(const Access& access, MachineStore store, MachineInstruction& code) {
    const bool writes = is_store(access.kind);
    const bool made = access.flag || never_faults(*schedule_, hardware(), store.thread, store.position);
    code.loads = made && !writes;
    code.acquire = made && access.kind == AccessKind::load_acquire;
    code.release = made && !access.flag && access.kind == AccessKind::store_release;
    if (!writes || !access.flag) return;
    code.kind = MachineInstruction::Kind::store;
    store.location = flag_location(*access.flag);
    store.flag_value = access.value;
    store.release = access.kind == AccessKind::store_release;
    add_store(code, store);
}

void Scenario::add_free(std::uint32_t thread, const Free& free, MachineInstruction& code,
                        std::uint32_t epoch) {
    code.kind = MachineInstruction::Kind::store;
    MachineStore store;
    store.thread = thread;
    store.position = static_cast<std::uint32_t>(threads_[thread].size());
    store.epoch = epoch;
    store.garbage = true;
    store.by_guest = free.by_guest;
    if (const auto* range = std::get_if<std::pair<std::uint64_t, std::uint64_t>>(&free.what)) {
        store.value.kind = DescriptorKind::leaf;
        for (std::size_t i = 0; guest_ && i < slot_count_; ++i) {
            if (!holds_freed_table(locations_[i].slot, free)) continue;
            store.location = static_cast<int>(i);
            add_store(code, store);
        }
        store.location = -1;
        const bool reachable =
            std::any_of(output_addresses_.begin(), output_addresses_.end(),
                        [&](std::uint64_t oa) { return oa - range->first < range->second; });
        if (!reachable) {
            add_store(code, store);
            return;
        }
        store.location = freed_location(range->first, range->second);
        add_store(code, store);
        return;
    }
    const auto& page = std::get<TablePage>(free.what);
    // The new owner's values are arbitrary; what matters is that a walk reads one.
    store.value.kind = DescriptorKind::leaf;
    for (std::size_t i = 0; i < slot_count_; ++i) {
        if (table_of(locations_[i].slot, geometry_) != page) continue;
        store.location = static_cast<int>(i);
        add_store(code, store);
    }
}

}  // namespace tlbcheck::model
