// SPDX-License-Identifier: Apache-2.0
//
// Loops split into what flushes and what does not, statements put behind others.
#include "checker/advice/source/moves.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "checker/advice/source/statement_text.hpp"

namespace tlbcheck::checker {

using litmus::sched::DefItem;
using litmus::sched::Statement;
using litmus::sched::StatementKind;

namespace {

/// One statement of a block, or of a helper of it that stores and flushes, written out.
struct Piece {
    std::string text;
    Purpose purpose;
};

class Mover {
  public:
    explicit Mover(const Draft& draft) : draft_(draft) {
        for (std::size_t k = 0; k < draft.statements().size(); ++k) {
            const DraftStatement& s = draft.statements()[k];
            if (s.part == 0 && s.parent && draft.statements()[*s.parent].part == 0)
                children_[*s.parent].push_back(k);
        }
    }

    const std::vector<std::size_t>& children(std::size_t k) const {
        static const std::vector<std::size_t> none;
        const auto found = children_.find(k);
        return found == children_.end() ? none : found->second;
    }
    Purpose purpose(std::size_t k) const { return purpose_of(*at(k).statement, draft_.tree()); }
    const DraftStatement& at(std::size_t k) const { return draft_.statements()[k]; }
    std::string source(std::size_t k) const {
        return std::string(draft_.text_of(0).substr(at(k).begin, at(k).end - at(k).begin));
    }
    std::string line(std::size_t k) const { return draft_.line(at(k)); }

    std::vector<Piece> pieces(std::size_t k) const {
        std::vector<Piece> result;
        written_out(*at(k).statement, source(k), result, 0);
        return result;
    }

    /// The flush as it reads for the whole stretch instead of for one item of it.
    static std::string widened(const std::string& text, const std::string& name, const std::string& stretch) {
        std::string wide = substituted(text, {{name, stretch}});
        const bool one_address = text.starts_with("tlbi(") && wide != text;
        if (one_address && text.find("raw") == std::string::npos) wide.replace(0, 4, "tlbi_pages");
        return wide;
    }

    /// Statements of the loop's body, in order.
    std::vector<std::size_t> body_of(std::size_t loop) const {
        const std::vector<std::size_t>& inner = children(loop);
        if (inner.empty()) return {};
        if (at(inner.front()).statement->kind == StatementKind::block) return children(inner.front());
        return inner;
    }

    struct Split {
        std::vector<std::string> rest, flush;
        bool ok = false;
    };
    /// The body as what flushes and what does not.
    Split split_body(std::size_t loop) const {
        Split split;
        bool flushes = false;
        for (const std::size_t k : body_of(loop)) {
            for (const Piece& piece : pieces(k)) {
                if (piece.purpose.tlbi && !piece.purpose.only_maintains()) return {};
                const bool moves =
                    piece.purpose.only_maintains() && (piece.purpose.tlbi || piece.purpose.barrier);
                flushes = flushes || piece.purpose.tlbi;
                (moves ? split.flush : split.rest).push_back(piece.text);
            }
        }
        split.ok = flushes;
        return split;
    }

    std::vector<std::size_t> loops() const {
        std::vector<std::size_t> result;
        for (std::size_t k = 0; k < draft_.statements().size(); ++k)
            if (at(k).part == 0 && at(k).statement->kind == StatementKind::loop) result.push_back(k);
        return result;
    }

    const Draft& draft() const { return draft_; }

  private:
    void written_out(const Statement& statement, const std::string& text, std::vector<Piece>& out,
                     int depth) const {
        const Purpose purpose = purpose_of(statement, draft_.tree());
        const bool mixed = (purpose.tlbi || purpose.barrier) && !purpose.only_maintains();
        const DefItem* def = nullptr;
        if (mixed && statement.kind == StatementKind::call && depth < 4)
            def = draft_.tree().find_def(statement.expression->text, statement.expression->arguments.size());
        if (def == nullptr || def->body->kind != StatementKind::block) {
            out.push_back({text, purpose});
            return;
        }
        const std::size_t open = text.find('('), close = text.rfind(')');
        const std::vector<std::string> given =
            split_at_commas(std::string_view(text).substr(open + 1, close - open - 1));
        std::map<std::string, std::string> values;
        for (std::size_t k = 0; k < def->parameters.size() && k < given.size(); ++k)
            values[def->parameters[k]] = given[k];
        const SourceSpans spans(draft_.tree().sources[def->spot.file]);
        const std::string& source = draft_.tree().sources[def->spot.file]->text;
        for (const auto& part : def->body->body) {
            const std::size_t begin = spans.offset(part->spot.place);
            const std::size_t end = spans.statement_end(part->spot.place);
            written_out(*part, substituted(std::string_view(source).substr(begin, end - begin), values), out,
                        depth + 1);
        }
    }

    const Draft& draft_;
    std::map<std::size_t, std::vector<std::size_t>> children_;
};

std::vector<std::size_t> all_below(const Draft& draft, std::size_t top) {
    std::vector<std::size_t> result{top};
    for (std::size_t k = top + 1; k < draft.statements().size(); ++k) {
        const auto& parent = draft.statements()[k].parent;
        if (parent && std::ranges::find(result, *parent) != result.end()) result.push_back(k);
    }
    return result;
}

bool is_flush(const Purpose& purpose) {
    return purpose.tlbi && purpose.only_maintains();
}

}  // namespace

std::vector<Move> flushes_behind_loops(const Draft& draft) {
    const Mover mover(draft);
    std::vector<Move> moves;
    for (const std::size_t loop : mover.loops()) {
        const Mover::Split split = mover.split_body(loop);
        if (!split.ok) continue;
        const std::string source = mover.source(loop);
        const std::string name = mover.at(loop).statement->name, indent = draft.indent(mover.at(loop));
        std::vector<std::string> flush;
        for (const std::string& text : split.flush)
            flush.push_back(Mover::widened(text, name, stretch_of(source)));
        std::vector<std::string> lines;
        if (!split.rest.empty()) lines.push_back(loop_text(loop_head(source), split.rest, indent));
        lines.insert(lines.end(), flush.begin(), flush.end());
        std::string text = joined_lines(lines, indent);
        if (!mover.at(loop).in_block) text = fmt::format("{{ {} }}", text);
        moves.push_back(
            {fmt::format("flush once behind the loop of {}, not in each iteration", mover.line(loop)),
             {draft.replacement(mover.at(loop), text)},
             all_below(draft, loop)});
    }
    return moves;
}

std::vector<Move> flushes_by_set(const Draft& draft) {
    const Mover mover(draft);
    std::vector<Move> moves;
    for (const std::size_t loop : mover.loops()) {
        const Mover::Split split = mover.split_body(loop);
        if (!split.ok || split.rest.empty()) continue;
        const std::string source = mover.source(loop);
        const std::string name = mover.at(loop).statement->name, indent = draft.indent(mover.at(loop));
        const std::string over = stretch_of(source), set = name == "set" ? "whole_set" : "set";
        std::vector<std::string> body{
            loop_text(fmt::format("for ({} : {})", name, set), split.rest, indent + "    ")};
        for (const std::string& text : split.flush) body.push_back(Mover::widened(text, name, set));
        moves.push_back(
            {fmt::format("flush once for each contiguous set in the loop of {}", mover.line(loop)),
             {draft.replacement(mover.at(loop),
                                loop_text(fmt::format("for ({} : sets({}))", set, over), body, indent))},
             all_below(draft, loop)});
    }
    return moves;
}

std::vector<Move> flushes_together(const Draft& draft) {
    const Mover mover(draft);
    std::vector<Move> moves;
    for (std::size_t block = 0; block < draft.statements().size(); ++block) {
        if (mover.at(block).part != 0 || mover.at(block).statement->kind != StatementKind::block) continue;
        std::optional<std::size_t> earlier;
        for (const std::size_t k : mover.children(block)) {
            if (mover.at(k).statement->kind != StatementKind::call || !is_flush(mover.purpose(k))) continue;
            if (earlier) {
                moves.push_back(
                    {fmt::format("flush {} together with {}", mover.line(*earlier), mover.line(k)),
                     {draft.removal(mover.at(*earlier)),
                      draft.line_before(mover.at(k), mover.source(*earlier))},
                     all_below(draft, *earlier)});
            }
            earlier = k;
        }
    }
    return moves;
}

std::vector<Move> later_frees(const Draft& draft) {
    const Mover mover(draft);
    std::vector<Move> moves;
    for (std::size_t k = 0; k < draft.statements().size(); ++k) {
        const DraftStatement& s = mover.at(k);
        if (s.part != 0 || !s.parent || s.statement->kind != StatementKind::call) continue;
        const Purpose purpose = mover.purpose(k);
        if ((!purpose.free && !purpose.signal) || purpose.store || purpose.tlbi) continue;
        const std::string_view verb = purpose.free ? "free" : "tell the other thread";
        const auto behind = [&](const std::vector<std::size_t>& siblings, std::size_t from) {
            std::optional<std::size_t> last;
            for (const std::size_t other : siblings)
                if (other > from && mover.at(other).in_block) last = other;
            return last;
        };
        if (s.in_block) {
            if (const auto last = behind(mover.children(*s.parent), k)) {
                moves.push_back({fmt::format("{} ({}) only at the end, behind {}", verb, mover.line(k),
                                             mover.line(*last)),
                                 {draft.removal(s), draft.line_behind(mover.at(*last), mover.source(k))},
                                 {k}});
            }
        }
        // Out of its loop: the same for all items, behind what follows the loop.
        std::optional<std::size_t> loop = s.parent;
        if (mover.at(*loop).statement->kind == StatementKind::block) loop = mover.at(*loop).parent;
        if (!loop || mover.at(*loop).statement->kind != StatementKind::loop || !mover.at(*loop).in_block)
            continue;
        const auto last = behind(mover.children(*mover.at(*loop).parent), *loop).value_or(*loop);
        const std::string again = loop_head(mover.source(*loop)) + " " + mover.source(k);
        moves.push_back(
            {fmt::format("{} ({}) in a loop of its own, behind {}", verb, mover.line(k), mover.line(last)),
             {draft.removal(s), draft.line_behind(mover.at(last), again)},
             {k}});
        moves.back().kin = {fmt::format("{} ({}) in a loop of its own", verb, mover.line(k)),
                            draft.around(mover.at(last))};
    }
    return moves;
}

}  // namespace tlbcheck::checker
