// SPDX-License-Identifier: Apache-2.0
//
// Which statements execute a barrier or a TLBI, and what is one step weaker.
#include "checker/advice/source/steps.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "checker/advice/source/flush_text.hpp"
#include "model/arch/tlbi_forms.hpp"

namespace tlbcheck::checker {

namespace {

using litmus::sched::Expression;
using litmus::sched::ExpressionKind;
using model::TlbiBase;

std::optional<SourceStepKind> kind_of(const litmus::sched::Statement& statement) {
    if (statement.kind != litmus::sched::StatementKind::call) return std::nullopt;
    const std::string& name = statement.expression->text;
    if (name == "dsb") return SourceStepKind::dsb;
    if (name == "dmb") return SourceStepKind::dmb;
    if (name == "isb") return SourceStepKind::isb;
    if (name == "tlbi" || name == "tlbi_pages" || name == "tlbi_range") return SourceStepKind::tlbi;
    return std::nullopt;
}

const Expression& first_argument(const Draft& draft, const SourceStep& step) {
    return *draft.statements()[step.statement].statement->expression->arguments.front().value;
}

std::string statement_of(const TlbiForm& form) {
    const auto op = model::parse_tlbi(form.op);
    if (op && op->base == TlbiBase::aside1) return fmt::format("tlbi({}, {});", form.op, form.region);
    return fmt::format("if (machine.tlb_range) tlbi_range({0}, {1}); else tlbi_pages({0}, {1});", form.op,
                       form.region);
}

}  // namespace

namespace {

struct Met {
    bool in_asid = false, after_stores = false;
    std::uint64_t executed = 0, broadcasts = 0;
};
using MetAt = std::map<std::pair<std::uint32_t, std::uint32_t>, Met>;  ///< by line and column

bool is_store(const model::Operation& operation) {
    const auto* access = std::get_if<model::Access>(&operation);
    return std::holds_alternative<model::StoreDescriptor>(operation) ||
           std::holds_alternative<model::Free>(operation) ||
           (access != nullptr && model::is_store(access->kind));
}

void meet(MetAt& met, const model::Instruction& i, std::uint64_t count, bool in_asid, bool after_stores) {
    if (i.helper_place.file != 0 || i.kernel != model::no_kernel_stack) return;
    Met& here = met[{i.helper_place.line, i.helper_place.column}];
    here.in_asid = here.in_asid || in_asid;
    here.after_stores = here.after_stores || after_stores;
    here.executed += count;
    const auto* tlbi = std::get_if<model::TlbiInstruction>(&i.operation);
    if (tlbi != nullptr && tlbi->op.domain != model::TlbiDomain::local) here.broadcasts += count;
}

void meet(MetAt& met, const model::ScheduleProgram& program, bool count) {
    const bool in_asid =
        std::ranges::any_of(program.regions, [](const model::Region& region) { return !region.global; });
    for (const model::ScheduleThread& thread : program.threads) {
        bool stores = false;
        for (const model::Run& run : thread.code) {
            // Twice, so that what an iteration leaves is seen by the next.
            for (int round = 0; round < (run.count > 1 ? 2 : 1); ++round) {
                for (const model::Instruction& i : run.body) {
                    meet(met, i, count && round == 0 ? run.count : 0, in_asid, stores);
                    const auto* barrier = std::get_if<model::Barrier>(&i.operation);
                    if (barrier != nullptr && barrier->kind == model::BarrierKind::dsb) stores = false;
                    stores = stores || is_store(i.operation);
                }
            }
        }
    }
}

}  // namespace

std::vector<SourceStep> steps_of(const Draft& draft, const Draft::Laid& laid,
                                 const std::vector<std::shared_ptr<const model::ScheduleProgram>>& programs) {
    MetAt met;
    for (const auto& program : programs) meet(met, *program, program == programs.front());
    std::vector<SourceStep> steps;
    for (std::size_t k = 0; k < draft.statements().size(); ++k) {
        const auto kind = kind_of(*draft.statements()[k].statement);
        if (!kind) continue;
        const auto found = met.find({laid.places[k].line, laid.places[k].column});
        if (found == met.end()) continue;
        const Met& here = found->second;
        steps.push_back({k, *kind, here.executed, here.broadcasts, here.in_asid, here.after_stores});
    }
    return steps;
}

std::vector<Weakening> weaker_barriers(const Draft& draft, const SourceStep& step) {
    if (step.kind != SourceStepKind::dsb && step.kind != SourceStepKind::dmb) return {};
    const DraftStatement& statement = draft.statements()[step.statement];
    const Expression& option = first_argument(draft, step);
    if (option.kind != ExpressionKind::name) return {};
    const bool dsb = step.kind == SourceStepKind::dsb;
    const auto held = model::parse_barrier(dsb ? model::BarrierKind::dsb : model::BarrierKind::dmb,
                                           draft.resolved(statement, option.text));
    if (!held) return {};
    static constexpr std::array<std::string_view, 8> options = {"nshst", "nsh", "ishst", "ish",
                                                                "oshst", "osh", "st",    "sy"};
    std::vector<Weakening> result;
    const auto add = [&](std::string_view name, std::string_view word) {
        const auto kind = name == "dsb" ? model::BarrierKind::dsb : model::BarrierKind::dmb;
        const auto weaker = model::parse_barrier(kind, word);
        const bool narrower =
            weaker->domain < held->domain && held->kind == model::BarrierKind::dsb && !step.after_stores;
        const bool fewer = weaker->access != held->access && held->access == model::BarrierAccess::full;
        const bool within =
            (weaker->domain == held->domain || narrower) && (weaker->access == held->access || fewer);
        if (!within || (kind == held->kind && !narrower && !fewer) || held->nxs) return;
        // A DMB takes the place of a DSB of the same domain only.
        if (kind != held->kind && weaker->domain != held->domain) return;
        result.push_back(
            {model::to_string(*weaker), {draft.replacement(statement, fmt::format("{}({});", name, word))}});
    };
    if (dsb)
        for (const std::string_view word : options) add("dmb", word);
    for (const std::string_view word : options) add(dsb ? "dsb" : "dmb", word);
    return result;
}

std::string operation_of(const Draft& draft, const SourceStep& step) {
    const Expression& op = first_argument(draft, step);
    if (op.kind != ExpressionKind::name) return {};
    const auto parsed = model::parse_tlbi(draft.resolved(draft.statements()[step.statement], op.text));
    return parsed ? word_of(*parsed) : "";
}

std::vector<TlbiForm> weaker_forms(const TlbiForm& form, const std::vector<std::string>& regions,
                                   bool in_asid) {
    const auto op = model::parse_tlbi(form.op);
    if (!op) return {};
    std::vector<TlbiForm> result;
    const auto add = [&](model::TlbiOp weaker, const std::string& region) {
        if (weaker == *op && region == form.region) return;
        result.push_back({word_of(weaker), region});
    };
    model::TlbiOp weaker = *op;
    if (op->domain == model::TlbiDomain::outer) weaker.domain = model::TlbiDomain::inner;
    if (op->domain == model::TlbiDomain::inner) weaker.domain = model::TlbiDomain::local;
    add(weaker, form.region);
    weaker = *op;
    weaker.base = last_level_form(op->base);
    add(weaker, form.region);
    weaker = *op;
    weaker.base = one_asid_form(op->base);
    if (in_asid) add(weaker, form.region);
    if (op->base == TlbiBase::vmalle1 || op->base == TlbiBase::aside1) {
        for (const std::string& region : regions) {
            weaker = *op;
            if (in_asid && op->base == TlbiBase::vmalle1) {
                weaker.base = TlbiBase::aside1;
                add(weaker, region);
            }
            weaker.base = op->base == TlbiBase::aside1 ? TlbiBase::vae1 : TlbiBase::vaae1;
            add(weaker, region);
        }
    }
    return result;
}

std::vector<PartEdit> edits_for(const Draft& draft, const SourceStep& step, const TlbiForm& form) {
    const DraftStatement& statement = draft.statements()[step.statement];
    if (!form.region.empty()) {
        const std::string text = statement_of(form);
        return {draft.replacement(statement, statement.in_block ? text : fmt::format("{{ {} }}", text))};
    }
    const Expression& op = first_argument(draft, step);
    return {{statement.part, {draft.offset(statement, op.spot), op.text.size(), form.op}}};
}

std::string to_string(const TlbiForm& form) {
    const auto op = model::parse_tlbi(form.op);
    const std::string name = op ? "TLBI " + model::to_string(*op) : form.op;
    return form.region.empty() ? name : fmt::format("{} of {} alone", name, form.region);
}

}  // namespace tlbcheck::checker
