// SPDX-License-Identifier: Apache-2.0
#include "model/slice/await_order.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tlbcheck::model {

namespace {

/// Follows one thread; loop bodies are seen twice, so that what an iteration leaves meets the next one.
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
            if (access->kind == AccessKind::load || access->kind == AccessKind::load_acquire) end();
        }
    }

    /// A load, or the end with the judged access.
    void end() { found_ = found_ || (awaiting_ && through_stores_); }

  private:
    void see(const Barrier& barrier) {
        if (barrier.kind == BarrierKind::isb || barrier.access != BarrierAccess::st) {
            awaiting_ = false;  // orders the await itself before all that follows
        } else if (barrier.kind == BarrierKind::dsb) {
            through_stores_ = true;
        }
    }

    bool found_ = false, awaiting_ = false, through_stores_ = false;
    std::uint32_t line_ = 0;
};

}  // namespace

std::string awaits_order_through_stores(const ScheduleProgram& program) {
    for (const ScheduleThread& thread : program.threads) {
        AwaitOrder order;
        for (const Run& run : thread.code) {
            for (std::uint64_t pass = 0; pass < std::min<std::uint64_t>(run.count, 2); ++pass) {
                for (const Instruction& instruction : run.body) order.see(instruction);
            }
        }
        order.end();
        if (order.found()) {
            return fmt::format(
                "the await of line {} orders loads only through stores to other leaves and a DSB ST",
                order.line());
        }
    }
    return {};
}

}  // namespace tlbcheck::model
