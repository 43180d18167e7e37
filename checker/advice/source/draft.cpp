// SPDX-License-Identifier: Apache-2.0
//
// Statements collected with their bytes; helpers copied where a call of them is edited.
#include "checker/advice/source/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>

#include "litmus/sched/builtins.hpp"

namespace tlbcheck::checker {

using litmus::sched::DefItem;
using litmus::sched::ExpressionKind;
using litmus::sched::Statement;
using litmus::sched::StatementKind;

namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

std::size_t line_start(std::string_view text, std::size_t at) {
    while (at > 0 && text[at - 1] != '\n') --at;
    return at;
}

}  // namespace

struct Draft::Rendering {
    std::map<std::uint32_t, std::vector<TextEdit>> edits;
    bool all = false;
    bool copies_last = false;                   ///< at the end of the file, so that no line moves
    std::map<std::size_t, std::string> copies;  ///< by the byte of the main text that they stand before
    std::map<std::string, std::string> names;   ///< text of a copy without its name -> its name
    std::set<std::string> taken;
};

Draft::Draft(litmus::sched::ScheduleFile parsed, std::string_view original) : file_(std::move(parsed)) {
    const std::string_view own = tree().sources.front()->text;
    parts_.emplace_back().text = own;
    if (!original.empty() && original != own) original_lines_ = old_lines(original, own);
    for (const DefItem& def : tree().defs) {
        if (def.spot.file != 0) continue;
        item_ = spans(0).offset_before(def.spot.place);
        walk(*def.body, 0, std::nullopt, false);
    }
    for (const auto& thread : tree().threads) {
        if (thread.spot.file != 0) continue;
        item_ = spans(0).offset_before(thread.spot.place);
        thread_ = thread.name;
        walk(*thread.body, 0, std::nullopt, false);
    }
}

const SourceSpans& Draft::spans(std::uint32_t file) const {
    auto& held = spans_[file];
    if (!held) held = std::make_unique<SourceSpans>(tree().sources[file]);
    return *held;
}

void Draft::walk(const Statement& statement, std::uint32_t part, std::optional<std::size_t> parent,
                 bool in_block) {
    const Part& holder = parts_[part];
    const SourceSpans& source = spans(holder.file);
    const std::size_t at = statements_.size();
    const bool block = statement.kind == StatementKind::block;
    statements_.push_back({part, source.offset(statement.spot.place) - holder.shift,
                           source.statement_end(statement.spot.place) - holder.shift, &statement, parent,
                           in_block, thread_});
    for (const auto& inner : statement.body) walk(*inner, part, at, block);
    if (statement.kind == StatementKind::call) copy(statement, at);
}

void Draft::copy(const Statement& call, std::size_t at) {
    const litmus::sched::Expression& callee = *call.expression;
    if (litmus::sched::find_builtin(callee.text) != nullptr) return;
    const DefItem* def = tree().find_def(callee.text, callee.arguments.size());
    if (def == nullptr || def->spot.file == 0) return;
    const std::uint32_t caller = statements_[at].part;
    const SourceSpans& source = spans(def->spot.file);
    Part part;
    part.file = def->spot.file;
    part.shift = source.offset_before(def->spot.place);
    part.text = std::string_view(tree().sources[part.file]->text)
                    .substr(part.shift, source.item_end(def->spot.place) - part.shift);
    part.name_offset = source.offset(def->spot.place) - part.shift;
    part.name_length = def->name.size();
    part.caller = caller;
    part.call_offset = statements_[at].begin;
    part.call = at;
    part.item = item_;
    part.name = def->name;
    for (std::size_t k = 0; k < def->parameters.size(); ++k) {
        const auto& value = *callee.arguments[k].value;
        if (value.kind != ExpressionKind::name) continue;
        const std::string word = resolved(statements_[at], value.text);
        if (litmus::sched::is_word(word)) part.words[def->parameters[k]] = word;
    }
    parts_.push_back(std::move(part));
    walk(*def->body, static_cast<std::uint32_t>(parts_.size() - 1), at, false);
}

std::string Draft::resolved(const DraftStatement& statement, const std::string& word) const {
    const auto& words = parts_[statement.part].words;
    const auto found = words.find(word);
    return found == words.end() ? word : found->second;
}

bool Draft::asks(std::string_view property) const {
    return std::ranges::any_of(tree().properties, [&](const auto& asked) { return asked.name == property; });
}

bool Draft::is_new(const DraftStatement& statement) const {
    if (statement.part != 0 || original_lines_.empty()) return false;
    return original_lines_[statement.statement->spot.place.line - 1] == 0;
}

std::string Draft::line(const DraftStatement& statement) const {
    std::size_t line = statement.statement->spot.place.line;
    if (statement.part != 0 || original_lines_.empty()) return fmt::format("line {}", line);
    const auto original = [this](std::size_t l) { return l > 0 ? original_lines_[l - 1] : 0; };
    if (original(line) != 0) return fmt::format("line {}", original(line));
    while (line > 0 && original(line) == 0) --line;
    return line == 0 ? "the new first line" : fmt::format("the new line behind line {}", original(line));
}

std::string Draft::called_line(const DraftStatement& statement) const {
    const DraftStatement* shown = &statement;
    while (shown->part != 0) shown = &statements_[parts_[shown->part].call];
    return line(*shown);
}

std::string Draft::around(const DraftStatement& statement) const {
    const DraftStatement* outer = &statement;
    while (outer->parent) {
        outer = &statements_[*outer->parent];
        const StatementKind kind = outer->statement->kind;
        if (kind == StatementKind::loop || kind == StatementKind::branch) break;
    }
    return line(*outer);
}

std::string Draft::lines(const DraftStatement& first, const DraftStatement& last) const {
    const std::string a = line(first), b = line(last);
    constexpr std::string_view word = "line ";
    if (a == b) return a;
    if (!a.starts_with(word) || !b.starts_with(word)) return fmt::format("{} to {}", a, b);
    return fmt::format("lines {} to {}", a.substr(word.size()), b.substr(word.size()));
}

std::string Draft::shown(const DraftStatement& statement) const {
    const std::string_view text =
        parts_[statement.part].text.substr(statement.begin, statement.end - statement.begin);
    std::string line, word;
    const auto end_word = [&] {
        line += resolved(statement, word);
        word.clear();
    };
    for (const char c : text.substr(0, text.find_last_not_of("; \n\t") + 1)) {
        const auto byte = static_cast<unsigned char>(c);
        if (std::isalnum(byte) != 0 || c == '_') {
            word += c;
            continue;
        }
        end_word();
        const bool space = std::isspace(byte) != 0;
        if (space && (line.empty() || line.back() == ' ')) continue;
        line += space ? ' ' : c;
    }
    end_word();
    return line;
}

std::size_t Draft::offset(const DraftStatement& statement, const litmus::sched::Spot& spot) const {
    const Part& part = parts_[statement.part];
    return spans(part.file).offset(spot.place) - part.shift;
}

std::size_t Draft::call_end(const DraftStatement& statement, const litmus::sched::Spot& spot) const {
    const Part& part = parts_[statement.part];
    return spans(part.file).call_end(spot.place) - part.shift;
}

std::vector<const Statement*> Draft::calls(const DraftStatement& statement) const {
    std::vector<const Statement*> result;
    for (std::uint32_t part = statement.part; part != 0; part = parts_[part].caller)
        result.insert(result.begin(), statements_[parts_[part].call].statement);
    return result;
}

PartEdit Draft::removal(const DraftStatement& s) const {
    if (!s.in_block) return replacement(s, ";");
    const std::string_view text = parts_[s.part].text;
    const std::size_t start = line_start(text, s.begin);
    std::size_t end = s.end;
    while (end < text.size() && is_blank(text[end])) ++end;
    const bool alone_before =
        text.substr(start, s.begin - start).find_first_not_of(" \t") == std::string::npos;
    const bool comment = text.substr(end).starts_with("//");
    if (comment && alone_before) end = std::min(text.find('\n', end), text.size());
    if (alone_before && end < text.size() && text[end] == '\n') return {s.part, {start, end + 1 - start, ""}};
    if (alone_before) return {s.part, {s.begin, end - s.begin, ""}};
    std::size_t begin = s.begin;
    while (begin > start && is_blank(text[begin - 1])) --begin;
    return {s.part, {begin, s.end - begin, ""}};
}

PartEdit Draft::replacement(const DraftStatement& s, std::string_view text) const {
    return {s.part, {s.begin, s.end - s.begin, std::string(text)}};
}

std::string Draft::indent(const DraftStatement& s) const {
    const std::string_view text = parts_[s.part].text;
    const std::size_t start = line_start(text, s.begin);
    std::size_t end = start;
    while (end < text.size() && is_blank(text[end])) ++end;
    return std::string(text.substr(start, end - start));
}

PartEdit Draft::line_before(const DraftStatement& s, std::string_view text) const {
    return {s.part, {s.begin, 0, fmt::format("{}\n{}", text, indent(s))}};
}

PartEdit Draft::line_behind(const DraftStatement& s, std::string_view text) const {
    const std::string_view whole = parts_[s.part].text;
    // Behind a comment of the same line.
    std::size_t end = s.end;
    while (end < whole.size() && is_blank(whole[end])) ++end;
    if (whole.substr(end).starts_with("//"))
        end = std::min(whole.find('\n', end), whole.size());
    else
        end = s.end;
    return {s.part, {end, 0, fmt::format("\n{}{}", indent(s), text)}};
}

std::string Draft::free_name(const Rendering& rendering, const std::string& name) const {
    for (int k = 1;; ++k) {
        std::string candidate = fmt::format("{}_{}", name, k);
        const bool defined =
            std::ranges::any_of(tree().defs, [&](const DefItem& def) { return def.name == candidate; });
        if (!defined && !rendering.taken.contains(candidate)) return candidate;
    }
}

std::string Draft::rendered_part(Rendering& rendering, std::uint32_t number) const {
    std::vector<TextEdit> edits;
    for (std::uint32_t child = number + 1; child < parts_.size(); ++child) {
        const Part& part = parts_[child];
        if (part.caller != number) continue;
        std::string body = rendered_part(rendering, child);
        // Edits replace the whole call where they touch it; the copy is not needed then.
        if (!rendering.all && body == part.text) continue;
        std::string& name = rendering.names[part.name + '\n' + body];
        if (name.empty() || rendering.all) {
            name = free_name(rendering, part.name);
            rendering.taken.insert(name);
            const std::string copy = body.replace(part.name_offset, part.name_length, name);
            if (rendering.copies_last)
                rendering.copies[parts_[0].text.size()] += "\n" + copy + "\n";
            else
                rendering.copies[part.item] += copy + "\n\n";
        }
        edits.push_back({part.call_offset, part.name_length, name});
    }
    const auto found = rendering.edits.find(number);
    if (found != rendering.edits.end()) {
        const auto& wanted = found->second;
        // Calls whose statement is replaced as a whole are not renamed.
        std::erase_if(edits, [&](const TextEdit& rename) {
            return std::ranges::any_of(wanted, [&](const TextEdit& edit) {
                return edit.offset <= rename.offset && rename.offset < edit.offset + edit.length;
            });
        });
        edits.insert(edits.begin(), wanted.begin(), wanted.end());
    }
    if (number == 0)
        for (const auto& [at, text] : rendering.copies) edits.insert(edits.begin(), {at, 0, text});
    return applied(parts_[number].text, std::move(edits));
}

std::string Draft::render(Rendering& rendering) const {
    return rendered_part(rendering, 0);
}

std::string Draft::text(const std::vector<PartEdit>& edits) const {
    Rendering rendering;
    for (const PartEdit& edit : edits) rendering.edits[edit.part].push_back(edit.edit);
    return render(rendering);
}

std::string Draft::text_without(const DraftStatement& statement) const {
    Rendering rendering;
    rendering.copies_last = true;
    rendering.edits[statement.part].push_back(replacement(statement, ";").edit);
    return render(rendering);
}

Draft::Laid Draft::laid_out() const {
    Rendering rendering;
    rendering.all = true;
    const auto mark = [](std::size_t k) { return fmt::format("/*={}=*/", k); };
    for (std::size_t k = 0; k < statements_.size(); ++k) {
        const DraftStatement& s = statements_[k];
        rendering.edits[s.part].push_back({s.begin, 0, mark(k)});
    }
    Laid laid{render(rendering), {}};
    for (std::size_t k = 0; k < statements_.size(); ++k) {
        const std::string wanted = mark(k);
        const std::size_t at = laid.text.find(wanted);
        laid.places.push_back(
            litmus::place_of(laid.text, at == std::string::npos ? laid.text.size() : at + wanted.size()));
    }
    return laid;
}

}  // namespace tlbcheck::checker
