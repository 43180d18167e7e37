// SPDX-License-Identifier: Apache-2.0
//
// Header, sections and variants put together.
#include "litmus/herd/reader.hpp"

#include <algorithm>
#include <set>

#include "litmus/herd/code_parser.hpp"
#include "litmus/herd/layout.hpp"
#include "litmus/herd/sections.hpp"
#include "litmus/herd/state_parser.hpp"

namespace tlbcheck::litmus::herd {

using model::LitmusProgram;
using model::LitmusThread;
using model::Proposition;

namespace {

void apply_header(const Source& source, const Sections& sections, LitmusProgram& program) {
    for (const HeaderField& field : sections.fields) {
        program.info.emplace_back(field.key, field.value);
        // Every Variant line counts; herd7 takes the last of the other fields.
        if (same_letters(field.key, "Variant")) read_variant_field(source, field, program.variants);
    }
    if (const HeaderField* tthm = sections.field("TTHM")) program.hardware = read_tthm_field(source, *tthm);
    if (program.variants.mlpt && program.hardware.any()) {
        const HeaderField* tthm = sections.field("TTHM");
        fail_at(source, tthm->value_offset, tthm->value.size(),
                "hardware updates are not supported with variant 'mlpt'");
    }
    if (const HeaderField* unroll = sections.field("Unroll")) {
        const bool digits = !unroll->value.empty() && unroll->value.size() <= 3 &&
                            unroll->value.find_first_not_of("0123456789") == std::string::npos;
        if (!digits)
            fail_at(source, unroll->value_offset, std::max<std::size_t>(unroll->value.size(), 1),
                    "expected a number up to 999");
        program.unroll = std::stoi(unroll->value);
    }
    const HeaderField* user = sections.field("EL0");
    if (user == nullptr) user = sections.field("user");
    if (user == nullptr) return;
    for (const int thread : read_thread_list(source, *user)) {
        const auto it =
            std::ranges::find_if(program.threads, [&](const LitmusThread& t) { return t.number == thread; });
        if (it != program.threads.end()) it->user = true;
    }
}

/// `0:X0=v[2]`: an index into an array counts elements, not bytes.
void scale_indices(const Source& source, const Sections& sections, LitmusProgram& program) {
    for (model::LitmusInitial& i : program.initial) {
        if (i.type.elements != 0) continue;
        model::LitmusValue& v = i.values.front();
        if (v.kind != model::ValueKind::address || v.offset == 0) continue;
        model::LitmusLocation array;
        array.address = model::LitmusValue::address(v.kind, v.symbol);
        const model::LitmusType type = program.type_of(array);
        if (type.elements == 0) continue;
        if (v.offset < 0 || v.offset > type.elements) {
            fail_at(source, sections.initial.begin, 1,
                    "array '" + printable(v.symbol) + "' has no element " + std::to_string(v.offset));
        }
        v.offset *= size_in_bits(type) / 8;
    }
}

/// Checks that need no place inside the section but the section's.
class Checker {
  public:
    Checker(const Source& source, const Sections& sections, const LitmusProgram& program)
        : source_(source), sections_(sections), program_(program) {}

    void run() {
        std::set<model::LitmusLocation> seen;
        for (const auto& i : program_.initial) {
            for (const auto& v : i.values) check_value(v, sections_.initial);
            if (!seen.insert(i.location).second && !i.location.is_register) {
                fail_in(sections_.initial,
                        "location '" + i.location.address.symbol + "' is initialised twice");
            }
        }
        collect_symbols();
        check_proposition(program_.condition);
        if (program_.filter) check_proposition(*program_.filter);
        for (const auto& l : program_.locations) check_location(l);
        for (const auto& p : program_.fault_locations) check_fault(p);
    }

  private:
    [[noreturn]] void fail_in(Span span, const std::string& message) const {
        std::size_t at = span.begin;
        while (at < span.end && (source_->text[at] == ' ' || source_->text[at] == '\n')) ++at;
        fail_at(source_, at, 1, message);
    }
    void check_value(const model::LitmusValue& v, Span span) const {
        if (v.kind != model::ValueKind::label) return;
        const auto it = std::ranges::find_if(program_.threads,
                                             [&](const LitmusThread& t) { return t.number == v.thread; });
        if (it == program_.threads.end() || !it->labels.contains(v.symbol)) {
            fail_in(span,
                    "there is no label 'P" + std::to_string(v.thread) + ":" + printable(v.symbol) + "'");
        }
    }
    void collect_symbols() {
        const auto add = [&](const model::LitmusValue& v) {
            if (v.kind == model::ValueKind::descriptor) {
                symbols_.insert(v.descriptor.oa);
            } else if (v.is_address()) {
                symbols_.insert(v.symbol);
            }
        };
        for (const auto& i : program_.initial) {
            if (!i.location.is_register) add(i.location.address);
            for (const auto& v : i.values) add(v);
        }
    }
    /// At the name's first place in the condition's section, or at its start.
    [[noreturn]] void fail_at_name(const std::string& name, const std::string& message) const {
        const auto part_of_name = [](char c) {
            return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
        };
        const std::string& text = source_->text;
        const std::size_t end = sections_.condition.end;
        for (std::size_t at = text.find(name, sections_.condition.begin); at < end;
             at = text.find(name, at + 1)) {
            const bool begins = at == 0 || !part_of_name(text[at - 1]);
            const std::size_t past = at + name.size();
            if (begins && (past >= text.size() || !part_of_name(text[past])))
                fail_at(source_, at, name.size(), message);
        }
        fail_in(sections_.condition, message);
    }
    void check_thread(int number) const {
        if (std::ranges::none_of(program_.threads, [&](const LitmusThread& t) { return t.number == number; }))
            fail_in(sections_.condition, "there is no thread P" + std::to_string(number));
    }
    void check_symbol(const std::string& name) const {
        if (!symbols_.contains(name))
            fail_at_name(name, "there is no location '" + printable(name) + "' in this test");
    }
    void check_location(const model::LitmusLocation& l) const {
        if (l.is_register) {
            check_thread(l.thread);
        } else if (!l.address.symbol.empty()) {
            check_symbol(l.address.symbol);
        }
    }
    void check_fault(const model::FaultPattern& p) const {
        check_thread(p.thread);
        if (p.address) check_symbol(p.address->symbol);
        if (p.label) check_value(model::LitmusValue::label(p.thread, *p.label), sections_.condition);
    }
    /// An address, or a descriptor's, that no execution has names a location by mistake.
    void check_known(const model::LitmusValue& v) const {
        check_value(v, sections_.condition);
        if (v.kind == model::ValueKind::label) return;
        if (v.kind == model::ValueKind::descriptor) {
            if (!v.descriptor.oa.empty()) check_symbol(v.descriptor.oa);
        } else if (v.is_address()) {
            check_symbol(v.symbol);
        }
    }
    void check_proposition(const Proposition& p) const {
        using Kind = Proposition::Kind;
        if (p.kind == Kind::value || p.kind == Kind::equal) check_location(p.location);
        if (p.kind == Kind::equal) check_location(p.other);
        if (p.kind == Kind::fault) check_fault(p.fault);
        for (const auto& v : p.values) check_known(v);
        for (const Proposition& q : p.operands) check_proposition(q);
    }

    const Source& source_;
    const Sections& sections_;
    const LitmusProgram& program_;
    std::set<std::string> symbols_;  // of the initial state: an execution can come to no others
};

LitmusProgram read(const Source& source, const ReadOptions& options) {
    LitmusProgram program;
    for (const std::string& tag : options.variants) {
        std::string why;
        if (!add_variant(program.variants, tag, why)) throw InputError(why, nullptr, Place{});
    }
    if (options.unroll) program.unroll = *options.unroll;

    const Sections sections = split_sections(source);
    program.name = sections.name;
    program.doc = sections.doc;

    // What may be written in states depends on the variants, of the header too.
    model::LitmusVariants variants = program.variants;
    for (const HeaderField& field : sections.fields) {
        if (same_letters(field.key, "Variant")) read_variant_field(source, field, variants);
    }
    const auto state_reader = [&](Span span) {
        TokenReader in(source, tokenize(source, span, LexMode::state));
        in.two_levels = variants.mlpt;
        in.contiguous = variants.contig;
        return in;
    };
    TokenReader initial = state_reader(sections.initial);
    program.initial = parse_initial_state(initial);
    TokenReader code(source, tokenize(source, sections.code, LexMode::code));
    program.threads = parse_code(code);
    TokenReader condition = state_reader(sections.condition);
    ParsedCondition parsed = parse_condition(condition);
    program.locations = std::move(parsed.locations);
    program.fault_locations = std::move(parsed.fault_locations);
    program.filter = std::move(parsed.filter);
    program.quantifier = parsed.quantifier;
    program.condition = std::move(parsed.condition);

    apply_header(source, sections, program);
    lay_out(source, sections, initial.contiguous_symbols, program);
    scale_indices(source, sections, program);
    Checker(source, sections, program).run();
    return program;
}

}  // namespace

Result<LitmusProgram> read_litmus(const Source& source, const ReadOptions& options) {
    return collect([&] { return read(source, options); });
}

bool looks_like_litmus(std::string_view text) {
    const std::size_t at = text.find_first_not_of(" \t\r\n");
    return at != std::string_view::npos && text.substr(at, 8) == "AArch64 ";
}

}  // namespace tlbcheck::litmus::herd
