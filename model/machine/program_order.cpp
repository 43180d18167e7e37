// SPDX-License-Identifier: Apache-2.0
//
// Order within one thread, instruction by instruction; which accesses cannot fault, from what their walks may
// read.
#include "model/machine/program_order.hpp"

#include <algorithm>
#include <set>

#include "model/machine/scenario.hpp"

namespace tlbcheck::model {

namespace {

/// Collects what the walk of one access may read, each descriptor as far as the access's thread leaves it
/// open.
class ReadableDescriptors {
  public:
    ReadableDescriptors(const JudgedSchedule& schedule, const HardwareParameters& hardware,
                        std::uint32_t thread, std::uint32_t position)
        : schedule_(schedule),
          geometry_(hardware),
          thread_(thread),
          position_(position),
          ets_(hardware.ets),
          store_(is_store(std::get<Access>(schedule.threads[thread].code[position].operation).kind)) {
        const std::vector<PlainInstruction>& code = schedule.threads[thread].code;
        straight_ = std::none_of(code.begin(), code.begin() + position, [](const PlainInstruction& i) {
            return std::holds_alternative<Branch>(i.operation);
        });
    }

    bool all_translate(std::uint64_t va, int level, std::uint32_t generation) const {
        const DescriptorSlot slot{geometry_.entry_base(va, level), level, generation};
        std::set<std::uint32_t> tables;
        for (const Descriptor& value : values(slot)) {
            if (value.kind == DescriptorKind::table && level < 3) {
                tables.insert(static_cast<std::uint32_t>(value.oa));
            } else if (!translates(value)) {
                return false;
            }
        }
        return std::ranges::all_of(tables,
                                   [&](std::uint32_t table) { return all_translate(va, level + 1, table); });
    }

  private:
    bool translates(const Descriptor& value) const {
        return value.kind == DescriptorKind::leaf && value.af && (value.db || !store_);
    }

    /// What a walk may find in the slot. A fault is not cached: what the thread itself has overwritten by
    /// then is read no more where it translates nothing.
    std::vector<Descriptor> values(const DescriptorSlot& slot) const {
        std::vector<Descriptor> result{initial_descriptor(*schedule_.program, slot)};
        const auto overwrite = [&](std::uint32_t at) {
            if (overwritten(at))
                std::erase_if(result, [&](const Descriptor& v) {
                    return v.kind != DescriptorKind::table && !translates(v);
                });
        };
        const auto add = [&](std::uint32_t thread, std::uint32_t end, bool own) {
            for (std::uint32_t at = 0; at < end; ++at) {
                const auto* write =
                    std::get_if<StoreDescriptor>(&schedule_.threads[thread].code[at].operation);
                if (write == nullptr || write->slot != slot) continue;
                if (own) overwrite(at);
                result.push_back(write->value);
            }
        };
        add(thread_, position_, true);
        for (std::uint32_t t = 0; t < schedule_.threads.size(); ++t) {
            if (t != thread_) add(t, static_cast<std::uint32_t>(schedule_.threads[t].code.size()), false);
        }
        return result;
    }

    /// What the thread stored at `at` is what a fault's walk finds, or something later: with ETS2 always
    /// (cat: ets-ob), else after a DSB and a context synchronisation event.
    bool overwritten(std::uint32_t at) const {
        if (!straight_) return false;
        if (ets_ >= 2) return true;
        const std::vector<PlainInstruction>& code = schedule_.threads[thread_].code;
        bool waited = false;
        for (std::uint32_t i = at; i < position_; ++i) {
            if (waited && synchronizes_context(code[i].operation)) return true;
            const auto* barrier = std::get_if<Barrier>(&code[i].operation);
            waited = waited || (barrier != nullptr && barrier->kind == BarrierKind::dsb &&
                                barrier->access != BarrierAccess::ld);
        }
        return false;
    }

    const JudgedSchedule& schedule_;
    Geometry geometry_;
    std::uint32_t thread_ = 0, position_ = 0;
    int ets_ = 0;
    bool store_ = false;
    bool straight_ = true;  ///< no branch of the thread goes past what it stored
};

}  // namespace

void OrderedBefore::pass(const MachineInstruction& code, std::uint32_t position) {
    const bool full = code.kind == MachineInstruction::Kind::barrier &&
                      code.barrier.kind == BarrierKind::dmb && code.barrier.access == BarrierAccess::full;
    if (full) fence = position;
    if (code.loads) loaded_fence = fence;
    if (code.release) released = position;
    if (!code.acquire) return;
    acquired = position;
    acquired_all = released;
}

bool OrderedBefore::orders_accesses(const MachineStore& store) const {
    return store.position < fence || orders_by_acquire(store);
}

bool OrderedBefore::orders_dsb_ld(const MachineStore& store) const {
    return store.position < loaded_fence || orders_by_acquire(store);
}

bool OrderedBefore::orders_by_acquire(const MachineStore& store) const {
    return (store.release && store.position < acquired) || store.position < acquired_all;
}

bool never_faults(const JudgedSchedule& schedule, const HardwareParameters& hardware, std::uint32_t thread,
                  std::uint32_t position) {
    const ReadableDescriptors readable(schedule, hardware, thread, position);
    const std::uint64_t va = std::get<Access>(schedule.threads[thread].code[position].operation).va;
    const int root = Geometry(hardware).start_level();
    if (!spaces::of(va)) return readable.all_translate(va, root, 0);
    // Which space's tables are walked depends on where the thread is.
    for (SpaceId space = 0; space < schedule.program->spaces.size(); ++space) {
        if (schedule.program->spaces[space].upper != spaces::is_upper(va)) continue;
        if (!readable.all_translate(spaces::within(spaces::plain(va), space), root, 0)) return false;
    }
    return true;
}

}  // namespace tlbcheck::model
