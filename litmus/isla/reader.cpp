// SPDX-License-Identifier: Apache-2.0
//
// Tables, registers, code and condition put together.
#include "litmus/isla/reader.hpp"

#include <algorithm>

#include "litmus/herd/sections.hpp"
#include "litmus/herd/state_parser.hpp"
#include "litmus/isla/document.hpp"
#include "litmus/isla/setup.hpp"

namespace tlbcheck::litmus::isla {

using model::LitmusProgram;
using model::LitmusThread;
using model::LitmusValue;
using model::Proposition;

namespace {

class ProgramReader {
  public:
    explicit ProgramReader(const Source& source) : source_(source), document_(read_document(source)) {}

    LitmusProgram read() {
        program_.name = document_.name;
        program_.quantifier = model::Quantifier::exists;
        read_setup(source_, document_.setup, document_.symbolic, static_cast<int>(document_.threads.size()),
                   setup_);
        for (const ThreadText& thread : document_.threads) add_thread(thread);
        TokenReader in = reader_of(source_, document_.assertion);
        program_.condition = disjunction(in);
        if (!in.at_end()) in.fail("expected the end of the assertion");
        name_values();
        program_.translation = setup_.translation;
        return std::move(program_);
    }

  private:
    void add_thread(const ThreadText& text) {
        LitmusThread thread;
        thread.number = text.number;
        ThreadCode code = parse_code(source_, text.code, document_.sections);
        thread.code = std::move(code.main);
        if (!code.sections.empty()) thread.handler = std::move(code.sections);
        thread.labels = std::move(code.labels);
        code.layout.main = MemoryMap::code + static_cast<std::uint64_t>(text.number) * MemoryMap::page;
        thread.layout = std::move(code.layout);
        setup_.names.label = [&](const std::string& label) -> const std::uint64_t* {
            const auto it = thread.labels.find(label);
            if (it == thread.labels.end()) return nullptr;
            label_ = thread.layout->main + 4 * static_cast<std::uint64_t>(it->second);
            return &label_;
        };
        std::vector<model::RegisterId> given;
        for (const RegisterText& r : text.registers) given.push_back(set_register(thread, r));
        setup_.names.label = {};
        const auto usual = [&](model::RegisterId reg, std::uint64_t value) {
            if (std::ranges::find(given, reg) == given.end()) add_initial(thread.number, reg, value);
        };
        usual(model::ttbr0_el1, MemoryMap::stage1_tables);
        usual(model::ttbr0_el2, MemoryMap::stage1_tables);
        usual(model::vttbr_el2, MemoryMap::stage2_tables);
        program_.threads.push_back(std::move(thread));
    }

    void add_initial(int thread, model::RegisterId reg, std::uint64_t value) {
        model::LitmusInitial initial;
        initial.location.is_register = true;
        initial.location.thread = thread;
        initial.location.reg = reg;
        initial.values.push_back(LitmusValue::of(value));
        program_.initial.push_back(std::move(initial));
    }

    model::RegisterId set_register(LitmusThread& thread, const RegisterText& text) {
        TokenReader in = reader_of(source_, text.value);
        const Token at = in.peek();
        const Bits value = evaluate(in, setup_.names);
        if (!in.at_end()) in.fail("expected the end of the value");
        if (text.name == "PSTATE.EL") {
            if (value.value > 2) in.fail_at(at, "expected an exception level from 0 to 2");
            thread.layout->exception_level = static_cast<int>(value.value);
            return model::zero_register;
        }
        if (text.name == "PSTATE.SP") {
            if (value.value > 1) in.fail_at(at, "expected 0 or 1");
            thread.layout->own_stack = value.value == 1;
            return model::zero_register;
        }
        const auto reg = register_of(text.name);
        if (!reg) {
            throw InputError("register '" + printable(text.name) + "' is not supported", source_,
                             text.name_place);
        }
        add_initial(thread.number, *reg, value.value);
        return *reg;
    }

    /// X3, or R3 as the pseudocode calls it; a system register.
    static std::optional<model::RegisterId> register_of(const std::string& name) {
        if (name.size() > 1 && (name[0] == 'R' || name[0] == 'r')) {
            const auto general = herd::parse_register("X" + name.substr(1));
            if (general && *general <= 30) return general;
        }
        int width = 64;
        const auto general = herd::parse_register(name, &width);
        if (general && *general >= 0 && width == 64) return general;
        return model::parse_translation_register(name);
    }

    // ---- the assertion

    Proposition disjunction(TokenReader& in) {
        return chain(in, Proposition::Kind::disjunction, "|", "\\/", &ProgramReader::conjunction);
    }
    Proposition conjunction(TokenReader& in) {
        return chain(in, Proposition::Kind::conjunction, "&", "/\\", &ProgramReader::atom);
    }
    Proposition chain(TokenReader& in, Proposition::Kind kind, const char* symbol, const char* other,
                      Proposition (ProgramReader::*part)(TokenReader&)) {
        Proposition first = (this->*part)(in);
        if (!in.peek().is(symbol) && !in.peek().is(other)) return first;
        Proposition result;
        result.kind = kind;
        result.operands.push_back(std::move(first));
        while (in.accept(symbol) || in.accept(other)) result.operands.push_back((this->*part)(in));
        return result;
    }

    Proposition atom(TokenReader& in) {
        Proposition p;
        if (++depth_ > 100) in.fail("the assertion is nested too deeply");
        if (in.accept("~")) {
            p.kind = Proposition::Kind::negation;
            p.operands.push_back(atom(in));
        } else if (in.accept("(")) {
            p = disjunction(in);
            in.expect(")");
        } else if (in.peek().word("true") || in.peek().word("false")) {
            p.kind = in.next().word("true") ? Proposition::Kind::conjunction : Proposition::Kind::disjunction;
        } else {
            p.kind = Proposition::Kind::value;
            p.location = location(in);
            in.expect("=");
            p.values.push_back(LitmusValue::of(evaluate(in, setup_.names).value));
        }
        --depth_;
        return p;
    }

    model::LitmusLocation location(TokenReader& in) {
        model::LitmusLocation result;
        if (in.accept("*")) {
            const Token name = in.peek();
            in.name("an address");
            if (!setup_.translation.places.contains(name.text))
                in.fail_at(name, "nothing is mapped at '" + printable(name.text) + "'");
            result.address = LitmusValue::address(model::ValueKind::address, name.text);
            return result;
        }
        const Token number = in.peek();
        result.is_register = true;
        result.thread = static_cast<int>(in.number("a thread's register, as in 1:X0, or a place, as in *x"));
        if (result.thread < 0 || static_cast<std::size_t>(result.thread) >= document_.threads.size())
            in.fail_at(number, "there is no such thread");
        in.expect(":");
        const Token reg = in.peek();
        const auto found = register_of(in.name("a register"));
        if (!found) in.fail_at(reg, "register '" + printable(reg.text) + "' is not supported");
        result.reg = *found;
        return result;
    }

    /// Values that are printed by a name: addresses, and descriptors that map an address to a named one.
    void name_values() {
        auto& names = setup_.translation.names;
        for (const auto& [name, address] : setup_.names.addresses) names.emplace(address.value, name);
        for (const auto& [name, address] : setup_.names.addresses) {
            if (address.kind != AddressKind::physical && address.kind != AddressKind::intermediate) continue;
            names.emplace(address.value | default_attributes().stage1 | 3U, "mkdesc3(oa=" + name + ")");
        }
    }

    const Source& source_;
    Document document_;
    SetupResult setup_;
    LitmusProgram program_;
    std::uint64_t label_ = 0;
    int depth_ = 0;
};

LitmusProgram read_program(const Source& source, const herd::ReadOptions& options) {
    model::LitmusVariants variants;
    for (const std::string& tag : options.variants) {
        std::string why;
        if (!herd::add_variant(variants, tag, why)) throw InputError(why, nullptr, Place{});
    }
    LitmusProgram program = ProgramReader(source).read();
    program.variants = variants;
    if (options.unroll) program.unroll = *options.unroll;
    return program;
}

}  // namespace

Result<LitmusProgram> read_litmus_toml(const Source& source, const herd::ReadOptions& options) {
    return collect([&] { return read_program(source, options); });
}

bool is_litmus_toml(std::string_view file) {
    return file.ends_with(".litmus.toml");
}

}  // namespace tlbcheck::litmus::isla
