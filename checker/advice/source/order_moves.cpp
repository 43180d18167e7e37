// SPDX-License-Identifier: Apache-2.0
//
// Statements taken out and put in elsewhere, each as one move.
#include "checker/advice/source/order_moves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "checker/advice/source/statement_text.hpp"
#include "litmus/sched/builtins.hpp"

namespace tlbcheck::checker {

namespace {

using litmus::sched::StatementKind;

/// The file's own statements as siblings of blocks.
class Blocks {
  public:
    explicit Blocks(const Draft& draft) : draft_(draft) {
        for (std::size_t k = 0; k < draft.statements().size(); ++k) {
            const DraftStatement& s = at(k);
            if (s.part == 0 && s.in_block && s.parent) siblings_[*s.parent].push_back(k);
        }
    }

    const DraftStatement& at(std::size_t k) const { return draft_.statements()[k]; }
    Purpose purpose(std::size_t k) const { return purpose_of(*at(k).statement, draft_.tree()); }
    std::string line(std::size_t k) const { return draft_.line(at(k)); }
    std::string source(std::size_t k) const {
        return std::string(draft_.text_of(0).substr(at(k).begin, at(k).end - at(k).begin));
    }
    const std::map<std::size_t, std::vector<std::size_t>>& all() const { return siblings_; }

    bool only_flushes(std::size_t k) const {
        if (at(k).statement->kind != StatementKind::call) return false;
        const Purpose p = purpose(k);
        // A helper of barriers alone has a meaning of its own: the return to user space.
        const bool builtin = litmus::sched::find_builtin(at(k).statement->expression->text) != nullptr;
        return (p.tlbi || (p.barrier && builtin)) && p.only_maintains();
    }

    /// Neighbours that only flush, one of them with a TLBI: positions in the block, the end not included.
    struct Flush {
        std::size_t first = 0, end = 0;
    };
    std::vector<Flush> flushes(const std::vector<std::size_t>& block) const {
        std::vector<Flush> result;
        for (std::size_t i = 0; i < block.size();) {
            std::size_t end = i;
            bool tlbi = false;
            for (; end < block.size() && only_flushes(block[end]); ++end)
                tlbi = tlbi || purpose(block[end]).tlbi;
            if (tlbi) result.push_back({i, end});
            i = std::max(end, i + 1);
        }
        return result;
    }

    /// "line 5", "lines 5 to 8".
    std::string lines(const std::vector<std::size_t>& block, const Flush& flush) const {
        return draft_.lines(at(block[flush.first]), at(block[flush.end - 1]));
    }

    std::vector<PartEdit> removal(const std::vector<std::size_t>& block, const Flush& flush) const {
        std::vector<PartEdit> edits;
        for (std::size_t i = flush.first; i < flush.end; ++i) edits.push_back(draft_.removal(at(block[i])));
        return edits;
    }
    std::string text(const std::vector<std::size_t>& block, const Flush& flush,
                     const std::string& indent) const {
        std::string all;
        for (std::size_t i = flush.first; i < flush.end; ++i)
            all += (all.empty() ? "" : "\n" + indent) + source(block[i]);
        return all;
    }
    std::vector<std::size_t> moved(const std::vector<std::size_t>& block, const Flush& flush) const {
        return {block.begin() + static_cast<std::ptrdiff_t>(flush.first),
                block.begin() + static_cast<std::ptrdiff_t>(flush.end)};
    }

    Move behind(const std::vector<std::size_t>& block, const Flush& flush, std::size_t there) const {
        Move move{fmt::format("flush ({}) only behind {}", lines(block, flush), line(there)),
                  removal(block, flush), moved(block, flush)};
        move.edits.push_back(draft_.line_behind(at(there), text(block, flush, draft_.indent(at(there)))));
        return move;
    }

  private:
    const Draft& draft_;
    std::map<std::size_t, std::vector<std::size_t>> siblings_;
};

/// A flag that the schedule does not have yet.
std::string free_flag(const Draft& draft, std::string name) {
    while (draft.text_of(0).find(name) != std::string_view::npos) name += '_';
    return name;
}

/// Statements that store to the region or free of it, by whatever names.
std::vector<std::size_t> changes_of(const Blocks& blocks, const Draft& draft, const std::string& region) {
    std::set<std::string> names{region};
    std::vector<std::size_t> result;
    for (std::size_t k = 0; k < draft.statements().size(); ++k) {
        const DraftStatement& s = blocks.at(k);
        if (s.part != 0) continue;
        const auto kind = s.statement->kind;
        std::string source = blocks.source(k);
        if (kind == StatementKind::loop) source = source.substr(0, source.find(')') + 1);
        const bool names_it = mentions(source, names);
        if ((kind == StatementKind::let || kind == StatementKind::loop) && names_it)
            names.insert(s.statement->name);
        const Purpose purpose = blocks.purpose(k);
        if (kind == StatementKind::call && names_it && (purpose.store || purpose.free)) result.push_back(k);
    }
    return result;
}

}  // namespace

std::vector<Move> later_flushes(const Draft& draft) {
    const Blocks blocks(draft);
    std::vector<Move> moves;
    for (const auto& [parent, block] : blocks.all()) {
        for (const Blocks::Flush& flush : blocks.flushes(block)) {
            if (flush.end == block.size()) continue;
            std::vector<std::size_t> stores;
            for (std::size_t i = flush.end; i < block.size(); ++i)
                if (blocks.purpose(block[i]).store) stores.push_back(block[i]);
            std::vector<std::size_t> targets{block.back()};
            if (!stores.empty()) targets.insert(targets.begin(), {stores.front(), stores.back()});
            targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
            for (const std::size_t there : targets) {
                moves.push_back(blocks.behind(block, flush, there));
                moves.back().kin = {fmt::format("flush ({}) later", blocks.lines(block, flush)),
                                    draft.around(blocks.at(there))};
            }
        }
    }
    return moves;
}

std::vector<Move> earlier_flushes(const Draft& draft) {
    const Blocks blocks(draft);
    std::vector<Move> moves;
    for (const auto& [parent, block] : blocks.all()) {
        for (const Blocks::Flush& flush : blocks.flushes(block)) {
            for (std::size_t i = 0; i < flush.first; ++i) {
                const Purpose purpose = blocks.purpose(block[i]);
                if ((!purpose.free && !purpose.signal) || purpose.store) continue;
                Move move{fmt::format("flush ({}) already before {}", blocks.lines(block, flush),
                                      blocks.line(block[i])),
                          blocks.removal(block, flush), blocks.moved(block, flush)};
                move.edits.push_back(draft.line_before(
                    blocks.at(block[i]), blocks.text(block, flush, draft.indent(blocks.at(block[i])))));
                move.kin = {fmt::format("flush ({}) earlier", blocks.lines(block, flush)),
                            draft.around(blocks.at(block[i]))};
                moves.push_back(std::move(move));
            }
        }
    }
    return moves;
}

std::vector<Move> waits_before_frees(const Draft& draft) {
    const Blocks blocks(draft);
    std::map<std::string, std::size_t> last;  ///< of each thread that flushes or stores
    for (const auto& [parent, block] : blocks.all()) {
        const DraftStatement& body = blocks.at(parent);
        const Purpose purpose = blocks.purpose(parent);
        if (!body.parent && !body.thread.empty() && (purpose.tlbi || purpose.store))
            last[body.thread] = block.back();
    }
    std::vector<Move> moves;
    for (std::size_t k = 0; k < draft.statements().size(); ++k) {
        const DraftStatement& s = blocks.at(k);
        if (s.part != 0 || !s.in_block || s.thread.empty() || !blocks.purpose(k).free ||
            s.statement->kind != StatementKind::call)
            continue;
        for (const auto& [thread, end] : last) {
            if (thread == s.thread) continue;
            const std::string flag = free_flag(draft, thread + "_done");
            moves.push_back(
                {fmt::format("{} waits for the end of {} before {}", s.thread, thread, blocks.line(k)),
                 {draft.line_behind(blocks.at(end), fmt::format("store_release({}, 1);", flag)),
                  draft.line_before(s, fmt::format("await({} == 1);", flag))},
                 {}});
            moves.back().kin = {fmt::format("waits for the end of {}", thread), draft.around(s)};
        }
    }
    return moves;
}

std::vector<Move> stores_in_place(const Draft& draft) {
    if (!draft.asks("never_invalid")) return {};
    const Blocks blocks(draft);
    std::vector<Move> moves;
    const auto is_call = [&](std::size_t k, std::string_view name) {
        const auto& statement = *blocks.at(k).statement;
        return statement.kind == StatementKind::call && statement.expression->text == name;
    };
    for (const auto& [parent, block] : blocks.all()) {
        for (std::size_t i = 0; i < block.size(); ++i) {
            if (!is_call(block[i], "clear")) continue;
            const auto set = std::ranges::find_if(block.begin() + static_cast<std::ptrdiff_t>(i), block.end(),
                                                  [&](std::size_t k) { return is_call(k, "set"); });
            if (set == block.end()) continue;
            const std::string what = fmt::format("write {} in place, without making it invalid first ({})",
                                                 blocks.line(*set), blocks.line(block[i]));
            const PartEdit removal = draft.removal(blocks.at(block[i]));
            moves.push_back({what, {removal}, {}});
            const auto at = static_cast<std::size_t>(set - block.begin());
            for (const Blocks::Flush& flush : blocks.flushes(block)) {
                if (flush.first < i || flush.first > at) continue;
                Move move = blocks.behind(block, flush, *set);
                move.what = what + "; " + move.what;
                move.edits.push_back(removal);
                moves.push_back(std::move(move));
            }
        }
    }
    return moves;
}

std::vector<Move> regions_left(const Draft& draft) {
    const Blocks blocks(draft);
    std::set<std::string> regions;
    for (const auto& property : draft.tree().properties)
        if (property.name == "never_invalid" && property.region) regions.insert(*property.region);
    std::vector<Move> moves;
    for (const std::string& region : regions) {
        Move move;
        std::string lines;
        for (const std::size_t k : changes_of(blocks, draft, region)) {
            move.edits.push_back(draft.removal(blocks.at(k)));
            move.steps.push_back(k);
            lines += fmt::format("{}{}", lines.empty() ? "" : ", ", blocks.line(k));
        }
        if (move.edits.empty()) continue;
        move.what = fmt::format("leave {} as it is, for it must never be invalid: without {}", region, lines);
        moves.push_back(std::move(move));
    }
    return moves;
}

}  // namespace tlbcheck::checker
