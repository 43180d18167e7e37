// SPDX-License-Identifier: Apache-2.0
//
// The instructions of a thread read in order; what an await hands on is remembered until a barrier or a load.
#include "model/slice/passed_order.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/arch/completion.hpp"

namespace tlbcheck::model {

namespace {

/// An await's control dependency reaches stores, and a store-only DSB after them orders later loads and
/// walks. A DMB does not order the await itself before a walk.
class AwaitOrder {
  public:
    bool found() const { return found_; }
    std::uint32_t line() const { return line_; }

    void see(const Instruction& instruction) {
        if (const auto* barrier = std::get_if<Barrier>(&instruction.operation)) {
            see(*barrier);
        } else if (std::holds_alternative<Await>(instruction.operation)) {
            end();
            awaiting_ = true;
            through_stores_ = false;
            line_ = instruction.place.line;
        } else if (const auto* access = std::get_if<Access>(&instruction.operation)) {
            if (!is_store(access->kind)) end();
        }
    }

    /// A load, or the end with the judged access.
    void end() { found_ = found_ || (awaiting_ && through_stores_); }

  private:
    void see(const Barrier& barrier) {
        if (barrier.kind == BarrierKind::isb ||
            (barrier.kind == BarrierKind::dsb && barrier.access != BarrierAccess::st)) {
            awaiting_ = false;  // orders the await itself before all that follows
        } else if (barrier.kind == BarrierKind::dsb) {
            through_stores_ = true;
        }
    }

    bool found_ = false, awaiting_ = false, through_stores_ = false;
    std::uint32_t line_ = 0;
};

/// A store is before a load because of a DMB, and the load before TLBIs and walks because of a DSB LD, which
/// does not order the store itself.
class StoreOrder {
  public:
    bool found() const { return found_; }
    std::uint32_t line() const { return line_; }

    void see(const Instruction& instruction) {
        const Operation& operation = instruction.operation;
        if (const auto* barrier = std::get_if<Barrier>(&operation)) {
            see(*barrier);
        } else if (const auto* access = std::get_if<Access>(&operation)) {
            if (is_store(access->kind)) {
                stored_ = true;
            } else if (before_loads_ && !access->flag) {
                through_load_ = true;
                line_ = instruction.place.line;
            }
        } else if (std::holds_alternative<StoreDescriptor>(operation) ||
                   std::holds_alternative<Free>(operation)) {
            stored_ = true;
        }
    }

  private:
    void see(const Barrier& barrier) {
        if (completes_stores(barrier)) {
            stored_ = before_loads_ = through_load_ = false;
        } else if (barrier.kind == BarrierKind::dsb) {
            found_ = found_ || through_load_;
        } else if (barrier.kind == BarrierKind::dmb && barrier.access == BarrierAccess::full) {
            before_loads_ = before_loads_ || stored_;
        }
    }

    bool found_ = false;
    bool stored_ = false, before_loads_ = false, through_load_ = false;
    std::uint32_t line_ = 0;
};

/// Shows an order the thread's instructions; loop bodies twice, so that what an iteration leaves meets the
/// next one.
template <class Order>
void see_all(const ScheduleThread& thread, Order& order) {
    for (const Run& run : thread.code) {
        for (std::uint64_t pass = 0; pass < std::min<std::uint64_t>(run.count, 2); ++pass) {
            for (const Instruction& instruction : run.body) order.see(instruction);
        }
    }
}

}  // namespace

std::string order_through_others(const ScheduleProgram& program) {
    for (const ScheduleThread& thread : program.threads) {
        AwaitOrder awaits;
        see_all(thread, awaits);
        awaits.end();
        if (awaits.found()) {
            return fmt::format(
                "the await of line {} orders loads only through stores to other leaves and a DSB ST",
                awaits.line());
        }
        StoreOrder stores;
        see_all(thread, stores);
        if (stores.found()) {
            return fmt::format(
                "a store is before TLBIs or walks only through the load of line {}, between a DMB and a DSB "
                "LD",
                stores.line());
        }
    }
    return {};
}

}  // namespace tlbcheck::model
