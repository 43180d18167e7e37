// SPDX-License-Identifier: Apache-2.0
//
// Mappings, trees and initial contents.
#include "litmus/isla/setup.hpp"

#include <optional>

#include "litmus/isla/addresses.hpp"
#include "model/graph/translation/descriptor_word.hpp"

namespace tlbcheck::litmus::isla {

namespace {

using model::translation::decode_descriptor;
using model::translation::span_of_level;

/// A side of a mapping.
struct Operand {
    enum class Kind : std::uint8_t { virtual_, intermediate, physical, table, raw, invalid };
    Kind kind = Kind::physical;
    std::uint64_t value = 0;
    Token at;
};

struct MappingOptions {
    LeafAttributes attributes = default_attributes();
    int level = 3;
};

class SetupReader {
  public:
    SetupReader(TokenReader in, int threads, SetupResult& result)
        : in_(std::move(in)), threads_(threads), result_(result) {
        if (!result_.default_tables) return;
        stage1_ = make_tree(1, MemoryMap::stage1_tables);
        stage2_ = make_tree(2, MemoryMap::stage2_tables);
    }

    void run() {
        while (!in_.at_end()) statement(false);
        if (!result_.default_tables) return finish_contents();
        add_named_slots(*stage2_);
        for (auto& [base, tree] : result_.names.trees) map_code(tree);
        map_pages(*stage1_, *stage1_);
        map_pages(*stage1_, *stage2_);
        map_pages(*stage2_, *stage1_);
        map_pages(*stage2_, *stage2_);
        finish_contents();
    }

  private:
    TableTree* make_tree(int stage, std::uint64_t base) {
        return &result_.names.trees.emplace(base, TableTree(stage, base, result_.translation)).first->second;
    }

    void statement(bool nested) {
        const Token first = in_.peek();
        const bool declaration = first.word("option") || first.word("assert") || first.word("aligned") ||
                                 first.word("virtual") || first.word("intermediate") ||
                                 first.word("physical");
        if (declaration) {
            if (nested) in_.fail("tables hold mappings only");
            while (!in_.at_end() && !in_.next().is(";")) {
            }
        } else if (in_.accept(";")) {
            return;
        } else if (first.word("s1table") || first.word("s2table")) {
            tables(first.word("s1table") ? 1 : 2);
        } else if (first.word("identity")) {
            identity();
        } else if (first.is("*")) {
            if (nested) in_.fail("tables hold mappings only");
            contents();
        } else {
            mapping();
        }
    }

    // ---- trees

    void tables(int stage) {
        in_.next();
        const Token name = in_.peek();
        in_.name("a name of tables");
        TableTree* tree = nullptr;
        const bool fresh = !in_.peek().is("{") && !in_.peek().is(";");
        if (fresh) {
            const Token at = in_.peek();
            const Bits base = evaluate(in_, result_.names);
            if (base.value % MemoryMap::page != 0 || base.value >= (std::uint64_t{1} << 47U))
                in_.fail_at(at, "expected the address of a page");
            // Those that are there by default may be given a name.
            const auto known = result_.names.trees.find(base.value);
            const bool unnamed = known != result_.names.trees.end() && known->second.stage() == stage &&
                                 (&known->second == stage1_ || &known->second == stage2_);
            if (result_.names.addresses.contains(name.text) ||
                (known != result_.names.trees.end() && !unnamed))
                in_.fail_at(name, "these tables exist already");
            tree = make_tree(stage, base.value);
            result_.names.addresses[name.text] = {AddressKind::table, base.value};
        } else {
            const auto known = result_.names.addresses.find(name.text);
            if (known == result_.names.addresses.end() || known->second.kind != AddressKind::table)
                in_.fail_at(name,
                            "there are no tables '" + printable(name.text) + "': new ones need an address");
            tree = &result_.names.trees.at(known->second.value);
            if (tree->stage() != stage) in_.fail_at(name, "these are tables of the other stage");
        }
        if (depth_ > 8) in_.fail_at(name, "tables are nested too deeply");
        nested_tables(*tree, fresh);
        in_.accept(";");
    }

    void nested_tables(TableTree& tree, bool fresh) {
        TableTree*& current = tree.stage() == 1 ? stage1_ : stage2_;
        TableTree* const outer = current;
        std::vector<TableTree*> around;
        for (TableTree* t : {stage1_, stage2_}) {
            if (t != nullptr && t != &tree) around.push_back(t);
        }
        std::vector<TableTree*> parents = parents_;
        if (outer != nullptr) parents_.push_back(outer);
        current = &tree;
        ++depth_;
        if (in_.accept("{")) {
            while (!in_.accept("}")) {
                if (in_.at_end()) in_.fail("expected '}'");
                statement(true);
            }
        }
        --depth_;
        if (tree.stage() == 2) add_named_slots(tree);
        map_code(tree);
        for (TableTree* parent : parents_) map_pages(tree, *parent);
        for (TableTree* other : around) map_pages(tree, *other);
        if (fresh) map_pages(tree, tree);
        parents_ = std::move(parents);
        current = outer;
    }

    /// Tests take a virtual address for an intermediate one and speak of its descriptor: its table is there.
    void add_named_slots(TableTree& tree) {
        for (const auto& [name, address] : result_.names.addresses) {
            if (address.kind == AddressKind::virtual_) tree.slot(address.value, 3);
        }
    }
    void map_identity(TableTree& tree, std::uint64_t address, const LeafAttributes& attributes, int level,
                      const Token& at) {
        if (!tree.map(address, address, tree.stage() == 1 ? attributes.stage1 : attributes.stage2, level))
            in_.fail_at(at, "cannot be mapped: a block stands above it, or there are too many tables");
    }
    void map_code(TableTree& tree) {
        for (int k = 0; k < threads_; ++k) {
            map_identity(tree, MemoryMap::code + static_cast<std::uint64_t>(k) * MemoryMap::page,
                         code_attributes(), 3, in_.peek());
        }
    }
    /// The pages of `tree` in `into`, where they are found under their own addresses.
    void map_pages(const TableTree& tree, TableTree& into) {
        for (std::uint64_t page = tree.base(); page < tree.end(); page += MemoryMap::page)
            map_identity(into, page, default_attributes(), 3, in_.peek());
    }

    // ---- mappings

    Operand operand() {
        Operand o;
        o.at = in_.peek();
        if (o.at.word("invalid")) {
            in_.next();
            o.kind = Operand::Kind::invalid;
            return o;
        }
        const auto named = result_.names.addresses.find(o.at.text);
        const std::string head = o.at.text;
        o.value = evaluate(in_, result_.names).value;
        if (o.at.kind == TokenKind::name && named != result_.names.addresses.end()) {
            static constexpr Operand::Kind kinds[] = {Operand::Kind::virtual_, Operand::Kind::intermediate,
                                                      Operand::Kind::physical, Operand::Kind::table};
            o.kind = kinds[static_cast<std::size_t>(named->second.kind)];
        } else if (head == "table") {
            o.kind = Operand::Kind::table;
        } else if (head == "raw") {
            o.kind = Operand::Kind::raw;
        } else if (head.ends_with("to_va")) {
            o.kind = Operand::Kind::virtual_;
        } else if (head.ends_with("to_ipa")) {
            o.kind = Operand::Kind::intermediate;
        }
        return o;
    }

    void read_fields(LeafAttributes& attributes, int stage) {
        do {
            const Token at = in_.peek();
            const std::string name = in_.name("a field");
            in_.expect("=");
            const Bits value = evaluate(in_, result_.names);
            std::uint64_t& word = stage == 1 ? attributes.stage1 : attributes.stage2;
            const std::string why = set_field(word, stage, name, value.value, value.width);
            if (!why.empty()) in_.fail_at(at, why);
        } while (in_.accept(","));
        in_.expect("]");
    }

    /// `with code`, `with [AP=0b11] and default`: of stage 1, then of stage 2.
    LeafAttributes attributes(int stage_of_single) {
        const auto part = [&](int stage) {
            LeafAttributes result = default_attributes();
            if (in_.accept("[")) {
                read_fields(result, stage);
            } else if (in_.peek().word("code")) {
                in_.next();
                result = code_attributes();
            } else if (in_.peek().word("default")) {
                in_.next();
            } else {
                in_.fail("expected code, default or fields in brackets");
            }
            return result;
        };
        LeafAttributes result = part(stage_of_single);
        if (!in_.peek().word("and")) return result;
        in_.next();
        result.stage2 = part(2).stage2;
        return result;
    }

    MappingOptions options(int stage) {
        MappingOptions result;
        if (in_.peek().word("with")) {
            in_.next();
            result.attributes = attributes(stage);
        }
        if (in_.peek().word("at")) {
            in_.next();
            if (!in_.peek().word("level")) in_.fail("expected 'level'");
            in_.next();
            const Token at = in_.peek();
            result.level = static_cast<int>(in_.number("a level"));
            if (result.level < 1 || result.level > 3) in_.fail_at(at, "expected a level from 1 to 3");
        }
        if (in_.peek().word("as")) in_.fail("names of walks are not supported");
        in_.expect(";");
        return result;
    }

    TableTree& tree_of(int stage, const Token& at) {
        TableTree* tree = stage == 1 ? stage1_ : stage2_;
        if (tree == nullptr) in_.fail_at(at, "there are no stage " + std::to_string(stage) + " tables here");
        return *tree;
    }

    void identity() {
        in_.next();
        const Operand what = operand();
        const MappingOptions o = options(what.kind == Operand::Kind::intermediate ? 2 : 1);
        if (what.kind != Operand::Kind::intermediate)
            map_identity(tree_of(1, what.at), what.value, o.attributes, o.level, what.at);
        if (what.kind == Operand::Kind::intermediate)
            map_identity(tree_of(2, what.at), what.value, o.attributes, o.level, what.at);
        if (what.kind == Operand::Kind::physical && stage2_ != nullptr)
            map_identity(*stage2_, what.value, o.attributes, o.level, what.at);
    }

    void mapping() {
        const Operand from = operand();
        const bool maybe = in_.accept("?->");
        if (!maybe) in_.expect("|->");
        const Operand to = operand();
        const int stage = from.kind == Operand::Kind::intermediate ? 2 : 1;
        if (from.kind != Operand::Kind::virtual_ && from.kind != Operand::Kind::intermediate)
            in_.fail_at(from.at, "expected a virtual or an intermediate address");
        const MappingOptions o = options(stage);
        TableTree& tree = tree_of(stage, from.at);
        const auto place = tree.slot(from.value, o.level);
        if (!place)
            in_.fail_at(from.at, "cannot be mapped: a block stands above it, or there are too many tables");
        // Where stage 1 leads to a physical address, stage 2 leads on to the same one.
        if (stage == 1 && to.kind == Operand::Kind::physical && stage2_ != nullptr)
            map_identity(*stage2_, to.value, o.attributes, o.level, to.at);
        // `?->` says what may be written later: only the tables down to it are there at first.
        if (maybe) return;
        write_descriptor(*place, stage, to, o);
    }

    void write_descriptor(std::uint64_t place, int stage, const Operand& to, const MappingOptions& o) {
        std::uint64_t& word = result_.translation.words[place];
        const std::uint64_t kind = o.level == 3 ? 3 : 1;
        switch (to.kind) {
            case Operand::Kind::invalid:
                word = 0;
                return;
            case Operand::Kind::raw:
                word = to.value;
                return;
            case Operand::Kind::table:
                if (o.level == 3) in_.fail_at(to.at, "a table cannot follow level 3");
                word = to.value | 3U;
                return;
            case Operand::Kind::virtual_:
                in_.fail_at(to.at, "expected an intermediate or a physical address");
            case Operand::Kind::intermediate:
                if (stage == 2) in_.fail_at(to.at, "expected a physical address");
                break;
            case Operand::Kind::physical:
                break;
        }
        word = to.value | kind | (stage == 1 ? o.attributes.stage1 : o.attributes.stage2);
    }

    // ---- contents

    void contents() {
        in_.next();
        const Operand place = operand();
        in_.expect("=");
        const std::uint64_t value = evaluate(in_, result_.names).value;
        in_.expect(";");
        contents_.emplace_back(place, value);
    }

    std::optional<std::uint64_t> translated(const TableTree& tree, std::uint64_t input) const {
        std::uint64_t table = tree.base();
        for (int level = 0; level <= 3; ++level) {
            const std::uint64_t place = model::translation::descriptor_address(table, input, level);
            const auto d = decode_descriptor(result_.translation.word(place), tree.stage(), level);
            if (d.kind == model::DescriptorKind::invalid) return std::nullopt;
            if (d.kind == model::DescriptorKind::leaf) return d.address + input % span_of_level(level);
            table = d.address;
        }
        return std::nullopt;
    }

    void finish_contents() {
        for (const auto& [place, value] : contents_) {
            std::optional<std::uint64_t> at = place.value;
            if (place.kind == Operand::Kind::virtual_ && stage1_ != nullptr) at = translated(*stage1_, *at);
            if (place.kind != Operand::Kind::physical && at && stage2_ != nullptr)
                at = translated(*stage2_, *at);
            if (!at) in_.fail_at(place.at, "nothing is mapped here");
            result_.translation.words[*at] = value;
        }
        for (const auto& [name, address] : result_.names.addresses) {
            std::optional<std::uint64_t> at = address.value;
            if (address.kind == AddressKind::virtual_)
                at = stage1_ == nullptr ? std::nullopt : translated(*stage1_, *at);
            const bool through_stage2 =
                address.kind == AddressKind::virtual_ || address.kind == AddressKind::intermediate;
            if (through_stage2 && at && stage2_ != nullptr) at = translated(*stage2_, *at);
            if (at) result_.translation.places[name] = *at;
        }
    }

    TokenReader in_;
    int threads_;
    SetupResult& result_;
    TableTree* stage1_ = nullptr;
    TableTree* stage2_ = nullptr;
    std::vector<TableTree*> parents_;
    int depth_ = 0;
    std::vector<std::pair<Operand, std::uint64_t>> contents_;
};

}  // namespace

void read_setup(const Source& source, Span span, const std::vector<std::string>& symbolic, int threads,
                SetupResult& result) {
    result.names.memory = &result.translation;
    read_addresses(source, span, symbolic, result);
    result.names.addresses["page_table_base"] = {AddressKind::table, MemoryMap::stage1_tables};
    result.names.addresses["s2_page_table_base"] = {AddressKind::table, MemoryMap::stage2_tables};
    SetupReader(reader_of(source, span), threads, result).run();
}

}  // namespace tlbcheck::litmus::isla
