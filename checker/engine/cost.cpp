// SPDX-License-Identifier: Apache-2.0
//
// What a schedule costs: instructions by kind, and how their numbers grow with the range, measured by
// expanding the schedule for regions of twice and four times the size.
#include <fmt/format.h>

#include "checker/engine/cost.hpp"
#include "model/limits/budget.hpp"

namespace tlbcheck::checker {

namespace {

void count(ScheduleCost& cost, const model::Operation& operation, std::uint64_t times) {
    cost.instructions.count += times;
    if (std::holds_alternative<model::StoreDescriptor>(operation)) cost.descriptor_stores.count += times;
    if (const auto* tlbi = std::get_if<model::TlbiInstruction>(&operation)) {
        cost.tlbis.count += times;
        if (tlbi->op.domain != model::TlbiDomain::local) cost.broadcasts.count += times;
    }
    if (const auto* barrier = std::get_if<model::Barrier>(&operation)) {
        if (barrier->kind == model::BarrierKind::dsb) cost.dsbs.count += times;
        if (barrier->kind == model::BarrierKind::isb) cost.isbs.count += times;
    }
}

std::uint64_t leaves_of(const model::ScheduleProgram& program) {
    const model::Geometry geometry(program.hardware);
    std::uint64_t leaves = 0;
    for (const model::Region& region : program.regions)
        leaves += region.size / geometry.entry_bytes(region.level);
    return leaves;
}

/// Growth in words from counts at 1, 2 and 4 times the size.
std::string growth(std::uint64_t one, std::uint64_t two, std::uint64_t four, std::uint64_t leaves) {
    if (one == two && two == four) return "constant";
    if (two > one && four - two == 2 * (two - one)) {
        const std::uint64_t slope = two - one;
        if (leaves != 0 && slope % leaves == 0) return fmt::format("{} per leaf", slope / leaves);
        return slope == 0 ? "constant" : fmt::format("{} for {} leaves more", slope, leaves);
    }
    return fmt::format("{} at twice, {} at four times the size", two, four);
}

}  // namespace

ScheduleCost cost_of(const model::ScheduleProgram& program) {
    ScheduleCost cost;
    for (const auto& thread : program.threads) {
        for (const auto& run : thread.code) {
            for (const auto& instruction : run.body) count(cost, instruction.operation, run.count);
        }
    }
    return cost;
}

ScheduleCost cost_with_growth(const litmus::sched::ScheduleFile& parsed,
                              const model::ScheduleProgram& program,
                              const litmus::sched::ExpandOptions& options) {
    ScheduleCost cost = cost_of(program);
    litmus::sched::ExpandOptions larger = options;
    std::vector<ScheduleCost> costs;
    for (const std::uint64_t scale : {2, 4}) {
        larger.region_scale = scale;
        try {
            auto expanded = litmus::sched::expand(parsed, larger);
            if (expanded.ok()) costs.push_back(cost_of(expanded.value()));
        } catch (...) {
            model::limit_that_was_reached();
            return cost;  // no statement on growth
        }
    }
    if (costs.size() != 2) return cost;
    const std::uint64_t leaves = leaves_of(program);
    for (CostFigure ScheduleCost::*figure :
         {&ScheduleCost::tlbis, &ScheduleCost::broadcasts, &ScheduleCost::dsbs, &ScheduleCost::isbs,
          &ScheduleCost::descriptor_stores, &ScheduleCost::instructions}) {
        (cost.*figure).growth =
            growth((cost.*figure).count, (costs[0].*figure).count, (costs[1].*figure).count, leaves);
    }
    return cost;
}

ComparedSchedule cost_of_schedule(const ScheduleJob& job, const ScheduleOptions& options) {
    ComparedSchedule result;
    result.report = check_schedule(job, options);
    for (const QuestionReport& q : result.report.questions) {
        result.witnesses.push_back(q.verdict == Verdict::unsafe ? q.reason : "");
    }
    const model::BudgetScope scope(*job.budget);
    result.cost = cost_with_growth(job.parsed, job.program, options.expand);
    return result;
}

}  // namespace tlbcheck::checker
