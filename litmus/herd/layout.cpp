// SPDX-License-Identifier: Apache-2.0
//
// Groups of symbols become blocks of sets.
#include "litmus/herd/layout.hpp"

#include <algorithm>
#include <set>

namespace tlbcheck::litmus::herd {

using model::LitmusLayout;
using model::LitmusProgram;
using model::LitmusValue;
using model::ValueKind;

namespace {

/// A symbol where a header field names it.
struct Named {
    std::string symbol;
    Token token;
};
using Group = std::vector<Named>;

/// Symbols of the initial state, in order: an execution can come to no others.
class Symbols {
  public:
    explicit Symbols(const LitmusProgram& program) {
        for (const auto& i : program.initial) {
            if (!i.location.is_register) add(i.location.address);
            for (const auto& v : i.values) add(v);
        }
    }
    const std::vector<std::string>& in_order() const { return order_; }
    bool contains(const std::string& symbol) const { return seen_.contains(symbol); }

  private:
    void add(const LitmusValue& v) {
        if (v.kind == ValueKind::label || v.kind == ValueKind::instruction) return;
        const std::string& name = v.kind == ValueKind::descriptor ? v.descriptor.oa : v.symbol;
        if (!name.empty() && seen_.insert(name).second) order_.push_back(name);
    }
    std::vector<std::string> order_;
    std::set<std::string> seen_;
};

/// "x,y; z,w" of every header field `key`: groups that have no symbol in common.
std::vector<Group> read_groups(const Source& source, const Sections& sections, std::string_view key,
                               const Symbols& symbols) {
    std::vector<Group> result;
    std::set<std::string> seen;
    for (const HeaderField& field : sections.fields) {
        if (!same_letters(field.key, key)) continue;
        const Span span{field.value_offset, field.value_offset + field.value.size()};
        TokenReader in(source, tokenize(source, span, LexMode::code));
        result.emplace_back();
        while (!in.at_end()) {
            if (in.accept(",")) continue;
            if (in.accept(";")) {
                result.emplace_back();
                continue;
            }
            const Token token = in.peek();
            const std::string symbol = in.name("a symbol");
            if (!symbols.contains(symbol))
                in.fail_at(token, "there is no location '" + printable(symbol) + "' in this test");
            if (!seen.insert(symbol).second) in.fail_at(token, "'" + printable(symbol) + "' is named twice");
            result.back().push_back({symbol, token});
        }
    }
    std::erase_if(result, [](const Group& g) { return g.empty(); });
    return result;
}

class Layouter {
  public:
    Layouter(const Source& source, const Sections& sections, LitmusProgram& program)
        : source_(source), symbols_(program), program_(program) {
        sets_ = groups(sections, "Contiguous", program.variants.contig, "contig");
        tables_ = groups(sections, "SameTable", program.variants.mlpt, "mlpt");
    }

    void run(const std::vector<std::string>& contiguous) {
        if (sets_.empty()) add_default_set(contiguous);
        for (const Group& set : sets_) check_set(set);
        for (const Group& table : tables_) place(table);
        for (const std::string& symbol : symbols_.in_order()) {
            if (!done_.contains(symbol)) place({{symbol, {}}});
        }
    }

  private:
    std::vector<Group> groups(const Sections& sections, const char* key, bool wanted, const char* variant) {
        if (wanted) return read_groups(source_, sections, key, symbols_);
        if (const HeaderField* field = sections.field(key)) {
            fail_at(source_, field->value_offset, std::max<std::size_t>(field->value.size(), 1),
                    std::string("'") + key + "' needs variant '" + variant + "'",
                    std::string("Variant=vmsa,") + variant);
        }
        return {};
    }
    void add_default_set(const std::vector<std::string>& contiguous) {
        Group set;
        for (const std::string& symbol : symbols_.in_order()) {
            if (std::ranges::find(contiguous, symbol) != contiguous.end()) set.push_back({symbol, {}});
        }
        if (!set.empty()) sets_.push_back(std::move(set));
    }
    void check_set(const Group& set) const {
        if (set.size() <= LitmusLayout::slots()) return;
        const std::string message =
            "a contiguous set has " + std::to_string(LitmusLayout::slots()) + " slots at most";
        const Named& last = set[LitmusLayout::slots()];
        fail_at(source_, last.token.begin, std::max<std::size_t>(last.token.length, 1), message);
    }
    std::vector<std::string> set_of(const std::string& symbol) const {
        for (const Group& set : sets_) {
            if (std::ranges::find(set, symbol, &Named::symbol) == set.end()) continue;
            std::vector<std::string> names;
            for (const Named& n : set) names.push_back(n.symbol);
            return names;
        }
        return {symbol};
    }
    /// A block of the symbols, and of those in a set with one of them.
    void place(const Group& group) {
        std::vector<std::vector<std::string>> block;
        std::set<std::string> here;
        for (const Named& n : group) {
            if (here.contains(n.symbol)) continue;
            const bool elsewhere = done_.contains(n.symbol);
            block.push_back(set_of(n.symbol));
            here.insert(block.back().begin(), block.back().end());
            if (!elsewhere && block.size() <= LitmusLayout::sets_in_block()) continue;
            fail_at(source_, n.token.begin, n.token.length,
                    elsewhere ? "'" + printable(n.symbol) + "' is in a contiguous set with another table's"
                              : "a table has no place for '" + printable(n.symbol) + "'");
        }
        done_.insert(here.begin(), here.end());
        program_.layout.add_block(block);
    }

    const Source& source_;
    Symbols symbols_;
    LitmusProgram& program_;
    std::vector<Group> sets_, tables_;
    std::set<std::string> done_;
};

/// One descriptor has one name: that of the first symbol of its block; so has a table or a block as output.
class Names {
  public:
    explicit Names(const LitmusLayout& layout) : layout_(layout) {}
    void apply(LitmusProgram& program) const {
        for (auto& i : program.initial) {
            apply(i.location);
            for (LitmusValue& v : i.values) apply(v);
        }
        for (auto& l : program.locations) apply(l);
        if (program.filter) apply(*program.filter);
        apply(program.condition);
    }

  private:
    void apply(LitmusValue& v) const {
        if (v.kind == ValueKind::ttd2) v.symbol = layout_.block_of(v.symbol);
        if (v.kind == ValueKind::descriptor && v.descriptor.type != model::LitmusDescriptorType::page)
            v.descriptor.oa = layout_.block_of(v.descriptor.oa);
    }
    void apply(model::LitmusLocation& l) const {
        if (!l.is_register) apply(l.address);
    }
    void apply(model::Proposition& p) const {
        apply(p.location);
        apply(p.other);
        for (LitmusValue& v : p.values) apply(v);
        for (auto& q : p.operands) apply(q);
    }
    const LitmusLayout& layout_;
};

}  // namespace

void lay_out(const Source& source, const Sections& sections, const std::vector<std::string>& contiguous,
             LitmusProgram& program) {
    Layouter layouter(source, sections, program);
    if (!program.variants.mlpt && !program.variants.contig) return;
    layouter.run(contiguous);
    Names(program.layout).apply(program);
}

}  // namespace tlbcheck::litmus::herd
