// SPDX-License-Identifier: Apache-2.0
//
// Lines handed to the reader of herd7's instructions.
#include "litmus/isla/code.hpp"

#include <algorithm>
#include <optional>

#include "litmus/herd/code_parser.hpp"

namespace tlbcheck::litmus::isla {

using model::LitmusInstruction;
using model::LitmusOpcode;

namespace {

constexpr std::size_t most_instructions = 1000;

struct Label {
    std::string name;  // a name or digits
    int index = 0;
};

/// Instructions of one part, their labels and which label each branch names.
class Part {
  public:
    Part(const Source& source, Span span) : source_(source) {
        const std::string_view text = source->text;
        for (std::size_t at = span.begin; at < span.end;) {
            const std::size_t end = std::min(text.find('\n', at), span.end);
            line({at, end});
            at = end + 1;
        }
    }

    std::vector<LitmusInstruction> code;
    std::vector<Label> labels;

    /// Sets the targets, from indices of this part to those of the thread.
    void resolve(int first) {
        for (std::size_t k = 0; k < code.size(); ++k) {
            LitmusInstruction& i = code[k];
            if (i.label.empty()) continue;
            const auto target = find(i.label, static_cast<int>(k));
            if (!target) {
                throw InputError("there is no label '" + printable(i.label) + "' here", source_,
                                 Place{i.place.line, i.place.column, i.place.length});
            }
            i.target = first + *target;
        }
    }

  private:
    std::optional<int> find(const std::string& label, int from) const {
        const bool numeric = label.front() >= '0' && label.front() <= '9';
        const std::string name = numeric ? label.substr(0, label.size() - 1) : label;
        std::optional<int> found;
        for (const Label& l : labels) {
            if (l.name != name) continue;
            if (!numeric) return l.index;
            if (label.back() == 'f' && l.index > from) return l.index;
            if (label.back() == 'b' && l.index <= from) found = l.index;
        }
        return found;
    }

    void line(Span span) {
        const std::string_view text = source_->text;
        const std::size_t comment = text.substr(0, span.end).find("//", span.begin);
        if (comment != std::string_view::npos) span.end = comment;
        std::vector<Token> tokens = herd::tokenize(source_, span, herd::LexMode::code);
        std::size_t at = 0;
        while (tokens.size() > at + 1 && tokens[at + 1].is(":") && tokens[at].kind != TokenKind::end) {
            add_label(tokens[at]);
            at += 2;
        }
        tokens.erase(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(at));
        if (tokens.front().kind == TokenKind::end) return;
        instruction(std::move(tokens), span);
    }

    void add_label(const Token& token) {
        const bool number = token.kind == TokenKind::number &&
                            token.text.find_first_not_of("0123456789") == std::string::npos;
        if (token.kind != TokenKind::name && !number)
            herd::fail_at(source_, token.begin, token.length, "expected a label or an instruction");
        const bool known = std::ranges::any_of(labels, [&](const Label& l) { return l.name == token.text; });
        if (!number && known)
            herd::fail_at(source_, token.begin, token.length,
                          "label '" + printable(token.text) + "' is there already");
        labels.push_back({token.text, static_cast<int>(code.size())});
    }

    /// `2f`, the next label 2, is one name.
    static void join_local_labels(std::vector<Token>& tokens) {
        for (std::size_t k = 0; k + 1 < tokens.size(); ++k) {
            Token& t = tokens[k];
            const Token& direction = tokens[k + 1];
            const bool joined = t.kind == TokenKind::number && t.begin + t.length == direction.begin &&
                                (direction.text == "f" || direction.text == "b");
            if (!joined) continue;
            t.kind = TokenKind::name;
            t.text += direction.text;
            t.length += 1;
            tokens.erase(tokens.begin() + static_cast<std::ptrdiff_t>(k) + 1);
        }
    }

    void instruction(std::vector<Token> tokens, Span span) {
        join_local_labels(tokens);
        const Token first = tokens.front();
        if (first.kind != TokenKind::name)
            herd::fail_at(source_, first.begin, first.length, "expected an instruction");
        TokenReader in(source_, std::move(tokens), herd::InstructionSet::translation);
        LitmusInstruction i = herd::parse_instruction(in);
        if (!in.at_end()) in.fail("expected the end of the line after the instruction");
        if (i.relative) in.fail_at(first, "a branch by a distance is not supported here");
        if (i.op == LitmusOpcode::address_of_label) in.fail_at(first, "ADR is not supported here");
        if (i.size < 32 && i.size != 0) in.fail_at(first, "accesses of 8 and 16 bits are not supported here");
        std::string text = source_->text.substr(first.begin, span.end - first.begin);
        while (!text.empty() && std::isspace(static_cast<unsigned char>(text.back())) != 0) text.pop_back();
        const Place at = place_of(source_->text, first.begin);
        i.place = {at.line, at.column, static_cast<std::uint32_t>(text.size())};
        i.text = std::move(text);
        if (code.size() >= most_instructions) in.fail_at(first, "too many instructions");
        code.push_back(std::move(i));
    }

    const Source& source_;
};

/// What stands behind a section: the thread ends there.
LitmusInstruction end_of_section(int target) {
    LitmusInstruction i;
    i.op = LitmusOpcode::branch;
    i.target = target;
    i.text = "end of the section";
    return i;
}

}  // namespace

ThreadCode parse_code(const Source& source, Span main, const std::vector<CodeText>& sections) {
    ThreadCode result;
    Part code(source, main);
    code.resolve(0);
    for (const Label& l : code.labels) result.labels.emplace(l.name, l.index);
    result.main = std::move(code.code);
    const int end = static_cast<int>(result.main.size());
    for (const CodeText& section : sections) {
        Part part(source, section.span);
        const int first = end + 1 + static_cast<int>(result.sections.size());
        part.resolve(first);
        result.layout.sections.push_back({section.address, first, static_cast<int>(part.code.size())});
        result.sections.insert(result.sections.end(), part.code.begin(), part.code.end());
        result.sections.push_back(end_of_section(end));
    }
    return result;
}

}  // namespace tlbcheck::litmus::isla
