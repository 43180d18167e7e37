// SPDX-License-Identifier: Apache-2.0
//
// DSBs of too narrow a domain before broadcast TLBIs.

#include "checker/engine/narrow_barrier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <variant>

#include "model/arch/completion.hpp"

namespace tlbcheck::checker {

namespace {

std::string at_line(const model::SourcePlace& place) {
    return place.line == 0 ? "" : fmt::format(" (line {})", place.line);
}

/// One thread's instructions in program order.
class Thread {
  public:
    explicit Thread(std::vector<std::string>& warnings) : warnings_(warnings) {}

    void meet(const model::Instruction& instruction) {
        if (std::holds_alternative<model::StoreDescriptor>(instruction.operation)) {
            stored_ = true;
            widest_.reset();
        } else if (const auto* barrier = std::get_if<model::Barrier>(&instruction.operation)) {
            if (model::completes_stores(*barrier) && (!widest_ || widest_->barrier.domain < barrier->domain))
                widest_ = {*barrier, instruction.place};
        } else if (const auto* tlbi = std::get_if<model::TlbiInstruction>(&instruction.operation)) {
            invalidate(tlbi->op, instruction.place);
        }
    }

  private:
    struct Met {
        model::Barrier barrier;
        model::SourcePlace place;
    };

    void invalidate(const model::TlbiOp& op, const model::SourcePlace& place) {
        if (!stored_ || !widest_ || op.domain == model::TlbiDomain::local) return;
        const auto least =
            op.domain == model::TlbiDomain::outer ? model::BarrierDomain::osh : model::BarrierDomain::ish;
        if (widest_->barrier.domain >= least || !told_.insert(widest_->place).second) return;
        const bool flagged = widest_->barrier.access == model::BarrierAccess::st;
        warnings_.push_back(fmt::format(
            "deprecated shareability: {}{} need not order the stores before it for all PEs that {}{} "
            "reaches; it "
            "is taken to, as herd7 does{}",
            model::to_string(widest_->barrier), at_line(widest_->place), "TLBI " + model::to_string(op),
            at_line(place), flagged ? ", which flags Maintenance-scope-for-DSB-ST-is-deprecated" : ""));
    }

    std::vector<std::string>& warnings_;
    bool stored_ = false;
    std::optional<Met> widest_;  ///< of the DSBs since the last store
    std::set<model::SourcePlace> told_;
};

}  // namespace

std::vector<std::string> narrow_barriers(const model::ScheduleProgram& program) {
    std::vector<std::string> warnings;
    for (const model::ScheduleThread& code : program.threads) {
        Thread thread(warnings);
        for (const model::Run& run : code.code) {
            // The second iteration meets what the first left.
            for (std::uint64_t i = 0; i < std::min<std::uint64_t>(run.count, 2); ++i) {
                for (const model::Instruction& instruction : run.body) thread.meet(instruction);
            }
        }
    }
    return warnings;
}

}  // namespace tlbcheck::checker
