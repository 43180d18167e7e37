// SPDX-License-Identifier: Apache-2.0
//
// Names first, then values, one assertion after another.
#include "litmus/isla/addresses.hpp"

#include <algorithm>
#include <bit>
#include <set>

namespace tlbcheck::litmus::isla {

namespace {

constexpr std::size_t most_tries = 50000;
constexpr std::size_t most_names = 64;

struct Declared {
    std::string name;
    AddressKind kind = AddressKind::virtual_;
    std::uint64_t alignment = MemoryMap::page;
    Token at;
    bool symbolic = false;
};

struct Assertion {
    std::size_t position = 0;  // of the token after `assert`
    std::set<std::string> names;
    bool equation = false;  // a == b of two names
    Token at;
};

class AddressReader {
  public:
    AddressReader(TokenReader in, SetupResult& result) : in_(std::move(in)), result_(result) {}

    /// `symbolic`: by the file's list of names, which the set-up may repeat.
    void declare(const std::string& name, AddressKind kind, std::uint64_t alignment, const Token& at,
                 bool symbolic = false) {
        const auto known = std::ranges::find(declared_, name, &Declared::name);
        if (known != declared_.end() && known->symbolic && !symbolic) {
            *known = {name, kind, alignment, at, false};
            return;
        }
        if (name == "invalid" ||
            std::ranges::any_of(declared_, [&](const Declared& d) { return d.name == name; }))
            in_.fail_at(at, "'" + printable(name) + "' is declared twice");
        if (declared_.size() >= most_names) in_.fail_at(at, "too many addresses");
        declared_.push_back({name, kind, alignment, at, symbolic});
    }

    void run() {
        while (!in_.at_end()) statement();
        choose();
    }

  private:
    void statement() {
        const Token first = in_.peek();
        if (first.word("option")) return option();
        if (first.word("assert")) return assertion();
        if (first.word("function")) in_.fail("functions of the set-up are not supported");
        std::uint64_t alignment = MemoryMap::page;
        if (first.word("aligned")) {
            in_.next();
            const Token at = in_.peek();
            alignment = static_cast<std::uint64_t>(in_.number("an alignment in bytes"));
            if (!std::has_single_bit(alignment) || alignment > (MemoryMap::end >> 1U))
                in_.fail_at(at, "expected a power of two up to 8 MiB");
            alignment = std::max(alignment, MemoryMap::page);
        }
        const Token kind = in_.peek();
        if (kind.word("virtual")) return declarations(AddressKind::virtual_, alignment);
        if (kind.word("intermediate")) return declarations(AddressKind::intermediate, alignment);
        if (kind.word("physical")) return declarations(AddressKind::physical, alignment);
        if (first.word("aligned")) in_.fail("expected virtual, intermediate or physical");
        skip_table_statement();
    }

    void declarations(AddressKind kind, std::uint64_t alignment) {
        in_.next();
        while (in_.peek().kind == TokenKind::name) {
            const Token name = in_.next();
            declare(name.text, kind, alignment, name);
        }
        in_.expect(";");
    }

    void option() {
        in_.next();
        const Token at = in_.peek();
        const std::string name = in_.name("an option");
        in_.expect("=");
        const Token value = in_.peek();
        const std::string word = in_.name("true or false");
        if (word != "true" && word != "false") in_.fail_at(value, "expected true or false");
        if (name == "default_tables")
            result_.default_tables = word == "true";
        else if (name != "self_map" || word != "true")
            in_.fail_at(at, "option '" + printable(name) + "' is not supported");
        in_.expect(";");
    }

    void assertion() {
        Assertion a;
        a.at = in_.next();
        a.position = in_.position();
        std::size_t tokens = 0;
        bool equal = false;
        for (; !in_.at_end() && !in_.peek().is(";"); ++tokens) {
            const Token token = in_.next();
            if (token.kind == TokenKind::name && !in_.peek().is("(")) a.names.insert(token.text);
            equal = equal || token.is("==");
        }
        a.equation = equal && tokens == 3;
        for (const std::string& name : a.names) {
            if (std::ranges::none_of(declared_, [&](const Declared& d) { return d.name == name; }))
                in_.fail_at(a.at, "'" + printable(name) + "' is not declared before this assertion");
        }
        assertions_.push_back(a);
        in_.expect(";");
    }

    void skip_table_statement() {
        while (!in_.at_end()) {
            const Token token = in_.next();
            if (token.is(";") || token.is("{") || token.is("}")) return;
        }
    }

    // ---- values

    static std::uint64_t region_of(AddressKind kind) {
        if (kind == AddressKind::physical) return MemoryMap::physical;
        return kind == AddressKind::intermediate ? MemoryMap::intermediate : MemoryMap::virtual_;
    }

    std::vector<std::uint64_t> candidates(const Declared& d) const {
        std::vector<std::uint64_t> result;
        const auto add_region = [&](std::uint64_t begin, std::uint64_t pages) {
            for (std::uint64_t k = 0; k < pages; ++k) {
                const std::uint64_t address = begin + k * MemoryMap::page;
                if (address % d.alignment == 0) result.push_back(address);
            }
        };
        constexpr std::uint64_t few = 64;
        constexpr std::uint64_t two_megabytes = 0x200000;
        add_region(region_of(d.kind), few);
        for (std::uint64_t begin = MemoryMap::physical; begin < MemoryMap::end; begin += two_megabytes) {
            if (begin != region_of(d.kind)) add_region(begin, few);
        }
        return result;
    }

    bool holds(const Assertion& a) {
        in_.rewind(a.position);
        const Bits left = evaluate(in_, result_.names);
        const bool equal = in_.accept("==");
        if (!equal) in_.expect("!=");
        const Bits right = evaluate(in_, result_.names);
        if (!in_.peek().is(";")) in_.fail("expected ';'");
        return (left == right) == equal;
    }

    bool may_share(const std::string& a, const std::string& b) const {
        return std::ranges::any_of(assertions_, [&](const Assertion& x) {
            return x.equation && x.names.contains(a) && x.names.contains(b);
        });
    }

    /// All that is said of the first `count` names alone.
    bool consistent(std::size_t count) {
        const Declared& last = declared_[count - 1];
        const auto& addresses = result_.names.addresses;
        for (std::size_t k = 0; k + 1 < count; ++k) {
            const std::string& other = declared_[k].name;
            if (addresses.at(other).value == addresses.at(last.name).value && !may_share(other, last.name))
                return false;
        }
        return std::ranges::all_of(assertions_, [&](const Assertion& a) {
            const auto known = [&](const std::string& n) { return addresses.contains(n); };
            return !a.names.contains(last.name) || !std::ranges::all_of(a.names, known) || holds(a);
        });
    }

    bool choose_from(std::size_t index) {
        if (index == declared_.size()) return true;
        const Declared& d = declared_[index];
        for (const std::uint64_t value : candidates(d)) {
            if (++tries_ > most_tries) return false;
            result_.names.addresses[d.name] = {d.kind, value};
            if (consistent(index + 1) && choose_from(index + 1)) return true;
        }
        result_.names.addresses.erase(d.name);
        return false;
    }

    void choose() {
        if (choose_from(0)) return;
        if (assertions_.empty()) in_.fail("found no addresses for all names");
        in_.fail_at(assertions_.front().at, "found no addresses for which all assertions hold");
    }

    TokenReader in_;
    SetupResult& result_;
    std::vector<Declared> declared_;
    std::vector<Assertion> assertions_;
    std::size_t tries_ = 0;
};

}  // namespace

void read_addresses(const Source& source, Span span, const std::vector<std::string>& symbolic,
                    SetupResult& result) {
    TokenReader in = reader_of(source, span);
    const Token start = in.peek();
    AddressReader reader(std::move(in), result);
    for (const std::string& name : symbolic)
        reader.declare(name, AddressKind::virtual_, MemoryMap::page, start, true);
    reader.run();
}

}  // namespace tlbcheck::litmus::isla
