// SPDX-License-Identifier: Apache-2.0
//
// Cuts the text into header, initial state, code and condition.
#include "litmus/herd/sections.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace tlbcheck::litmus::herd {

namespace {

bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}
bool word_letter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool test_name_letter(char c) {
    return word_letter(c) || std::string_view("/.-+[]:").find(c) != std::string_view::npos;
}

class Splitter {
  public:
    explicit Splitter(const Source& source) : source_(source), text_(source->text) {}

    Sections run() {
        first_line();
        header();
        initial();
        code();
        result_.condition.end = text_.size();
        if (const std::size_t stop = text_.find("<<", result_.condition.begin);
            stop != std::string_view::npos) {
            result_.condition.end = stop;
        }
        return std::move(result_);
    }

  private:
    [[noreturn]] void fail(std::size_t length, const std::string& message, std::string hint = {}) const {
        fail_at(source_, at_, length, message, std::move(hint));
    }
    char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void blanks() {
        while (at_ < text_.size() && blank(text_[at_])) ++at_;
    }

    void first_line() {
        while (at_ < text_.size() && (blank(here()) || here() == '\n')) ++at_;
        const std::size_t begin = at_;
        while (word_letter(here())) ++at_;
        const std::string_view arch = text_.substr(begin, at_ - begin);
        at_ = begin;
        if (arch.empty()) fail(1, "expected the architecture, as in 'AArch64 NAME'");
        if (arch != "AArch64") {
            fail(arch.size(), "architecture '" + printable(arch) + "' is not supported",
                 "tests start with 'AArch64 NAME'");
        }
        at_ += arch.size();
        blanks();
        const std::size_t name = at_;
        while (test_name_letter(here())) ++at_;
        result_.name = std::string(text_.substr(name, at_ - name));
        if (result_.name.empty()) fail(1, "expected the name of the test");
        if (result_.name.ends_with(".litmus")) result_.name.resize(result_.name.size() - 7);
        blanks();
        if (here() == '(' && text_.substr(at_, 2) != "(*") {
            while (here() != '\0' && here() != ')' && here() != '\n') ++at_;
            if (here() == ')') ++at_;
        }
        doc_string();
    }

    void doc_string() {
        std::size_t i = at_;
        while (i < text_.size() && blank(text_[i])) ++i;
        if (i < text_.size() && text_[i] == '\n') ++i;
        while (i < text_.size() && blank(text_[i])) ++i;
        if (i >= text_.size() || text_[i] != '"') return;
        const std::size_t close = text_.find('"', i + 1);
        if (close == std::string_view::npos) fail_at(source_, i, 1, "doc string without an end");
        result_.doc = std::string(text_.substr(i + 1, close - i - 1));
        at_ = close + 1;
    }

    void header() {
        while (true) {
            if (at_ >= text_.size()) fail(1, "expected '{', the initial state");
            if (here() == '{') return;
            if (here() == '\n') {
                ++at_;
                continue;
            }
            if (text_.substr(at_, 2) == "(*") {
                at_ = skip_comment(source_, at_, text_.size());
                continue;
            }
            header_line();
        }
    }

    void header_line() {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size());
        std::size_t i = at_;
        while (i < end &&
               (word_letter(text_[i]) || std::string_view("/.-").find(text_[i]) != std::string_view::npos))
            ++i;
        const std::size_t key_end = i;
        while (i < end && blank(text_[i])) ++i;
        if (key_end > at_ && std::isalpha(static_cast<unsigned char>(here())) != 0 && i < end &&
            text_[i] == '=') {
            HeaderField field;
            field.key = std::string(text_.substr(at_, key_end - at_));
            ++i;
            while (i < end && blank(text_[i])) ++i;
            std::size_t stop = end;
            while (stop > i && blank(text_[stop - 1])) --stop;
            field.value = std::string(text_.substr(i, stop - i));
            field.value_offset = i;
            result_.fields.push_back(std::move(field));
            at_ = end;
            return;
        }
        // Anything else up to the initial state is free text.
        while (at_ < end && here() != '{') ++at_;
    }

    void initial() {
        const std::size_t open = at_;
        ++at_;
        result_.initial.begin = at_;
        int depth = 1;
        for (; at_ < text_.size(); ++at_) {
            if (text_.substr(at_, 2) == "(*") {
                at_ = skip_comment(source_, at_, text_.size()) - 1;
                continue;
            }
            if (here() == '{') ++depth;
            if (here() == '}' && --depth == 0) break;
        }
        if (depth != 0) fail_at(source_, open, 1, "initial state without an end");
        result_.initial.end = at_;
        ++at_;
    }

    void code() {
        static constexpr std::array<std::string_view, 7> keywords{"exists", "forall",   "locations", "filter",
                                                                  "final",  "observed", "Observed"};
        result_.code.begin = at_;
        while (at_ < text_.size()) {
            if (text_.substr(at_, 2) == "(*") {
                at_ = skip_comment(source_, at_, text_.size());
            } else if (here() == '~') {
                break;
            } else if (std::isalpha(static_cast<unsigned char>(here())) != 0) {
                std::size_t end = at_;
                while (end < text_.size() &&
                       (test_name_letter(text_[end]) && text_[end] != '[' && text_[end] != ':'))
                    ++end;
                const std::string_view word = text_.substr(at_, end - at_);
                if (std::ranges::find(keywords, word) != keywords.end()) break;
                at_ = end;
            } else {
                ++at_;
            }
        }
        result_.code.end = at_;
        result_.condition.begin = at_;
    }

    const Source& source_;
    std::string_view text_;
    std::size_t at_ = 0;
    Sections result_;
};

}  // namespace

const HeaderField* Sections::field(std::string_view key) const {
    for (const HeaderField& f : fields) {
        if (same_letters(f.key, key)) return &f;
    }
    return nullptr;
}

Sections split_sections(const Source& source) {
    return Splitter(source).run();
}

bool add_variant(model::LitmusVariants& variants, std::string_view tag, std::string& why) {
    using model::FaultHandling;
    const std::string t = upper(tag);
    if (t == "VMSA" || t == "KVM") {
        variants.vmsa = true;
    } else if (t == "ETS") {
        // Accepted and without effect, as in herd7's model.
    } else if (t == "ETS2") {
        variants.ets2 = true;
    } else if (t == "ETS3") {
        variants.ets3 = true;
    } else if (t == "EXS") {
        variants.exs = true;
    } else if (t == "EIS") {
        variants.eis = true;
    } else if (t == "EOS") {
        variants.eos = true;
    } else if (t == "COS-OPT") {
        variants.cos_opt = true;
    } else if (t == "MLPT") {
        variants.mlpt = true;
    } else if (t == "CONTIG") {
        variants.contig = true;
    } else if (t == "PRECISE" || t == "FATAL") {
        variants.faults = FaultHandling::fatal;
    } else if (t == "IMPRECISE" || t == "HANDLED") {
        variants.faults = FaultHandling::handled;
    } else if (t == "SKIP" || t == "FAULTTONEXT") {
        variants.faults = FaultHandling::skip;
    } else {
        static constexpr std::array<std::string_view, 16> known{
            "MIXED",  "MEMTAG", "MTE",         "MORELLO", "NEON",        "SVE",    "SME", "SELF",
            "IFETCH", "PTE2",   "PTE-SQUARED", "DEPS",    "NOPTEBRANCH", "CUTOFF", "NV2", "CU"};
        why = std::ranges::find(known, t) != known.end() ? "variant '" + printable(tag) + "' is not supported"
                                                         : "no variant is called '" + printable(tag) + "'";
        return false;
    }
    return true;
}

void read_variant_field(const Source& source, const HeaderField& field, model::LitmusVariants& variants) {
    std::size_t i = 0;
    while (i < field.value.size()) {
        const auto separator = [](char c) { return c == ',' || c == ' ' || c == '\t'; };
        if (separator(field.value[i])) {
            ++i;
            continue;
        }
        std::size_t end = i;
        while (end < field.value.size() && !separator(field.value[end])) ++end;
        std::string why;
        if (!add_variant(variants, std::string_view(field.value).substr(i, end - i), why)) {
            fail_at(source, field.value_offset + i, end - i, why);
        }
        i = end;
    }
}

model::HardwareUpdates read_tthm_field(const Source& source, const HeaderField& field) {
    model::HardwareUpdates result;
    result.given = true;
    const Span span{field.value_offset, field.value_offset + field.value.size()};
    TokenReader in(source, tokenize(source, span, LexMode::code));
    while (!in.at_end()) {
        std::optional<int> thread;
        if (in.accept(",")) continue;
        if (in.peek().kind == TokenKind::number) {
            thread = static_cast<int>(in.number("a thread"));
            in.expect(":");
        } else if (in.peek(1).is(":")) {
            const Token name = in.next();
            if (name.text.size() < 2 || name.text.size() > 4 || name.text[0] != 'P' ||
                name.text.find_first_not_of("0123456789", 1) != std::string::npos) {
                in.fail_at(name, "expected a thread, as in 'P0:HA'");
            }
            thread = std::stoi(name.text.substr(1));
            in.expect(":");
        }
        const Token key = in.next();
        if (key.word("HD")) {
            if (thread)
                result.hd.push_back(*thread);
            else
                result.all_hd = result.all_ha = true;
        } else if (key.word("HA")) {
            if (thread)
                result.ha.push_back(*thread);
            else
                result.all_ha = true;
        } else if (key.word("SW")) {
            if (thread) result.software.push_back(*thread);
        } else {
            in.fail_at(key, "expected HA, HD or SW");
        }
    }
    return result;
}

std::vector<int> read_thread_list(const Source& source, const HeaderField& field) {
    std::vector<int> result;
    const Span span{field.value_offset, field.value_offset + field.value.size()};
    TokenReader in(source, tokenize(source, span, LexMode::code));
    while (!in.at_end()) {
        if (in.accept(",") || in.accept(";")) continue;
        const Token token = in.next();
        if (token.kind == TokenKind::number) {
            result.push_back(static_cast<int>(token.number));
        } else if (token.kind == TokenKind::name && token.text.size() > 1 && token.text.size() <= 4 &&
                   token.text[0] == 'P' &&
                   token.text.find_first_not_of("0123456789", 1) == std::string::npos) {
            result.push_back(std::stoi(token.text.substr(1)));
        } else {
            in.fail_at(token, "expected a thread, as in 'P0'");
        }
    }
    return result;
}

}  // namespace tlbcheck::litmus::herd
