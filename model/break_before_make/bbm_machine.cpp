// SPDX-License-Identifier: Apache-2.0
//
// The timeline machine of no_bbm_violation: TLBIs and barriers. Filling is in bbm_fill.cpp, the check of a
// store in bbm_check.cpp.
#include "model/break_before_make/bbm_machine.hpp"

#include <algorithm>

#include "model/arch/completion.hpp"
#include "model/break_before_make/only_hook.hpp"
#include "model/program/cached_translation.hpp"
#include "model/program/pe_contexts.hpp"
#include "model/program/tlbi_scope_at.hpp"

namespace tlbcheck::model {

BbmMachine::BbmMachine(const JudgedSchedule& schedule, ObservedPe pe)
    : schedule_(&schedule),
      pe_(pe),
      geometry_(schedule.hardware),
      next_(schedule.threads.size(), 0),
      flags_(schedule.program->flags.size(), 0),
      flag_stores_(schedule.program->flags.size()) {
    add_initial_values();
    fill();
}

BbmMachine::Addresses BbmMachine::served_by(const DescriptorSlot& slot, const Descriptor& value) const {
    const bool set =
        value.kind == DescriptorKind::leaf && value.contiguous && geometry_.contiguous_slots(slot.level);
    const std::uint64_t bytes =
        set ? geometry_.contiguous_bytes(slot.level) : geometry_.entry_bytes(slot.level);
    const std::uint64_t first = set ? geometry_.set_base(slot.va, slot.level) : slot.va;
    Addresses result(schedule_->candidates.size());
    for (std::size_t c = 0; c < schedule_->candidates.size(); ++c) {
        if (schedule_->candidates[c] - first < bytes) result.set(c);
    }
    return result;
}

/// The descriptor that changes is the slot's own; its neighbours count through their old values
/// (docs/formal-model.md section 5).
BbmMachine::Addresses BbmMachine::own_addresses(const DescriptorSlot& slot) const {
    return served_by(slot, {});
}

std::size_t BbmMachine::add_source(Source source) {
    source.serves = served_by(source.slot, source.value);
    source.live = none();
    source.in_completed = none();
    source.survived = none();
    source.combined = none();
    source.doomed.resize(issued_.size());
    source.combined_doomed.resize(issued_.size());
    by_slot_[source.slot].push_back(sources_.size());
    sources_.push_back(std::move(source));
    return sources_.size() - 1;
}

void BbmMachine::add_initial(const DescriptorSlot& slot) {
    if (by_slot_.contains(slot)) return;
    Source source;
    source.slot = slot;
    source.value = initial_descriptor(*schedule_->program, slot);
    add_source(std::move(source));
}

// Every slot that may serve a candidate, of every generation that is mapped at the start or pointed to by a
// store.
void BbmMachine::add_initial_values() {
    std::vector<std::vector<std::uint32_t>> generations(4, {0});
    const auto add_generation = [&](int level, std::uint32_t generation) {
        if (level > 3) return;
        std::vector<std::uint32_t>& list = generations[static_cast<std::size_t>(level)];
        if (std::find(list.begin(), list.end(), generation) == list.end()) list.push_back(generation);
    };
    for (const JudgedThread& thread : schedule_->threads) {
        for (const PlainInstruction& instruction : thread.code) {
            const auto* store = std::get_if<StoreDescriptor>(&instruction.operation);
            if (store == nullptr) continue;
            add_generation(store->slot.level, store->slot.generation);
            if (store->value.kind == DescriptorKind::table) {
                add_generation(store->slot.level + 1, static_cast<std::uint32_t>(store->value.oa));
            }
        }
    }
    for (const std::uint64_t va : schedule_->candidates) {
        for (int level = geometry_.start_level(); level <= 3; ++level) {
            const std::uint64_t entry = geometry_.entry_bytes(level);
            const std::uint64_t own = geometry_.entry_base(va, level);
            const bool sets = geometry_.contiguous_slots(level).has_value();
            const std::uint64_t first = sets ? geometry_.set_base(va, level) : own;
            const std::uint64_t bytes = sets ? geometry_.contiguous_bytes(level) : entry;
            for (const std::uint32_t generation : generations[static_cast<std::size_t>(level)]) {
                if (by_slot_.contains({own, level, generation})) continue;
                for (std::uint64_t at = 0; at < bytes; at += entry)
                    add_initial({first + at, level, generation});
            }
        }
    }
}

std::vector<std::uint32_t> BbmMachine::ready() const {
    std::vector<std::uint32_t> result;
    for (std::uint32_t t = 0; t < schedule_->threads.size(); ++t) {
        const std::vector<PlainInstruction>& code = schedule_->threads[t].code;
        if (next_[t] >= code.size()) continue;
        const auto* await = std::get_if<Await>(&code[next_[t]].operation);
        if (await == nullptr || !await->flag || flags_[*await->flag] == await->value) result.push_back(t);
    }
    return result;
}

std::optional<BbmViolation> BbmMachine::step(std::uint32_t thread) {
    const PlainInstruction& instruction = schedule_->threads[thread].code[next_[thread]++];
    if (std::holds_alternative<StoreDescriptor>(instruction.operation)) return store(thread, instruction);
    if (const auto* t = std::get_if<TlbiInstruction>(&instruction.operation)) {
        tlbi(thread, *t);
    } else if (const auto* freed = std::get_if<Free>(&instruction.operation)) {
        free(thread, *freed);
    } else if (const auto* b = std::get_if<Barrier>(&instruction.operation)) {
        barrier(thread, *b);
    } else if (const auto* access = std::get_if<Access>(&instruction.operation)) {
        if (access->kind == AccessKind::store_release) publish(thread);
        const bool store = access->kind == AccessKind::store || access->kind == AccessKind::store_release;
        if (access->flag && store) {
            flags_[*access->flag] = access->value;
            flag_stores_[*access->flag] = {thread, next_[thread] - 1};
        }
    } else if (const auto* wait = std::get_if<Await>(&instruction.operation); wait && wait->flag) {
        awaited(thread, *wait->flag);
    }
    return std::nullopt;
}

/// The TLBI removes the address's entry that came from the source. An entry from a contiguous value may be
/// for one page of the set only: shattered is the weakest hardware.
bool BbmMachine::removes(const IssuedTlbi& tlbi, const Source& source, std::size_t candidate) const {
    if (tlbi.instruction.op.nxs && has(source.value.attributes, Attr::xs)) return false;
    const bool leaf = source.value.kind == DescriptorKind::leaf;
    const std::uint64_t va = schedule_->candidates[candidate];
    if (!names_vmid(*schedule_->program, tlbi.instruction.op, tlbi.vms, va)) return false;
    const bool per_page = !leaf && schedule_->hardware.walk_cache == WalkCache::per_page;
    return in_scope(tlbi.scope,
                    cached_translation(*schedule_->program, geometry_, va, source.slot.level, leaf,
                                       per_page ? EntryReach::page : EntryReach::descriptor,
                                       leaf ? std::optional(!source.value.not_global) : std::nullopt));
}

BbmMachine::Addresses BbmMachine::removed_by(const IssuedTlbi& tlbi, const Source& source,
                                             const Addresses& of) const {
    Addresses result = none();
    for (std::size_t c = of.find_first(); c != Addresses::npos; c = of.find_next(c))
        if (removes(tlbi, source, c)) result.set(c);
    return result;
}

void BbmMachine::tlbi(std::uint32_t thread, const TlbiInstruction& instruction) {
    if (!reaches(instruction.op, thread, pe_)) return;
    const TlbiScope scope = tlbi_scope_at(*schedule_, thread, next_[thread] - 1, geometry_);
    const std::vector<SpaceId> vms = vms_at(*schedule_, thread, next_[thread] - 1);
    const auto same = std::ranges::find_if(issued_, [&](const IssuedTlbi& earlier) {
        return earlier.thread == thread && earlier.instruction.op == instruction.op &&
               earlier.instruction.operand == instruction.operand && earlier.vms == vms &&
               earlier.scope.regime == scope.regime && earlier.scope.nothing == scope.nothing;
    });
    const auto place = static_cast<std::size_t>(same - issued_.begin());
    if (same == issued_.end()) {
        issued_.push_back({thread, instruction, scope, vms});
        for (Source& source : sources_) {
            source.doomed.emplace_back();
            source.combined_doomed.emplace_back();
        }
    }
    for (Source& source : sources_) {
        const Addresses gone = removed_by(issued_[place], source, source.live);
        if (gone.any()) source.doomed[place] = gone;
    }
    doom_combined(place);
    fill();
}

/// What a new owner writes is no descriptor, but the old ones are gone.
void BbmMachine::free(std::uint32_t thread, const Free& what) {
    const auto* page = std::get_if<TablePage>(&what.what);
    if (page == nullptr) return;
    std::vector<DescriptorSlot> slots;
    for (const auto& [slot, ids] : by_slot_) {
        if (table_of(slot, geometry_) == *page) slots.push_back(slot);
    }
    for (const DescriptorSlot& slot : slots) {
        Source overwritten;
        overwritten.slot = slot;
        overwritten.thread = thread;
        overwritten.index = next_[thread] - 1;
        overwritten.published = overwritten.barred = false;
        add_source(std::move(overwritten));
    }
    fill();
}

void BbmMachine::publish(std::uint32_t thread) {
    for (Source& source : sources_) {
        if (source.thread != thread || source.published) continue;
        source.published = true;
        source.published_at = next_[thread] - 1;
    }
}

/// What is replaced by a value that is visible for certain is read no more.
template <typename Is>
void BbmMachine::hide_replaced(const Is& is_visible) {
    for (const auto& [slot, ids] : by_slot_) {
        bool replaced = false;
        for (auto id = ids.rbegin(); id != ids.rend(); ++id) {
            if (replaced) sources_[*id].readable = false;
            replaced = replaced || is_visible(sources_[*id]);
        }
    }
}

/// Who reads another thread's flag knows that the stores ordered before the one to the flag are visible.
void BbmMachine::awaited(std::uint32_t thread, std::uint32_t flag) {
    const FlagStore& told = flag_stores_[flag];
    if (!told.thread || told.thread == thread) return;
    hide_replaced([&](const Source& source) {
        return source.thread == told.thread && source.published && source.published_at <= told.index;
    });
    fill();
}

/// Walks come to a new page only now: what a barrier ordered before this, none of them finds undone.
void BbmMachine::hook_up(const Source& hook, std::size_t position) {
    if (hook.value.kind != DescriptorKind::table || hook.value.oa == 0) return;
    const auto generation = static_cast<std::uint32_t>(hook.value.oa);
    const auto only = only_hook(*schedule_, geometry_, {hook.slot.va, hook.slot.level + 1, generation});
    if (!only || only->thread != hook.thread || only->position != position) return;
    hide_replaced([&](const Source& source) {
        const DescriptorSlot& slot = source.slot;
        return slot.level == hook.slot.level + 1 && slot.generation == generation &&
               geometry_.entry_base(slot.va, hook.slot.level) == hook.slot.va && source.barred &&
               source.thread == hook.thread;
    });
}

/// No later store to the slot has become visible for certain.
bool BbmMachine::may_be_in_memory(const Source& source) const {
    const std::vector<std::size_t>& ids = by_slot_.at(source.slot);
    return std::none_of(ids.rbegin(), ids.rend(),
                        [&](std::size_t id) { return &sources_[id] > &source && sources_[id].published; });
}

void BbmMachine::barrier(std::uint32_t thread, const Barrier& barrier) {
    if (barrier.kind == BarrierKind::isb) return;
    if (barrier.access != BarrierAccess::ld) {
        publish(thread);
        for (Source& source : sources_)
            if (source.thread == thread) source.barred = true;
    }
    if (!completes_stores(barrier)) return;
    hide_replaced([](const Source& source) { return source.published; });
    if (barrier.access != BarrierAccess::full) {
        fill();
        return;
    }
    const std::map<std::pair<int, std::uint32_t>, Reach> before = reached_;
    for (Source& source : sources_) source.in_completed = none();
    complete(thread, barrier);
    fill();
    for (Source& source : sources_) {
        const std::pair table{source.slot.level, source.slot.generation};
        const auto was = before.find(table);
        const auto is = reached_.find(table);
        if (was == before.end()) continue;
        Addresses again = source.in_completed & source.live & was->second.any;
        if (is != reached_.end()) again -= is->second.any;
        source.survived |= again;
    }
}

void BbmMachine::complete(std::uint32_t thread, const Barrier& barrier) {
    for (std::size_t t = issued_.size(); t-- > 0;) {
        const IssuedTlbi& tlbi = issued_[t];
        if (tlbi.thread != thread || !completes_for(barrier, tlbi.instruction.op, thread, pe_)) continue;
        const auto place = static_cast<std::ptrdiff_t>(t);
        for (Source& source : sources_) {
            const Addresses gone = source.doomed[t];
            source.in_completed |= removed_by(tlbi, source, source.live);
            source.doomed.erase(source.doomed.begin() + place);
            remove_combined(source, t);
            if (gone.empty()) continue;
            source.live -= gone;
            for (Addresses& doomed : source.doomed)
                if (!doomed.empty()) doomed -= gone;
        }
        issued_.erase(issued_.begin() + place);
    }
}

std::vector<std::uint64_t> BbmMachine::digest() const {
    std::vector<std::uint64_t> result(next_.begin(), next_.end());
    result.insert(result.end(), flags_.begin(), flags_.end());
    for (const FlagStore& store : flag_stores_)
        result.insert(result.end(), {store.thread ? *store.thread + 1ULL : 0ULL, store.index});
    const auto add = [&](const Addresses& addresses) {
        boost::to_block_range(addresses, std::back_inserter(result));
    };
    for (const auto& [slot, ids] : by_slot_) {
        result.push_back(ids.size());
        for (const std::size_t id : ids) {
            const Source& source = sources_[id];
            result.push_back(source.index << 2 | (source.readable ? 1U : 0U) | (source.published ? 2U : 0U));
            result.push_back(source.thread ? *source.thread + 1ULL : 0ULL);
            add(source.live);
            add(source.combined);
            for (const Addresses& doomed : source.combined_doomed) add(doomed.empty() ? none() : doomed);
            for (const Addresses& doomed : source.doomed) add(doomed.empty() ? none() : doomed);
        }
    }
    return result;
}

}  // namespace tlbcheck::model
