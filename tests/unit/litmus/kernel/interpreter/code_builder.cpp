// SPDX-License-Identifier: Apache-2.0

#include "tests/unit/litmus/kernel/interpreter/code_builder.hpp"

#include <fmt/format.h>

namespace tlbcheck::tests {

using kernel::Op;
using kernel::ValueId;

namespace {

// Constants get their ids when the function is done, as the reader of bitcode does it.
constexpr ValueId constant_bit = 0x8000'0000U;

}  // namespace

FunctionBuilder::FunctionBuilder(kernel::Image& image, const std::string& name, std::uint32_t arguments)
    : image_(image),
      symbol_(static_cast<std::uint32_t>(image.symbols.size())),
      name_(static_cast<std::uint32_t>(image.names.size())) {
    image.names.push_back(name);
    kernel::Symbol symbol;
    symbol.name = name;
    symbol.is_function = symbol.defined = true;
    symbol.function = static_cast<std::uint32_t>(image.functions.size());
    image.symbols.push_back(symbol);
    image.functions.emplace_back();
    function_.symbol = symbol_;
    function_.arguments = function_.values = arguments;
}

ValueId FunctionBuilder::number(std::uint64_t value) {
    function_.constants.push_back({value, kernel::none});
    return static_cast<ValueId>(function_.constants.size() - 1) | constant_bit;
}

ValueId FunctionBuilder::address(std::uint32_t symbol) {
    function_.constants.push_back({0, symbol});
    return static_cast<ValueId>(function_.constants.size() - 1) | constant_bit;
}

ValueId FunctionBuilder::fresh(std::uint32_t count) {
    function_.values += count;
    return function_.values - count;
}

kernel::Instruction& FunctionBuilder::last() {
    return function_.code.back();
}

void FunctionBuilder::plain(Op op, std::uint32_t a, std::uint32_t b, std::uint32_t c, unsigned bits,
                            unsigned extra) {
    kernel::Instruction in;
    in.op = op;
    in.bits = static_cast<std::uint8_t>(bits);
    in.extra = static_cast<std::uint8_t>(extra);
    in.a = a;
    in.b = b;
    in.c = c;
    in.place = place_;
    function_.code.push_back(in);
}

ValueId FunctionBuilder::op(Op op, std::uint32_t a, std::uint32_t b, std::uint32_t c, unsigned bits,
                            unsigned extra) {
    plain(op, a, b, c, bits, extra);
    last().result = fresh(2);  // some have two
    return last().result;
}

ValueId FunctionBuilder::allocate(std::uint64_t bytes) {
    const ValueId result = op(Op::allocate, number(1));
    last().index = static_cast<std::uint32_t>(image_.numbers.size());
    image_.numbers.push_back(bytes);
    return result;
}

ValueId FunctionBuilder::call(std::uint32_t symbol, std::vector<ValueId> arguments) {
    const ValueId result = op(Op::call);
    last().index = static_cast<std::uint32_t>(function_.calls.size());
    function_.calls.push_back({symbol, kernel::none, std::move(arguments), {64}});
    return result;
}

ValueId FunctionBuilder::call_pointer(ValueId target, std::vector<ValueId> arguments) {
    const ValueId result = op(Op::call);
    last().index = static_cast<std::uint32_t>(function_.calls.size());
    function_.calls.push_back({kernel::none, target, std::move(arguments), {64}});
    return result;
}

void FunctionBuilder::assembly(const std::string& text, const std::string& constraints,
                               std::vector<ValueId> arguments, ValueId result,
                               std::vector<std::uint8_t> widths) {
    plain(Op::assembly);
    last().index = static_cast<std::uint32_t>(function_.assembly.size());
    last().result = result;
    kernel::AssemblyCall call;
    call.text = text;
    call.constraints = constraints;
    call.constants.resize(arguments.size());
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        if ((arguments[i] & constant_bit) == 0) continue;
        const kernel::Constant& constant = function_.constants[arguments[i] & ~constant_bit];
        if (constant.symbol == kernel::none) call.constants[i] = constant.number;
    }
    call.arguments = std::move(arguments);
    call.widths = std::move(widths);
    function_.assembly.push_back(std::move(call));
}

std::uint32_t FunctionBuilder::edge(std::vector<std::pair<ValueId, ValueId>> moves) {
    function_.edges.push_back({std::move(moves), 0});
    return static_cast<std::uint32_t>(function_.edges.size() - 1);
}

void FunctionBuilder::jump(std::uint32_t edge) {
    plain(Op::jump);
    last().index = edge;
}

void FunctionBuilder::branch(ValueId condition, std::uint32_t yes, std::uint32_t no) {
    plain(Op::branch, condition, yes, no);
}

void FunctionBuilder::land(std::uint32_t edge) {
    function_.edges[edge].target = static_cast<std::uint32_t>(function_.code.size());
}

void FunctionBuilder::give_back(std::vector<ValueId> values) {
    plain(Op::give_back);
    last().index = static_cast<std::uint32_t>(function_.calls.size());
    function_.calls.push_back({kernel::none, kernel::none, std::move(values), {}});
}

void FunctionBuilder::line(std::uint32_t line, const std::string& file) {
    image_.files.push_back(file);
    place_ = static_cast<std::uint32_t>(image_.places.size());
    image_.places.push_back({static_cast<std::uint32_t>(image_.files.size() - 1), line, name_, kernel::none});
}

void FunctionBuilder::done() {
    const auto settle = [&](std::uint32_t& id) {
        if (id != kernel::none && (id & constant_bit) != 0) id = function_.values + (id & ~constant_bit);
    };
    for (kernel::Instruction& in : function_.code) {
        settle(in.a);
        if (in.op == Op::branch) continue;
        settle(in.b);
        settle(in.c);
    }
    for (kernel::Edge& edge : function_.edges)
        for (auto& move : edge.moves) settle(move.second);
    for (kernel::Call& call : function_.calls) {
        settle(call.target);
        for (ValueId& each : call.arguments) settle(each);
    }
    for (kernel::AssemblyCall& call : function_.assembly)
        for (ValueId& each : call.arguments) settle(each);
    image_.functions[image_.symbols[symbol_].function] = std::move(function_);
}

std::uint32_t declare_function(kernel::Image& image, const std::string& name, bool weak) {
    kernel::Symbol symbol;
    symbol.name = name;
    symbol.is_function = true;
    symbol.weak = weak;
    image.symbols.push_back(symbol);
    return static_cast<std::uint32_t>(image.symbols.size() - 1);
}

std::uint32_t add_variable(kernel::Image& image, const std::string& name, std::vector<std::uint8_t> bytes) {
    kernel::Symbol symbol;
    symbol.name = name;
    symbol.defined = true;
    symbol.size = bytes.size();
    symbol.alignment = 8;
    symbol.bytes = std::move(bytes);
    image.symbols.push_back(symbol);
    return static_cast<std::uint32_t>(image.symbols.size() - 1);
}

std::uint32_t declare_variable(kernel::Image& image, const std::string& name, std::uint64_t size) {
    kernel::Symbol symbol;
    symbol.name = name;
    symbol.size = size;
    image.symbols.push_back(symbol);
    return static_cast<std::uint32_t>(image.symbols.size() - 1);
}

void TextSink::add(const std::string& line, interpreter::StackId stack) {
    log += line + "\n";
    stacks.push_back(stack);
}

void TextSink::table_store(const interpreter::TableStore& store, interpreter::StackId stack) {
    add(fmt::format("store {:#x}: {} = {:#x}{}", store.pa,
                    store.before_known ? fmt::format("{:#x}", store.before) : "unknown", store.after,
                    store.atomic ? " atomic" : ""),
        stack);
}

void TextSink::tlbi(const model::TlbiOp& op, std::uint64_t operand, interpreter::StackId stack) {
    add(fmt::format("{} {:#x}", model::to_string(op), operand), stack);
}

void TextSink::barrier(const model::Barrier& barrier, interpreter::StackId stack) {
    add(model::to_string(barrier), stack);
}

bool TextSink::register_written(kernel::assembly::SystemRegister reg, std::uint64_t value,
                                interpreter::StackId stack) {
    if (reg != kernel::assembly::vttbr_el2) return false;
    add(fmt::format("MSR {} {:#x}", kernel::assembly::to_string(reg), value), stack);
    return true;
}

void TextSink::hypercall(bool entry, interpreter::StackId stack) {
    add(entry ? "HVC" : "ERET", stack);
}

void TextSink::free_pages(std::uint64_t pa, std::uint64_t bytes, interpreter::StackId stack) {
    add(fmt::format("free {:#x} {}", pa, bytes), stack);
}

std::uint64_t TextSink::allocate_pages(std::uint64_t bytes, bool zeroed, interpreter::StackId stack) {
    const std::uint64_t pa = next_page;
    next_page += bytes;
    add(fmt::format("allocate {} {}", bytes, zeroed ? "zero" : "unknown"), stack);
    return pa;
}

void TextSink::stub_called(const std::string& function, const std::string& what,
                           interpreter::StackId /*stack*/) {
    told += fmt::format("{} {}\n", function, what);
}

void TextSink::extern_read(const std::string& variable, interpreter::StackId /*stack*/) {
    told += fmt::format("extern {}\n", variable);
}

void TextSink::capability_asked(unsigned number, bool present, interpreter::StackId /*stack*/) {
    told += fmt::format("capability {} {}\n", number, present);
}

void TextSink::register_read(const std::string& name, std::uint64_t value, interpreter::StackId /*stack*/) {
    told += fmt::format("register {} {:#x}\n", name, value);
}

void TextSink::warned(const std::string& text, interpreter::StackId stack) {
    add("warn " + text, stack);
}

interpreter::Setup Bench::usual_setup() {
    interpreter::Setup setup;
    setup.layout.memstart = 0x4000'0000;
    setup.layout.image_pa = 0x6000'0000;
    setup.layout.vmemmap_first = 0xffff'fc00'0000'0000;
    setup.layout.vmemmap_last = 0xffff'fdff'ffff'ffff;
    setup.layout.vmemmap_page0 = setup.layout.vmemmap_first - setup.layout.memstart / 4096 * 64;
    return setup;
}

interpreter::Machine& Bench::machine() {
    if (!made) made = std::make_unique<interpreter::Machine>(image, setup, sink);
    return *made;
}

std::uint64_t Bench::run(const std::string& function, std::vector<std::uint64_t> arguments) {
    return machine().run(function, arguments);
}

std::string Bench::refusal(const std::string& function, std::vector<std::uint64_t> arguments) {
    try {
        run(function, std::move(arguments));
    } catch (const interpreter::Refusal& refused) {
        return refused.what();
    }
    return {};
}

}  // namespace tlbcheck::tests
