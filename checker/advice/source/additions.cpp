// SPDX-License-Identifier: Apache-2.0
//
// For each place between statements and each step: what can be put in or made stronger.
#include "checker/advice/source/additions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/advice/source/flush_text.hpp"
#include "litmus/sched/builtins.hpp"
#include "model/arch/tlbi_forms.hpp"

namespace tlbcheck::checker {

namespace {

using litmus::sched::Expression;
using litmus::sched::ExpressionKind;
using litmus::sched::RegionItem;
using litmus::sched::StatementKind;

/// The operand of the operation is an address as the region has them.
bool names(const model::TlbiOp& op, FlushForm form) {
    return model::is_stage2_only(op.base) == (form == FlushForm::stage2);
}

class Additions {
  public:
    Additions(const Draft& draft, const std::vector<SourceStep>& steps, NewSteps new_steps)
        : draft_(draft), steps_(steps), new_steps_(new_steps) {}

    std::vector<Addition> run() {
        for (const SourceStep& step : steps_) {
            if (new_steps_ == NewSteps::as_they_are && draft_.is_new(at(root(step.statement)))) continue;
            const std::size_t first = found_.size();
            if (step.kind == SourceStepKind::tlbi) widen(step);
            if (step.kind == SourceStepKind::dsb || step.kind == SourceStepKind::dmb) strengthen(step);
            if (at(step.statement).part == 0) continue;
            for (std::size_t k = first; k < found_.size(); ++k) found_[k].inside = root(step.statement);
        }
        const bool updates = draft_.asks("no_lost_update");
        for (std::size_t k = 0; k < draft_.statements().size(); ++k) {
            if (updates) in_one_go(k);
            whole_flush(k);
            gaps(k);
        }
        return std::move(found_);
    }

  private:
    const DraftStatement& at(std::size_t k) const { return draft_.statements()[k]; }

    std::string where(const DraftStatement& s) const { return draft_.called_line(s); }

    std::size_t add(std::string what, std::vector<PartEdit> edits, int changes, int weight,
                    std::size_t group) {
        found_.push_back({std::move(what), std::move(edits), changes, weight, group});
        return found_.size() - 1;
    }
    /// In the same, where several regions are there to be flushed. However it is written: it is of one kin.
    void changes_addresses(const DraftStatement& s, const std::string& named) {
        found_.back().only_adds = draft_.tree().regions.size() == 1;
        found_.back().kin = {fmt::format("addresses of {} in {}", named, draft_.shown(s)), where(s)};
    }
    /// The statement of the file itself that leads there.
    std::size_t root(std::size_t k) const {
        while (at(k).part != 0 && at(k).parent) k = *at(k).parent;
        return k;
    }
    void covers(std::size_t strong, std::size_t weak) {
        found_[strong].covers.push_back(weak);
        found_[strong].exceeds.push_back(weak);
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
        std::optional<std::size_t> weaker;
        const auto to = [&](const char* text, int weight) {
            const std::size_t k = add(fmt::format("{} in place of {} ({})", text, draft_.shown(s), where(s)),
                                      {draft_.replacement(s, fmt::format("{};", text))}, 1, weight, group);
            if (weaker) covers(k, *weaker);
            weaker = k;
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
        // Each dimension is a word's part, so that several cannot be edits of one text: the sets of them.
        const std::size_t group = fresh_group();
        struct Form {
            model::TlbiOp op;
            int changes;
            unsigned parts;
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
                            forms.push_back({wide, int{broadcast} + int{levels} + int{asids} + int{xs},
                                             (broadcast ? 1U : 0U) | (levels ? 2U : 0U) | (asids ? 4U : 0U) |
                                                 (xs ? 8U : 0U)});
                    }
                }
            }
        }
        const std::size_t first = found_.size();
        for (std::size_t k = 0; k < forms.size(); ++k) {
            const Form& form = forms[k];
            wide = form.op;
            add(fmt::format("TLBI {} in place of {} ({})", model::to_string(wide), draft_.shown(s), where(s)),
                edits_for(draft_, step, TlbiForm{word_of(wide), {}}), form.changes, s.part == 0 ? 2 : 5,
                group);
            for (std::size_t other = 0; other < k; ++other)
                if ((forms[other].parts & ~form.parts) == 0) covers(first + k, first + other);
        }
        operand(step, s, *op);
    }

    /// Without the TTL hint; with the addresses of the loop's item or of a region.
    void operand(const SourceStep& step, const DraftStatement& s, const model::TlbiOp& op) {
        const auto& arguments = s.statement->expression->arguments;
        for (std::size_t k = 1; k < arguments.size(); ++k)
            if (arguments[k].name == "ttl")
                add(fmt::format("no TTL hint in {} ({})", draft_.shown(s), where(s)),
                    {without_argument(s, k)}, 1, 2, fresh_group());
        if (s.part != 0 || !takes_operand(op.base)) return;
        const std::size_t group = fresh_group();
        if (std::ranges::any_of(arguments, [](const auto& argument) { return argument.name == "raw"; }))
            name_item(s, group);
        for (const RegionItem& region : draft_.tree().regions)
            if (names(op, flush_form(draft_.tree(), region))) name_region(step, s, op, region.name, group);
    }

    void name_region(const SourceStep& step, const DraftStatement& s, const model::TlbiOp& op,
                     const std::string& region, std::size_t group) {
        const Expression& call = *s.statement->expression;
        const auto item = loop_item(draft_, step.statement, region);
        // In a loop that runs over something else page by page would be the square.
        const bool only_ranges = in_loop(step.statement) && !item;
        const std::string& named = item ? *item : region;
        const bool range = is_range(op.base) || call.text == "tlbi_range";
        std::vector<PartEdit> edits = other_operand(s, range ? "tlbi_range" : "tlbi_pages", named);
        if (draft_.text(edits) == draft_.text({})) return;
        const auto word = draft_.text_of(0).substr(draft_.offset(s, call.arguments.front().value->spot),
                                                   call.arguments.front().value->text.size());
        const std::string ranges = by_range(word, named);
        const std::vector<PartEdit> by_ranges{
            draft_.replacement(s, s.in_block ? ranges : fmt::format("{{ {} }}", ranges))};
        const std::string what =
            fmt::format("all addresses of {} in {} ({})", named, draft_.shown(s), where(s));
        add(what, only_ranges ? by_ranges : std::move(edits), 1, only_ranges ? 8 : 4, group);
        changes_addresses(s, named);
        // Page by page as it is, or for one address, which is more than one instruction then.
        if (only_ranges || call.text != "tlbi" || range) return;
        add(what + ", by range operations", by_ranges, 1, 5, group);
        changes_addresses(s, named);
    }

    PartEdit without_argument(const DraftStatement& s, std::size_t k) const {
        const auto& arguments = s.statement->expression->arguments;
        const std::string_view text = draft_.text_of(s.part);
        const std::size_t begin = text.rfind(',', draft_.offset(s, arguments[k].spot));
        const std::size_t end = k + 1 < arguments.size()
                                    ? text.rfind(',', draft_.offset(s, arguments[k + 1].spot))
                                    : draft_.call_end(s, s.statement->spot) - 1;
        return {s.part, {begin, end - begin, ""}};
    }

    /// The operation as it is, all that follows it replaced.
    std::vector<PartEdit> other_operand(const DraftStatement& s, const std::string& form,
                                        const std::string& what) const {
        const Expression& call = *s.statement->expression;
        const std::size_t begin = draft_.offset(s, call.arguments[1].spot);
        const std::size_t end = draft_.call_end(s, s.statement->spot) - 1;
        return {{s.part, {s.begin, call.text.size(), form}}, {s.part, {begin, end - begin, what}}};
    }

    void name_item(const DraftStatement& s, std::size_t group) {
        for (auto up = s.parent; up; up = at(*up).parent) {
            if (at(*up).statement->kind != StatementKind::loop) continue;
            const std::string& item = at(*up).statement->name;
            add(fmt::format("the address of {} in {} ({})", item, draft_.shown(s), where(s)),
                other_operand(s, "tlbi", item), 1, 2, group);
            changes_addresses(s, item);
            return;
        }
    }

    /// A store becomes a read-modify-write, so that no update of hardware's comes before it unseen.
    void in_one_go(std::size_t k) {
        const DraftStatement& s = at(k);
        if (s.statement->kind != StatementKind::call) return;
        const std::string& name = s.statement->expression->text;
        const char* const atomic = name == "clear" ? "fetch_and_clear" : name == "set" ? "cmpxchg" : nullptr;
        if (atomic == nullptr) return;
        add(fmt::format("{} in place of {} ({})", atomic, draft_.shown(s), where(s)),
            {{s.part, {s.begin, name.size(), atomic}}}, 1, 1, fresh_group());
    }

    /// A helper's flush of some addresses becomes one of a region.
    void whole_flush(std::size_t k) {
        const DraftStatement& s = at(k);
        if (s.part != 0 || s.statement->kind != StatementKind::call) return;
        const Purpose purpose = purpose_of(*s.statement, draft_.tree());
        const bool helper = litmus::sched::find_builtin(s.statement->expression->text) == nullptr;
        const bool as_it_is = new_steps_ == NewSteps::as_they_are && draft_.is_new(s);
        if (!helper || !purpose.tlbi || !purpose.only_maintains() || as_it_is) return;
        const std::size_t group = fresh_group();
        for (const RegionItem& region : draft_.tree().regions) {
            const std::string what = loop_item(draft_, k, region.name).value_or(region.name);
            const std::string text =
                flush_text(draft_, flush_form(draft_.tree(), region), what, false, indent_of(draft_, s));
            if (text == draft_.shown(s) + ";") continue;
            add(fmt::format("flush all of {} in place of {} ({})", what, draft_.shown(s), where(s)),
                {draft_.replacement(s, s.in_block ? text : fmt::format("{{ {} }}", text))}, 1,
                in_loop(k) ? 9 : 3, group);
            found_.back().only_adds = false;
            found_.back().replaces = k;
        }
    }

    void gaps(std::size_t k) {
        const DraftStatement& s = at(k);
        if (s.part != 0 || !s.in_block || s.statement->kind == StatementKind::let) return;
        if (s.statement->kind != StatementKind::block && !begins_thread(k)) insertions(k, false);
        if (!sibling(k, true)) insertions(k, true);
    }

    /// Nothing of the thread comes before it that a barrier could order.
    bool begins_thread(std::size_t k) const {
        return !at(k).thread.empty() && at(k).parent && !at(*at(k).parent).parent && !sibling(k, false);
    }

    /// The next statement of the block, or the one before.
    std::optional<std::size_t> sibling(std::size_t k, bool later) const {
        std::optional<std::size_t> found;
        for (std::size_t other = 0; other < draft_.statements().size(); ++other) {
            if (at(other).parent != at(k).parent || at(other).part != at(k).part) continue;
            if (later && other > k) return other;
            if (!later && other < k) found = other;
        }
        return found;
    }

    /// What stands right before and behind the gap.
    std::vector<model::Barrier> neighbours(std::size_t k, bool behind) const {
        const std::optional<std::size_t> before = behind ? k : sibling(k, false);
        std::vector<model::Barrier> found;
        if (before)
            if (const auto barrier = last_barrier(draft_, *at(*before).statement)) found.push_back(*barrier);
        if (!behind)
            if (const auto barrier = first_barrier(draft_, *at(k).statement)) found.push_back(*barrier);
        return found;
    }

    void insertions(std::size_t k, bool behind) {
        const DraftStatement& s = at(k);
        const std::string place = fmt::format("{} {}", behind ? "behind" : "before", draft_.line(s));
        const std::vector<model::Barrier> beside = neighbours(k, behind);
        const int loop = in_loop(k) ? 10 : 0;
        const auto put = [&](const std::string& name, const std::string& text, int changes, int weight) {
            const std::size_t added =
                add(fmt::format("{} {}", name, place),
                    {behind ? draft_.line_behind(s, text) : draft_.line_before(s, text)}, changes,
                    weight + loop, fresh_group());
            found_.back().kin = {name, draft_.around(s)};
            return added;
        };
        const auto barrier = [&](const model::Barrier& wanted, const char* name,
                                 int weight) -> std::optional<std::size_t> {
            const auto useless = [&](const model::Barrier& b) { return redundant_beside(wanted, b); };
            if (std::ranges::any_of(beside, useless)) return std::nullopt;
            return put(name, fmt::format("{};", name), 1, weight);
        };
        constexpr auto kind = model::BarrierKind::dsb;
        constexpr auto domain = model::BarrierDomain::ish;
        const auto stores = barrier({kind, domain, model::BarrierAccess::st}, "dsb(ishst)", 2);
        const auto all = barrier({kind, domain, model::BarrierAccess::full}, "dsb(ish)", 3);
        if (stores && all) covers(*all, *stores);
        const std::size_t first_flush = found_.size();
        if (store_before(k, behind)) flushes(k, put);
        const std::size_t end = found_.size();
        for (std::size_t flush = first_flush; flush < end; ++flush)
            if (found_[flush].form == ChangeForm::other) found_[flush].form = ChangeForm::flush_put_in;
        const auto isb = barrier({}, "isb()", 1);
        for (std::size_t flush = first_flush; flush < end; ++flush) {
            // Each begins with DSB ISHST and ends with DSB ISH and ISB.
            if (stores) covers(flush, *stores);
            if (all) found_[flush].exceeds.push_back(*all);
            if (isb) covers(flush, *isb);
        }
    }

    void flushes(std::size_t k, const auto& put) {
        const std::string indent = indent_of(draft_, at(k));
        std::vector<std::size_t> of_el1;
        for (const RegionItem& region : draft_.tree().regions) {
            const FlushForm form = flush_form(draft_.tree(), region);
            // All of the region in each iteration would be the square.
            const std::string what = loop_item(draft_, k, region.name).value_or(region.name);
            std::vector<std::size_t> flushes{
                put("a flush of " + what, flush_text(draft_, form, what, false, indent), 2, 5)};
            if (has_levels(form)) {
                flushes.push_back(put("a flush of all levels of " + what,
                                      flush_text(draft_, form, what, true, indent), 2, 6));
                covers(flushes[1], flushes[0]);
            }
            if (form != FlushForm::el2) of_el1.insert(of_el1.end(), flushes.begin(), flushes.end());
        }
        const auto everything = flush_everything(draft_, indent);
        if (!everything) return;
        const std::size_t all = put("a flush of everything", *everything, 2, 9);
        found_[all].form = ChangeForm::everything_put_in;
        for (const std::size_t flush : of_el1) covers(all, flush);
    }

    /// Some statement of the thread before the gap stores to a descriptor or goes to other tables: else a
    /// flush has nothing to do.
    bool store_before(std::size_t k, bool behind) const {
        for (std::size_t other = 0; other < k + (behind ? 1 : 0); ++other) {
            const DraftStatement& s = at(other);
            if (s.part != 0 || s.thread != at(k).thread || s.statement->kind != StatementKind::call) continue;
            if (s.statement->expression->text == "switch" || purpose_of(*s.statement, draft_.tree()).store)
                return true;
        }
        return false;
    }

    const Draft& draft_;
    const std::vector<SourceStep>& steps_;
    NewSteps new_steps_;
    std::vector<Addition> found_;
    std::size_t next_group_ = 0;
};

bool overlap(const PartEdit& a, const PartEdit& b) {
    return a.part == b.part && a.edit.offset < b.edit.offset + b.edit.length &&
           b.edit.offset < a.edit.offset + a.edit.length;
}

}  // namespace

bool exclude_each_other(const Addition& a, const Addition& b) {
    if (a.group == b.group || (a.replaces && a.replaces == b.inside) ||
        (b.replaces && b.replaces == a.inside))
        return true;
    return std::ranges::any_of(a.edits, [&](const PartEdit& one) {
        return std::ranges::any_of(b.edits, [&](const PartEdit& other) { return overlap(one, other); });
    });
}

std::vector<Addition> additions_of(const Draft& draft, const std::vector<SourceStep>& steps,
                                   NewSteps new_steps) {
    return Additions(draft, steps, new_steps).run();
}

}  // namespace tlbcheck::checker
