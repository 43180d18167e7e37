// SPDX-License-Identifier: Apache-2.0
//
// Flushes by region, and the barriers that statements begin and end with.
#include "checker/advice/source/flush_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "checker/advice/source/statement_text.hpp"
#include "litmus/sched/builtins.hpp"

namespace tlbcheck::checker {

using litmus::sched::DefItem;
using litmus::sched::ExpressionKind;
using litmus::sched::RegionItem;
using litmus::sched::Setting;
using litmus::sched::Statement;
using litmus::sched::StatementKind;
using litmus::sched::SyntaxTree;

namespace {

const Setting* setting(const std::vector<Setting>& settings, std::string_view key) {
    const auto found = std::ranges::find(settings, key, &Setting::key);
    return found == settings.end() ? nullptr : &*found;
}

/// What the barrier at one end of a statement is.
std::optional<model::Barrier> end_barrier(const SyntaxTree& tree, const Statement& statement, bool first) {
    if (statement.kind == StatementKind::block && !statement.body.empty())
        return end_barrier(tree, first ? *statement.body.front() : *statement.body.back(), first);
    if (statement.kind == StatementKind::branch && statement.body.size() == 2) {
        const auto one = end_barrier(tree, *statement.body[0], first);
        return one == end_barrier(tree, *statement.body[1], first) ? one : std::nullopt;
    }
    if (statement.kind != StatementKind::call) return std::nullopt;
    const auto& call = *statement.expression;
    if (const DefItem* def = tree.find_def(call.text, call.arguments.size()))
        return end_barrier(tree, *def->body, first);
    const auto* builtin = litmus::sched::find_builtin(call.text);
    if (builtin == nullptr) return std::nullopt;
    if (builtin->builtin == litmus::sched::Builtin::isb) return model::Barrier{};
    const bool dsb = builtin->builtin == litmus::sched::Builtin::dsb;
    if (!dsb || call.arguments.empty() || call.arguments.front().value->kind != ExpressionKind::name)
        return std::nullopt;
    return model::parse_barrier(model::BarrierKind::dsb, call.arguments.front().value->text);
}

}  // namespace

FlushForm flush_form(const SyntaxTree& tree, const RegionItem& region) {
    if (setting(region.settings, "vm") != nullptr) return FlushForm::stage2;
    if (setting(region.settings, "asid") != nullptr) return FlushForm::by_asid;
    const Setting* space = setting(region.settings, "space");
    if (space == nullptr) return FlushForm::any_asid;
    for (const auto& item : tree.spaces) {
        if (item.name != space->value->text) continue;
        if (setting(item.settings, "vmid") != nullptr || item.vm) return FlushForm::stage2;
        if (setting(item.settings, "ttbr") != nullptr && setting(item.settings, "asid") == nullptr &&
            setting(item.settings, "regime") == nullptr)
            return FlushForm::any_asid;
        return setting(item.settings, "asid") != nullptr ? FlushForm::by_asid : FlushForm::el2;
    }
    return FlushForm::any_asid;
}

std::string word_of(const model::TlbiOp& op) {
    std::string name = model::to_string(op);
    std::ranges::transform(name, name.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name;
}

std::string by_range(std::string_view op, const std::string& what) {
    const auto parsed = model::parse_tlbi(op);
    std::string otherwise = fmt::format("tlbi_pages({}, {})", op, what);
    if (parsed && model::is_stage2_only(parsed->base))
        otherwise =
            fmt::format("tlbi({})", word_of({model::TlbiBase::vmalls12e1, parsed->domain, parsed->nxs}));
    return fmt::format("if (machine.tlb_range) tlbi_range({}, {}); else {};", op, what, otherwise);
}

std::string flush_text(const Draft& draft, FlushForm form, const std::string& what, bool all_levels,
                       const std::string& indent) {
    const SyntaxTree& tree = draft.tree();
    if (form == FlushForm::by_asid && tree.find_def("flush_tlb_range", 1) != nullptr)
        return fmt::format("flush_tlb_range({});\n{}isb();", what, indent);
    if (form == FlushForm::any_asid && !all_levels && tree.find_def("flush_tlb_kernel_range", 1) != nullptr)
        return fmt::format("flush_tlb_kernel_range({});", what);
    if (form == FlushForm::stage2)
        return fmt::format("dsb(ishst);\n{0}{1}\n{0}dsb(ish);\n{0}tlbi(vmalle1is);\n{0}dsb(ish);\n{0}isb();",
                           indent, by_range(all_levels ? "ipas2e1is" : "ipas2le1is", what));
    const char* op = "vae1is";
    if (form == FlushForm::any_asid) op = all_levels ? "vaae1is" : "vaale1is";
    if (form == FlushForm::el2) op = all_levels ? "vae2is" : "vale2is";
    return fmt::format("dsb(ishst);\n{0}{1}\n{0}dsb(ish);\n{0}isb();", indent, by_range(op, what));
}

std::optional<std::string> flush_everything(const Draft& draft, const std::string& indent) {
    const SyntaxTree& tree = draft.tree();
    const auto with_barriers = [&](const std::string& tlbi) {
        return fmt::format("dsb(ishst);\n{0}tlbi({1});\n{0}dsb(ish);\n{0}isb();", indent, tlbi);
    };
    const auto has = [&](FlushForm form) {
        return std::ranges::any_of(
            tree.regions, [&](const RegionItem& region) { return flush_form(tree, region) == form; });
    };
    // Whatever VMID the PE has then.
    if (has(FlushForm::stage2)) return with_barriers("alle1is");
    if (tree.regions.size() < 2 || has(FlushForm::el2)) return std::nullopt;
    const Setting* first = setting(tree.regions.front().settings, "asid");
    const bool one_asid = std::ranges::all_of(tree.regions, [&](const RegionItem& region) {
        const Setting* asid = setting(region.settings, "asid");
        return asid != nullptr && first != nullptr && asid->value->text == first->value->text;
    });
    const std::string& any = tree.regions.front().name;
    if (one_asid && tree.find_def("flush_tlb_mm", 1) != nullptr)
        return fmt::format("flush_tlb_mm({});\n{}isb();", any, indent);
    if (!one_asid && tree.find_def("flush_tlb_all", 0) != nullptr) return "flush_tlb_all();";
    return with_barriers(one_asid ? "aside1is, " + any : "vmalle1is");
}

std::optional<std::string> loop_item(const Draft& draft, std::size_t statement, const std::string& region) {
    const std::vector<DraftStatement>& all = draft.statements();
    std::set<std::string> names{region};
    for (std::size_t k = 0; k < statement; ++k) {
        const bool let = all[k].statement->kind == StatementKind::let && all[k].part == 0;
        if (let && all[k].thread == all[statement].thread && mentions(draft.shown(all[k]), names))
            names.insert(all[k].statement->name);
    }
    for (auto up = all[statement].parent; up; up = all[*up].parent) {
        const DraftStatement& s = all[*up];
        if (s.part != 0 || s.statement->kind != StatementKind::loop) continue;
        if (mentions(stretch_of(draft.shown(s)), names)) return s.statement->name;
    }
    return std::nullopt;
}

std::string indent_of(const Draft& draft, const DraftStatement& statement) {
    const std::string_view text = draft.text_of(statement.part);
    std::size_t start = statement.begin;
    while (start > 0 && text[start - 1] != '\n') --start;
    const std::size_t end = text.find_first_not_of(" \t", start);
    return std::string(text.substr(start, std::min(end, statement.begin) - start));
}

std::optional<model::Barrier> first_barrier(const Draft& draft, const Statement& statement) {
    return end_barrier(draft.tree(), statement, true);
}

std::optional<model::Barrier> last_barrier(const Draft& draft, const Statement& statement) {
    return end_barrier(draft.tree(), statement, false);
}

bool redundant_beside(const model::Barrier& barrier, const model::Barrier& beside) {
    if (barrier.kind != beside.kind || beside.nxs) return false;
    if (barrier.kind == model::BarrierKind::isb) return true;
    return beside.domain >= barrier.domain &&
           (beside.access == barrier.access || beside.access == model::BarrierAccess::full);
}

}  // namespace tlbcheck::checker
