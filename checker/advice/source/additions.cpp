// SPDX-License-Identifier: Apache-2.0
//
// For each place between statements and each step: what can be put in or made stronger.
#include "checker/advice/source/additions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "litmus/sched/builtins.hpp"
#include "model/arch/tlbi_forms.hpp"

namespace tlbcheck::checker {

namespace {

using litmus::sched::Expression;
using litmus::sched::ExpressionKind;
using litmus::sched::RegionItem;
using litmus::sched::Statement;
using litmus::sched::StatementKind;
using litmus::sched::SyntaxTree;

bool in_asid(const RegionItem& region) {
    return std::ranges::any_of(region.settings, [](const auto& setting) { return setting.key == "asid"; });
}

bool is_contiguous(const RegionItem& region) {
    return std::ranges::any_of(region.settings,
                               [](const auto& setting) { return setting.key == "contiguous"; });
}

/// A flush of `what` as the file would write it: by the kernel's helpers where it includes them.
std::string flush_text(const Draft& draft, const std::string& what, bool asid, bool all_levels,
                       const std::string& indent) {
    const SyntaxTree& tree = draft.tree();
    if (asid && tree.find_def("flush_tlb_range", 1) != nullptr)
        return fmt::format("flush_tlb_range({});\n{}isb();", what, indent);
    if (!asid && !all_levels && tree.find_def("flush_tlb_kernel_range", 1) != nullptr)
        return fmt::format("flush_tlb_kernel_range({});", what);
    const char* op = asid ? "vae1is" : all_levels ? "vaae1is" : "vaale1is";
    return fmt::format(
        "dsb(ishst);\n{0}if (machine.tlb_range) tlbi_range({1}, {2}); else tlbi_pages({1}, {2});\n"
        "{0}dsb(ish);\n{0}isb();",
        indent, op, what);
}

std::string indent_of(const Draft& draft, const DraftStatement& s) {
    const std::string_view text = draft.text_of(s.part);
    std::size_t start = s.begin;
    while (start > 0 && text[start - 1] != '\n') --start;
    const std::size_t end = text.find_first_not_of(" \t", start);
    return std::string(text.substr(start, std::min(end, s.begin) - start));
}

class Additions {
  public:
    Additions(const Draft& draft, const std::vector<SourceStep>& steps) : draft_(draft), steps_(steps) {}

    std::vector<Addition> run() {
        for (const SourceStep& step : steps_) {
            if (step.kind == SourceStepKind::tlbi) widen(step);
            if (step.kind == SourceStepKind::dsb || step.kind == SourceStepKind::dmb) strengthen(step);
        }
        for (std::size_t k = 0; k < draft_.statements().size(); ++k) {
            whole_flush(k);
            gaps(k);
        }
        return std::move(found_);
    }

  private:
    const DraftStatement& at(std::size_t k) const { return draft_.statements()[k]; }

    std::string where(const DraftStatement& s) const { return draft_.called_line(s); }

    void add(std::string what, std::vector<PartEdit> edits, int changes, int weight, std::size_t group) {
        found_.push_back({std::move(what), std::move(edits), changes, weight, group});
    }
    std::size_t fresh_group() { return next_group_++; }

    bool in_loop(std::size_t k) const {
        for (auto up = std::optional<std::size_t>(k); up; up = at(*up).parent)
            if (at(*up).statement->kind == StatementKind::loop) return true;
        return false;
    }

    void strengthen(const SourceStep& step) {
        const DraftStatement& s = at(step.statement);
        const Expression& option = *s.statement->expression->arguments.front().value;
        if (option.kind != ExpressionKind::name) return;
        const std::size_t group = fresh_group();
        const auto to = [&](const char* text, int weight) {
            add(fmt::format("{} in place of {} ({})", text, draft_.shown(s), where(s)),
                {draft_.replacement(s, fmt::format("{};", text))}, 1, weight, group);
        };
        const std::string held = draft_.resolved(s, option.text);
        const auto barrier = model::parse_barrier(model::BarrierKind::dsb, held);
        if (step.kind == SourceStepKind::dmb && held != "ish") to("dsb(ishst)", 2);
        if (step.kind == SourceStepKind::dsb && barrier && barrier->domain == model::BarrierDomain::nsh &&
            barrier->access == model::BarrierAccess::st)
            to("dsb(ishst)", 2);
        const bool full = barrier && step.kind == SourceStepKind::dsb && !barrier->nxs &&
                          barrier->domain >= model::BarrierDomain::ish &&
                          barrier->access == model::BarrierAccess::full;
        if (!full) to("dsb(ish)", 3);
    }

    void widen(const SourceStep& step) {
        const DraftStatement& s = at(step.statement);
        const std::string word = operation_of(draft_, step);
        const auto op = model::parse_tlbi(word);
        if (!op) return;
        model::TlbiOp wide = *op;
        const auto widened_op = [&] {
            std::string name = model::to_string(wide);
            std::ranges::transform(name, name.begin(),
                                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
            return name;
        };
        // Each dimension is a word's part, so that several cannot be edits of one text: the sets of them.
        const std::size_t group = fresh_group();
        struct Form {
            model::TlbiOp op;
            int changes;
        };
        std::vector<Form> forms;
        for (const bool broadcast : {false, true}) {
            for (const bool levels : {false, true}) {
                for (const bool asids : {false, true}) {
                    for (const bool xs : {false, true}) {
                        wide = *op;
                        if (broadcast && wide.domain == model::TlbiDomain::local)
                            wide.domain = model::TlbiDomain::inner;
                        if (levels) wide.base = all_levels_form(wide.base);
                        if (asids) wide.base = any_asid_form(wide.base);
                        if (xs) wide.nxs = false;
                        const bool known =
                            std::ranges::any_of(forms, [&](const Form& form) { return form.op == wide; });
                        if (!known && wide != *op)
                            forms.push_back({wide, int{broadcast} + int{levels} + int{asids} + int{xs}});
                    }
                }
            }
        }
        for (const Form& form : forms) {
            wide = form.op;
            add(fmt::format("TLBI {} in place of {} ({})", model::to_string(wide), draft_.shown(s), where(s)),
                edits_for(draft_, step, TlbiForm{widened_op(), {}}), form.changes, s.part == 0 ? 2 : 5,
                group);
        }
        operand(step, s, *op);
    }

    /// Without the TTL hint; with the addresses of the loop's item or of a region.
    void operand(const SourceStep& step, const DraftStatement& s, const model::TlbiOp& op) {
        const std::size_t group = fresh_group();
        const Expression& call = *s.statement->expression;
        const std::string word(draft_.text_of(s.part).substr(
            draft_.offset(s, call.arguments.front().value->spot), call.arguments.front().value->text.size()));
        std::string hintless = fmt::format("{}(", call.text);
        bool hint = false, raw = false;
        const std::string_view text = draft_.text_of(s.part);
        for (std::size_t k = 0; k < call.arguments.size(); ++k) {
            const std::size_t begin = draft_.offset(s, call.arguments[k].spot);
            const std::size_t end = k + 1 < call.arguments.size()
                                        ? draft_.offset(s, call.arguments[k + 1].spot)
                                        : draft_.call_end(s, s.statement->spot) - 1;
            std::string part(text.substr(begin, end - begin));
            while (!part.empty() &&
                   (part.back() == ' ' || (part.back() == ',' && k + 1 < call.arguments.size())))
                part.pop_back();
            raw = raw || call.arguments[k].name == "raw";
            if (call.arguments[k].name == "ttl") {
                hint = true;
                continue;
            }
            hintless += (k == 0 ? "" : ", ") + part;
        }
        if (hint)
            add(fmt::format("no TTL hint in {} ({})", draft_.shown(s), where(s)),
                {draft_.replacement(s, hintless + ");")}, 1, 2, group);
        if (s.part != 0 || !takes_operand(op.base)) return;
        if (raw) name_item(s, word, group);
        for (const RegionItem& region : draft_.tree().regions) {
            const char* form = is_range(op.base) || call.text == "tlbi_range" ? "tlbi_range" : "tlbi_pages";
            add(fmt::format("all addresses of {} in {} ({})", region.name, draft_.shown(s), where(s)),
                {draft_.replacement(s, fmt::format("{}({}, {});", form, word, region.name))}, 1,
                in_loop(step.statement) ? 8 : 4, group);
        }
    }

    void name_item(const DraftStatement& s, const std::string& word, std::size_t group) {
        for (auto up = s.parent; up; up = at(*up).parent) {
            if (at(*up).statement->kind != StatementKind::loop) continue;
            const std::string& item = at(*up).statement->name;
            add(fmt::format("the address of {} in {} ({})", item, draft_.shown(s), where(s)),
                {draft_.replacement(s, fmt::format("tlbi({}, {});", word, item))}, 1, 2, group);
            return;
        }
    }

    /// A helper's flush of some addresses becomes one of a region.
    void whole_flush(std::size_t k) {
        const DraftStatement& s = at(k);
        if (s.part != 0 || s.statement->kind != StatementKind::call) return;
        const Purpose purpose = purpose_of(*s.statement, draft_.tree());
        const bool helper = litmus::sched::find_builtin(s.statement->expression->text) == nullptr;
        if (!helper || !purpose.tlbi || !purpose.only_maintains()) return;
        const std::size_t group = fresh_group();
        for (const RegionItem& region : draft_.tree().regions) {
            const std::string text =
                flush_text(draft_, region.name, in_asid(region), false, indent_of(draft_, s));
            if (text == draft_.shown(s) + ";") continue;
            add(fmt::format("flush all of {} in place of {} ({})", region.name, draft_.shown(s), where(s)),
                {draft_.replacement(s, s.in_block ? text : fmt::format("{{ {} }}", text))}, 1,
                in_loop(k) ? 9 : 3, group);
        }
    }

    void gaps(std::size_t k) {
        const DraftStatement& s = at(k);
        if (s.part != 0 || !s.in_block || s.statement->kind == StatementKind::let) return;
        const bool last = k + 1 == draft_.statements().size() || !later_sibling(k);
        if (at(k).statement->kind != StatementKind::block) insertions(k, false);
        if (last) insertions(k, true);
    }

    bool later_sibling(std::size_t k) const {
        for (std::size_t other = k + 1; other < draft_.statements().size(); ++other)
            if (at(other).parent == at(k).parent && at(other).part == at(k).part) return true;
        return false;
    }

    void insertions(std::size_t k, bool behind) {
        const DraftStatement& s = at(k);
        const std::string place = fmt::format("{} {}", behind ? "behind" : "before", draft_.line(s));
        const int loop = in_loop(k) ? 10 : 0;
        const auto put = [&](const std::string& name, const std::string& text, int changes, int weight) {
            add(fmt::format("{} {}", name, place),
                {behind ? draft_.line_behind(s, text) : draft_.line_before(s, text)}, changes, weight + loop,
                fresh_group());
        };
        put("dsb(ishst)", "dsb(ishst);", 1, 2);
        put("dsb(ish)", "dsb(ish);", 1, 3);
        if (store_before(k, behind)) {
            const std::string indent = indent_of(draft_, s);
            for (const RegionItem& region : draft_.tree().regions) {
                const bool asid = in_asid(region);
                put("a flush of " + region.name, flush_text(draft_, region.name, asid, false, indent), 2, 5);
                if (!asid)
                    put("a flush of all levels of " + region.name,
                        flush_text(draft_, region.name, asid, true, indent), 2, 6);
            }
        }
        put("isb()", "isb();", 1, 1);
    }

    /// Some statement of the thread before the gap stores to a descriptor: else a flush has nothing to do.
    bool store_before(std::size_t k, bool behind) const {
        for (std::size_t other = 0; other < k + (behind ? 1 : 0); ++other) {
            const DraftStatement& s = at(other);
            if (s.part == 0 && s.thread == at(k).thread && s.statement->kind == StatementKind::call &&
                purpose_of(*s.statement, draft_.tree()).store)
                return true;
        }
        return false;
    }

    const Draft& draft_;
    const std::vector<SourceStep>& steps_;
    std::vector<Addition> found_;
    std::size_t next_group_ = 0;
};

}  // namespace

std::vector<Addition> additions_of(const Draft& draft, const std::vector<SourceStep>& steps) {
    return Additions(draft, steps).run();
}

std::vector<Move> breaks_before_stores(const Draft& draft) {
    std::vector<Move> moves;
    for (const DraftStatement& s : draft.statements()) {
        if (s.part != 0 || s.statement->kind != StatementKind::call) continue;
        const Expression& call = *s.statement->expression;
        if (call.text != "set" || call.arguments.empty()) continue;
        const std::string_view text = draft.text_of(0);
        const std::size_t begin = draft.offset(s, call.arguments.front().spot);
        const std::size_t end = call.arguments.size() > 1
                                    ? text.rfind(',', draft.offset(s, call.arguments[1].spot))
                                    : draft.call_end(s, s.statement->spot) - 1;
        const std::string what(text.substr(begin, end - begin));
        const std::string line = draft.line(s);
        const std::string indent = indent_of(draft, s);
        const auto before = [&](const std::string& sentence, const std::string& lines) {
            PartEdit edit =
                s.in_block ? draft.line_before(s, lines)
                           : draft.replacement(
                                 s, fmt::format("{{ {} {} }}", lines, text.substr(s.begin, s.end - s.begin)));
            moves.push_back({sentence, {std::move(edit)}, {}});
        };
        for (const RegionItem& region : draft.tree().regions) {
            const bool asid = in_asid(region);
            for (const bool all_levels : {false, true}) {
                if (asid && all_levels) continue;
                const std::string flush = flush_text(draft, region.name, asid, all_levels, indent);
                before(fmt::format("break before make: clear {} and flush before {}{}", what, line,
                                   all_levels ? ", table entries too" : ""),
                       fmt::format("clear({});\n{}{}", what, indent, flush));
                if (!is_contiguous(region)) continue;
                before(fmt::format("take the Contiguous bit from {} before {}, by break before make",
                                   region.name, line),
                       fmt::format("clear({0});\n{1}{2}\n{1}set({0}, contiguous = false);", region.name,
                                   indent, flush));
            }
        }
    }
    return moves;
}

}  // namespace tlbcheck::checker
