// SPDX-License-Identifier: Apache-2.0
//
// For each store of a new value and each region: the statements that break before it makes.
#include "checker/advice/source/break_moves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checker/advice/source/flush_text.hpp"
#include "checker/advice/source/statement_text.hpp"

namespace tlbcheck::checker {

using litmus::sched::Expression;
using litmus::sched::RegionItem;
using litmus::sched::StatementKind;

namespace {

bool is_contiguous(const RegionItem& region) {
    return std::ranges::any_of(region.settings,
                               [](const auto& setting) { return setting.key == "contiguous"; });
}

/// It says that it is about another region.
bool about_another(const Draft& draft, std::string_view text, const std::string& region) {
    std::set<std::string> others;
    for (const RegionItem& item : draft.tree().regions)
        if (item.name != region) others.insert(item.name);
    return !mentions(text, {region}) && mentions(text, others);
}

class Breaks {
  public:
    explicit Breaks(const Draft& draft)
        : draft_(draft), clear_(draft.asks("no_lost_update") ? "fetch_and_clear" : "clear") {}

    std::vector<Move> run() {
        for (const DraftStatement& s : draft_.statements()) {
            if (s.part != 0 || s.statement->kind != StatementKind::call) continue;
            const Expression& call = *s.statement->expression;
            if (call.text != "set" || call.arguments.empty()) continue;
            for (const RegionItem& region : draft_.tree().regions) before(s, region);
        }
        return std::move(moves_);
    }

  private:
    /// What the statement stores to, as it is written there.
    std::string stored_to(const DraftStatement& s) const {
        const Expression& call = *s.statement->expression;
        const std::string_view text = draft_.text_of(0);
        const std::size_t begin = draft_.offset(s, call.arguments.front().spot);
        const std::size_t end = call.arguments.size() > 1
                                    ? text.rfind(',', draft_.offset(s, call.arguments[1].spot))
                                    : draft_.call_end(s, s.statement->spot) - 1;
        return std::string(text.substr(begin, end - begin));
    }

    void before(const DraftStatement& s, const RegionItem& region) {
        const FlushForm form = flush_form(draft_.tree(), region);
        const std::string what = stored_to(s), line = draft_.line(s), indent = indent_of(draft_, s);
        if (about_another(draft_, what, region.name)) return;
        std::string narrower, narrower_unfolding;
        for (const bool all_levels : {false, true}) {
            if (all_levels && !has_levels(form)) continue;
            const std::string flush = flush_text(draft_, form, region.name, all_levels, indent);
            const char* const levels = all_levels ? ", table entries too" : "";
            narrower =
                add(s, fmt::format("break before make: clear {} and flush before {}{}", what, line, levels),
                    fmt::format("{}({});\n{}{}", clear_, what, indent, flush), narrower);
            if (!is_contiguous(region)) continue;
            narrower_unfolding =
                add(s,
                    fmt::format("take the Contiguous bit from {} before {}, by break before make{}",
                                region.name, line, levels),
                    fmt::format("{0}({1});\n{2}{3}\n{2}set({1}, contiguous = false);", clear_, region.name,
                                indent, flush),
                    narrower_unfolding);
        }
    }

    static std::string deeper(const std::string& lines) {
        std::string result;
        for (const char c : lines) result += c == '\n' ? std::string("\n    ") : std::string(1, c);
        return result;
    }

    std::string add(const DraftStatement& s, std::string sentence, const std::string& lines,
                    const std::string& exceeds) {
        const std::string_view own = draft_.text_of(0).substr(s.begin, s.end - s.begin);
        const std::string indent = indent_of(draft_, s);
        PartEdit edit = s.in_block ? draft_.line_before(s, lines)
                                   : draft_.replacement(s, fmt::format("{{\n{0}    {1}\n{0}    {2}\n{0}}}",
                                                                       indent, deeper(lines), own));
        moves_.push_back({sentence, {std::move(edit)}, {}, true, exceeds});
        return sentence;
    }

    const Draft& draft_;
    const char* clear_;  ///< what hardware set in the meantime is to be kept
    std::vector<Move> moves_;
};

}  // namespace

std::vector<Move> breaks_before_stores(const Draft& draft) {
    return Breaks(draft).run();
}

std::vector<Move> flags_read_first(const Draft& draft) {
    std::set<std::string> regions;
    for (const auto& property : draft.tree().properties)
        if (property.name == "no_lost_update" && property.region) regions.insert(*property.region);
    std::vector<Move> moves;
    for (const DraftStatement& s : draft.statements()) {
        if (s.part != 0 || !s.in_block || s.statement->kind != StatementKind::call) continue;
        const std::string& name = s.statement->expression->text;
        if (name != "clear" && name != "free") continue;
        for (const std::string& region : regions) {
            const std::string shown = draft.shown(s);
            // Leaves are read as they are cleared, by an addition.
            const bool leaves = name == "clear" && mentions(shown, {region}) && !mentions(shown, {"table"});
            if (leaves || about_another(draft, shown, region)) continue;
            moves.push_back({fmt::format("fetch_and_clear({}) before {}", region, draft.line(s)),
                             {draft.line_before(s, fmt::format("fetch_and_clear({});", region))},
                             {}});
            moves.back().kin = {fmt::format("fetch_and_clear({})", region), draft.around(s)};
        }
    }
    return moves;
}

}  // namespace tlbcheck::checker
