// SPDX-License-Identifier: Apache-2.0
//
// Building of scenarios: which locations and instructions one judged access can depend on.
#include "model/machine/scenario.hpp"

#include <algorithm>

#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

using PageRange = std::pair<std::uint64_t, std::uint64_t>;

}  // namespace

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

std::optional<UnrolledProgram> unroll(const ScheduleProgram& program, std::uint64_t limit) {
    UnrolledProgram unrolled;
    unrolled.program = &program;
    for (const ScheduleThread& thread : program.threads) {
        const std::uint64_t count = instruction_count(thread);
        if (count > limit) return std::nullopt;
        limit -= count;
        std::vector<Instruction>& code = unrolled.threads.emplace_back();
        for (const Run& run : thread.code) {
            for (std::uint64_t i = 0; i < run.count; ++i) {
                poll();
                for (const Instruction& instruction : run.body) code.push_back(instantiate(instruction, i));
            }
        }
    }
    return unrolled;
}

std::string unsupported(const UnrolledProgram& program) {
    for (const std::vector<Instruction>& thread : program.threads) {
        bool atomic = false;
        for (const Instruction& instruction : thread) {
            const auto* store = std::get_if<StoreDescriptor>(&instruction.operation);
            atomic = atomic || (store != nullptr && store->atomic);
            const auto* barrier = std::get_if<Barrier>(&instruction.operation);
            if (atomic && barrier != nullptr && barrier->access == BarrierAccess::ld)
                return "the machine does not run a barrier of loads behind an atomic read-modify-write";
            const Await* await = std::get_if<Await>(&instruction.operation);
            if (await != nullptr && !await->flag)
                return "the machine does not run an await on a translated address";
        }
    }
    return {};
}

Scenario::Scenario(const UnrolledProgram& unrolled, const Question& question)
    : unrolled_(&unrolled), question_(question), geometry_(question.hardware) {
    region_ = region_of(unrolled.program->regions, va());
    // Beside the entry that must be gone, the walk that comes to what is stored.
    if (question_.kind == PropertyKind::no_bbm_violation)
        question_.targets.push_back({va(), std::nullopt, 0, geometry_.entry_base(va(), 3)});
    branches_ = first_branch(*unrolled.program) != nullptr;
    find_contexts();
    add_slots();
    add_branch_slots();
    if (question_.kind == PropertyKind::no_use_after_free) find_output_addresses();
    end_flags_.assign(unrolled.threads.size(), -1);
    for (std::uint32_t t = 0; t < unrolled.threads.size(); ++t) add_thread(t);
    find_order();
    if (hardware().repeat_tlbi) find_repeats();
    find_branching();
    find_root();
    find_final();
}

bool Scenario::branches(std::uint32_t thread) const {
    return branches_ && std::ranges::any_of(threads_[thread], [](const MachineInstruction& code) {
               return code.kind == MachineInstruction::Kind::branch;
           });
}

bool Scenario::is_raced(std::uint32_t thread, const MachineInstruction& read) const {
    return std::ranges::any_of(stores_, [&](const MachineStore& store) {
        return store.location == read.location && store.thread != thread;
    });
}

bool Scenario::tells_apart(const MachineInstruction& await) const {
    if (!moment() || await.kind != MachineInstruction::Kind::await) return false;
    return std::ranges::count_if(stores_, [&](const MachineStore& store) {
               return store.location == await.location && store.flag_value == await.value;
           }) > 1;
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

void Scenario::add_branch_slots() {
    if (!branches_) return;
    for (const std::vector<Instruction>& thread : unrolled_->threads) {
        for (const Instruction& instruction : thread) {
            const auto* branch = std::get_if<Branch>(&instruction.operation);
            if (branch != nullptr && !branch->flag) add_slot(branch->slot);
        }
    }
}

/// Where branches and elses go to. Of one that the thread's end leaves open: nowhere.
void Scenario::find_targets(std::uint32_t thread) {
    const std::vector<Instruction>& code = unrolled_->threads[thread];
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

void Scenario::add_slots() {
    for (int level = geometry_.start_level(); level <= 3; ++level) {
        std::vector<std::uint32_t>& generations = generations_[static_cast<std::size_t>(level)];
        generations.push_back(0);
        for (const NewTable& table : unrolled_->program->new_tables) {
            const bool over = table.page.va_base == geometry_.table_base(va(), level) ||
                              std::ranges::any_of(question_.targets, [&](const WalkTarget& target) {
                                  return table.page.va_base == geometry_.table_base(target.va, level);
                              });
            if (table.page.level == level && over) generations.push_back(table.page.generation);
        }
        for (const std::uint32_t generation : generations) {
            add_slot({geometry_.entry_base(va(), level), level, generation});
            // What an amalgam may come to includes what any of the PE's contexts leads to.
            for (const PeContext& context : contexts_.all) {
                if (!question_.amalgam || context.space == no_space) continue;
                const std::uint64_t there = spaces::within(spaces::plain(va()), context.space);
                add_slot({geometry_.entry_base(there, level), level, generation});
            }
            for (const WalkTarget& target : question_.targets) {
                add_slot({geometry_.entry_base(target.va, level), level, generation});
                if (target.sibling_level == level) add_slot({target.sibling_va, level, generation});
            }
            if (question_.kind == PropertyKind::no_bbm_violation) add_set(level, generation);
        }
    }
}

/// The unit of a break-before-make violation is the set: an entry for the judged page counts for every slot
/// of it.
void Scenario::add_set(int level, std::uint32_t generation) {
    const std::optional<int> slots = geometry_.contiguous_slots(level);
    if (!slots) return;
    for (int i = 0; i < *slots; ++i) {
        const std::uint64_t offset = static_cast<std::uint64_t>(i) * geometry_.entry_bytes(level);
        add_slot({geometry_.set_base(va(), level) + offset, level, generation});
    }
}

int Scenario::find_slot(const DescriptorSlot& slot) const {
    for (std::size_t i = 0; i < slot_count_; ++i) {
        if (locations_[i].slot == slot) return static_cast<int>(i);
    }
    return -1;
}

void Scenario::add_slot(const DescriptorSlot& slot) {
    if (find_slot(slot) >= 0) return;
    MachineLocation location;
    location.slot = slot;
    location.initial = initial_descriptor(*unrolled_->program, slot);
    locations_.push_back(location);
    ++slot_count_;
}

void Scenario::add_output_address(const DescriptorSlot& slot, const Descriptor& value) {
    const bool sibling = spaces::plain(slot.va) != geometry_.entry_base(spaces::plain(va()), slot.level);
    const Translation translation = translate(sibling, slot.level, value, false);
    if (translation.valid) output_addresses_.push_back(translation.oa);
}

/// Only the freed pages among these can be reached through the judged address.
void Scenario::find_output_addresses() {
    for (const MachineLocation& location : locations_) add_output_address(location.slot, location.initial);
    for (const std::vector<Instruction>& thread : unrolled_->threads) {
        for (const Instruction& instruction : thread) {
            const auto* write = std::get_if<StoreDescriptor>(&instruction.operation);
            if (write != nullptr && find_slot(write->slot) >= 0)
                add_output_address(write->slot, write->value);
        }
    }
}

int Scenario::flag_location(std::uint32_t flag) {
    for (std::size_t i = 0; i < locations_.size(); ++i) {
        if (locations_[i].kind == MachineLocation::Kind::flag && locations_[i].flag == flag)
            return static_cast<int>(i);
    }
    MachineLocation location;
    location.kind = MachineLocation::Kind::flag;
    location.flag = flag;
    locations_.push_back(location);
    return static_cast<int>(locations_.size() - 1);
}

void Scenario::add_thread(std::uint32_t thread) {
    threads_.emplace_back();
    std::uint32_t epoch = 0;
    const std::vector<Instruction>& code = unrolled_->threads[thread];
    const bool own = question_.observer.thread == thread;
    for (const Instruction& instruction : code) {
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

bool Scenario::is_stale(const Translation& seen, const Translation& fresh) const {
    if ((!seen.valid || !seen.af) && (!fresh.valid || !fresh.af)) return false;  // both fault
    if (seen == fresh) return false;
    if (!question_.judging.restrictive || seen.garbage || fresh.garbage || !fresh.valid || !fresh.af)
        return true;
    if (!seen.valid || !seen.af) return false;  // a fault allows nothing
    return seen.oa != fresh.oa || seen.global != fresh.global ||
           !executes_less(seen.attributes, fresh.attributes) || seen.writable > fresh.writable ||
           seen.el0 > fresh.el0;
}

bool Scenario::judged_at_any_time() const {
    if (question_.kind == PropertyKind::no_use_after_free || question_.kind == PropertyKind::no_lost_update)
        return true;
    return question_.kind == PropertyKind::never_invalid && (region_ == nullptr || region_->mapped);
}

bool Scenario::is_unknown(int location, StoredId id) const {
    if (id != 0) return is_garbage(id);
    return unknown_at_start(*unrolled_->program, locations_[static_cast<std::size_t>(location)].slot);
}

void Scenario::add_end_flag(std::uint32_t thread, std::uint32_t epoch) {
    MachineInstruction code;
    code.kind = MachineInstruction::Kind::store;
    MachineStore store;
    store.thread = thread;
    store.position = static_cast<std::uint32_t>(threads_[thread].size());
    store.epoch = epoch;
    store.location = flag_location(static_cast<std::uint32_t>(unrolled_->program->flags.size()) + thread);
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

void Scenario::add_instruction(std::uint32_t thread, const Instruction& instruction, std::uint32_t& epoch) {
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
        code.kind = MachineInstruction::Kind::tlbi;
        code.first = static_cast<std::uint32_t>(tlbis_.size());
        const bool reaches = tlbi->op.domain != TlbiDomain::local || question_.observer.thread == thread;
        tlbis_.push_back(
            {thread, store.position, tlbi->op, decode_tlbi(tlbi->op, tlbi->operand, geometry_), reaches, {}});
        if (spaces::of(va())) {
            std::vector<const Operation*> before;
            for (const Instruction& i : unrolled_->threads[thread]) before.push_back(&i.operation);
            const HostState state = host_state(thread, store.position);
            tlbis_.back().scope = decode_tlbi(tlbi->op, tlbi->operand, geometry_, state);
            if (stage2_)
                tlbis_.back().vms =
                    vms_at(before, unrolled_->program->threads[thread].starts_in.vm.value_or(no_space),
                           store.position);
        }
    } else if (const auto* barrier = std::get_if<Barrier>(&operation)) {
        code.kind = MachineInstruction::Kind::barrier;
        code.barrier = *barrier;
        if (orders_stores(*barrier)) ++epoch;
    } else if (const auto* access = std::get_if<Access>(&operation)) {
        const bool writes = is_store(access->kind);
        const bool made = access->flag || never_faults(*unrolled_, hardware(), thread, store.position);
        code.loads = made && !writes;
        code.acquire = made && access->kind == AccessKind::load_acquire;
        code.release = made && !access->flag && access->kind == AccessKind::store_release;
        if (writes && access->flag) {
            code.kind = MachineInstruction::Kind::store;
            store.location = flag_location(*access->flag);
            store.flag_value = access->value;
            store.release = access->kind == AccessKind::store_release;
            add_store(code, store);
        }
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

/// One location for all frees of the same memory: the last owner's data are met.
int Scenario::freed_location(std::uint64_t pa, std::uint64_t bytes) {
    for (std::size_t i = 0; i < locations_.size(); ++i) {
        const MachineLocation& known = locations_[i];
        const bool same =
            known.kind == MachineLocation::Kind::freed && known.pa == pa && known.bytes == bytes;
        if (same) return static_cast<int>(i);
    }
    MachineLocation location;
    location.kind = MachineLocation::Kind::freed;
    location.pa = pa;
    location.bytes = bytes;
    locations_.push_back(location);
    return static_cast<int>(locations_.size() - 1);
}

void Scenario::add_free(std::uint32_t thread, const Free& free, MachineInstruction& code,
                        std::uint32_t epoch) {
    code.kind = MachineInstruction::Kind::store;
    MachineStore store;
    store.thread = thread;
    store.position = static_cast<std::uint32_t>(threads_[thread].size());
    store.epoch = epoch;
    store.garbage = true;
    if (const PageRange* range = std::get_if<PageRange>(&free.what)) {
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

int Scenario::own_location(int level, std::uint32_t generation) const {
    return find_slot({geometry_.entry_base(va(), level), level, generation});
}

int Scenario::slot_location(std::size_t t, int level, std::uint32_t generation) const {
    if (!from_sibling(t, level))
        return find_slot({geometry_.entry_base(question_.targets[t].va, level), level, generation});
    return find_slot({question_.targets[t].sibling_va, level, generation});
}

/// Some thread waits for the value that the flag has before it is stored to.
bool Scenario::awaited_unchanged(int flag) const {
    return std::ranges::any_of(threads_, [&](const std::vector<MachineInstruction>& code) {
        return std::ranges::any_of(code, [&](const MachineInstruction& instruction) {
            return instruction.kind == MachineInstruction::Kind::await && instruction.location == flag &&
                   instruction.value == 0;
        });
    });
}

void Scenario::find_branching() {
    // The hazard of no_bbm_violation can be in any slot of a set, whatever slot the entry came from.
    if (question_.kind == PropertyKind::no_bbm_violation) {
        for (std::size_t i = 0; i < slot_count_; ++i) locations_[i].branching = true;
    }
    for (std::size_t t = 0; t < question_.targets.size(); ++t) {
        for (int level = geometry_.start_level(); level <= 3; ++level) {
            for (const std::uint32_t generation : generations_[static_cast<std::size_t>(level)]) {
                const int location = slot_location(t, level, generation);
                if (location >= 0) locations_[static_cast<std::size_t>(location)].branching = true;
            }
        }
    }
    // Racing stores, memory freed more than once, and flags that change more than once or are awaited before
    // they change leave a choice whoever reads them.
    for (std::size_t i = 0; i < locations_.size(); ++i) {
        std::size_t count = 0;
        std::optional<std::uint32_t> writer;
        bool racing = false;
        for (const MachineStore& store : stores_) {
            if (store.location != static_cast<int>(i)) continue;
            ++count;
            racing = racing || (writer && *writer != store.thread);
            writer = store.thread;
        }
        MachineLocation& location = locations_[i];
        const bool flag = location.kind == MachineLocation::Kind::flag;
        if (flag && (count > 1 || branches_ || awaited_unchanged(static_cast<int>(i))))
            location.branching = true;
        if (location.kind == MachineLocation::Kind::freed && count > 1) location.branching = true;
        if (location.kind == MachineLocation::Kind::slot && branches_) {
            location.branching = true;
            final_varies_ = question_.kind == PropertyKind::no_stale_entry;
        }
        if (location.kind == MachineLocation::Kind::slot && racing) {
            location.branching = true;
            final_varies_ = question_.kind == PropertyKind::no_stale_entry;
        }
    }
}

void Scenario::find_root() {
    root_level_ = geometry_.start_level();
    while (root_level_ < 3) {
        // One root level for all walks: above it each goes through one descriptor that nothing writes.
        const auto constant = [&](int location) {
            const bool written = std::any_of(stores_.begin(), stores_.end(), [&](const MachineStore& store) {
                return store.location == location;
            });
            const Descriptor& initial = locations_[static_cast<std::size_t>(location)].initial;
            return !written && initial.kind == DescriptorKind::table && initial.oa == 0;
        };
        bool all = constant(own_location(root_level_, 0));
        for (std::size_t t = 0; t < question_.targets.size(); ++t)
            all = all && (from_sibling(t, root_level_) || constant(slot_location(t, root_level_, 0)));
        const bool sibling = std::any_of(question_.targets.begin(), question_.targets.end(),
                                         [&](const WalkTarget& t) { return t.sibling_level == root_level_; });
        if (sibling || !all) return;
        ++root_level_;
    }
}

void Scenario::find_final() {
    final_memory_.assign(locations_.size(), 0);
    for (std::size_t i = 0; i < stores_.size(); ++i) {
        if (stores_[i].location >= 0) {
            final_memory_[static_cast<std::size_t>(stores_[i].location)] = static_cast<StoredId>(i + 1);
        }
    }
}

Descriptor Scenario::value(int location, StoredId id) const {
    if (id != 0) return stores_[id - 1U].value;
    return locations_[static_cast<std::size_t>(location)].initial;
}

Translation Scenario::translate(bool sibling, int level, const Descriptor& leaf, bool garbage) const {
    Translation result;
    if (garbage) {
        result.valid = result.af = result.garbage = true;
        return result;
    }
    if (leaf.kind != DescriptorKind::leaf || !geometry_.has_leaf(level)) return result;
    result.valid = true;
    result.af = leaf.af;
    result.writable = leaf.writable();
    result.el0 = leaf.el0;
    result.global = !leaf.not_global;
    result.attributes = leaf.attributes;
    const std::uint64_t bytes = sibling ? geometry_.contiguous_bytes(level) : geometry_.entry_bytes(level);
    result.oa = leaf.oa - leaf.oa % bytes + va() % bytes;
    return result;
}

FreshLeaf Scenario::fresh_leaf(const std::vector<StoredId>& memory) const {
    return fresh_leaf(memory, geometry_.start_level(), 0);
}

FreshLeaf Scenario::fresh_leaf(const std::vector<StoredId>& memory, int from,
                               std::uint32_t generation) const {
    FreshLeaf result;
    result.path.fill(-1);
    for (int level = from; level <= 3; ++level) {
        const int location = own_location(level, generation);
        if (location < 0) return result;
        const StoredId id = memory[static_cast<std::size_t>(location)];
        result.path[static_cast<std::size_t>(level)] = location;
        const Descriptor descriptor = value(location, id);
        if (is_garbage(id) || descriptor.kind != DescriptorKind::table || level == 3) {
            result.level = level;
            result.value = descriptor;
            result.garbage = is_garbage(id);
            return result;
        }
        generation = static_cast<std::uint32_t>(descriptor.oa);
    }
    return result;
}

Translation Scenario::fresh_walk(const std::vector<StoredId>& memory) const {
    const FreshLeaf leaf = fresh_leaf(memory);
    return leaf.level < 0 ? Translation{} : translate(false, leaf.level, leaf.value, leaf.garbage);
}

void Scenario::find_contexts() {
    const auto space = spaces::of(va());
    if (!space) return;
    const ScheduleProgram& program = *unrolled_->program;
    stage2_ = program.spaces[*space].stage2;
    const std::optional<std::uint32_t>& own = question_.observer.thread;
    if (!own) {
        contexts_ = contexts_elsewhere(program, *space);
        return;
    }
    std::vector<const Operation*> code;
    for (const Instruction& i : unrolled_->threads[*own]) code.push_back(&i.operation);
    const SpaceId start = program.threads[*own]
                              .starts_in.of(program.spaces[*space])
                              .value_or(question_.observer.starts_in.value_or(*space));
    std::optional<std::size_t> position;
    if (question_.observer.position) position = *question_.observer.position;
    contexts_ = contexts_of(program, code, start, *space, position);
}

/// What VTTBR holds when a TLBI is issued says which VM's entries it removes; while a write of VTTBR is not
/// synchronised, it may be either.
bool Scenario::names_vmid(const MachineTlbi& tlbi, SpaceId vm) const {
    if (tlbi.op.base == TlbiBase::alle1) return true;
    const std::vector<AddressSpace>& all = unrolled_->program->spaces;
    return std::ranges::none_of(
        tlbi.vms, [&](SpaceId other) { return other == no_space || all[other].vmid != all[vm].vmid; });
}

/// HCR_EL2 of the PE at that instruction: every value that TGE may have since it was last synchronised.
HostState Scenario::host_state(std::uint32_t thread, std::uint32_t position) const {
    const ScheduleProgram& program = *unrolled_->program;
    std::vector<std::optional<bool>> possible{program.threads[thread].starts_in.tge};
    const std::vector<Instruction>& code = unrolled_->threads[thread];
    for (std::uint32_t at = 0; at < position; ++at) {
        if (const auto* change = std::get_if<ContextChange>(&code[at].operation);
            change != nullptr && change->kind == ContextChange::Kind::set_tge)
            possible.emplace_back(change->tge);
        if (synchronizes_context(code[at].operation)) possible.erase(possible.begin(), possible.end() - 1);
    }
    const bool one = std::ranges::all_of(possible, [&](const auto& tge) { return tge == possible[0]; });
    return {uses_vhe(program), one ? possible[0] : std::nullopt};
}

/// The observer's switch to the judged space, with its ISB.
void Scenario::add_entry_to_space(std::uint32_t thread) {
    threads_[thread].emplace_back();
    MachineInstruction isb;
    isb.kind = MachineInstruction::Kind::barrier;
    isb.barrier = {BarrierKind::isb, BarrierDomain::sy, BarrierAccess::full, false};
    threads_[thread].push_back(isb);
    first_latch_ = static_cast<std::uint32_t>(threads_[thread].size());
}

const PeContext* Scenario::context(std::size_t t) const {
    const std::optional<std::uint32_t>& which = question_.targets[t].context;
    return which && *which < contexts_.all.size() ? &contexts_.all[*which] : nullptr;
}

bool Scenario::only_global(std::size_t t) const {
    const PeContext* const in = context(t);
    if (in == nullptr || !in->ended()) return false;
    const std::vector<AddressSpace>& known = unrolled_->program->spaces;
    return std::ranges::none_of(contexts_.all, [&](const PeContext& other) {
        if (other.ended() || other.space == no_space) return false;
        if (stage2_) return known[other.space].vmid == known[in->space].vmid;
        return known[other.space].asid == known[in->space].asid;
    });
}

bool Scenario::frees(std::size_t store, const Translation& translation) const {
    const MachineStore& write = stores_[store];
    const Free* free = std::get_if<Free>(&unrolled_->threads[write.thread][write.position].operation);
    if (free == nullptr) return false;
    const PageRange* range = std::get_if<PageRange>(&free->what);
    return range != nullptr && translation.oa - range->first < range->second;
}

CachedTranslation Scenario::cached(std::size_t t, int level, const Descriptor& value, EntrySpan span) const {
    CachedTranslation entry;
    entry.level = level;
    entry.leaf = span != EntrySpan::table;
    const std::uint64_t walked = question_.targets[t].va;
    const Region* const region = walked == va() ? region_ : region_of(unrolled_->program->regions, walked);
    entry.global = region == nullptr || region->global;
    entry.asid = region == nullptr ? std::uint16_t{0} : region->asid;
    if (entry.leaf && value.valid()) entry.global = !value.not_global;
    const std::optional<SpaceId> in = spaces::of(walked);
    if (in) {
        entry.asid = unrolled_->program->spaces[*in].asid;
        entry.regime = unrolled_->program->spaces[*in].regime;
        if (stage2_) entry.stage = CachedTranslation::Stage::stage2;
        if (!entry.leaf) entry.global = false;
        if (entry.leaf && !value.valid()) entry.global = region != nullptr && region->global;
    }
    std::uint64_t bytes = geometry_.entry_bytes(level);
    std::uint64_t base = walked;
    if (span == EntrySpan::coalesced) bytes = geometry_.contiguous_bytes(level);
    if (span == EntrySpan::table && hardware().walk_cache == WalkCache::per_page) {
        bytes = granule_bytes(geometry_.granule());
        base = question_.targets[t].walked_for;
    }
    if (in) base = base << 16U >> 16U;  // a TLBI names the address, not the space
    entry.first = base - base % bytes;
    entry.last = entry.first + (bytes - 1);
    return entry;
}

bool Scenario::removes(const MachineTlbi& tlbi, std::size_t t, int level, const Descriptor& value,
                       EntrySpan span) const {
    if (tlbi.op.nxs && has(value.attributes, Attr::xs)) return false;
    if (stage2_) {
        if (!names_vmid(tlbi, *spaces::of(question_.targets[t].va))) return false;
        // Of what the guest maps where, nobody else knows: only operations on all of it meet what combines.
        if (span == EntrySpan::combined)
            return !tlbi.scope.nothing && tlbi.scope.regime == Regime::el10 && tlbi.scope.stage1 &&
                   !tlbi.scope.first && !tlbi.scope.asid;
    }
    return in_scope(tlbi.scope, cached(t, level, value, span));
}

}  // namespace tlbcheck::model
