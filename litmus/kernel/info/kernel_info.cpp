// SPDX-License-Identifier: Apache-2.0
//
// Functions followed through their calls, reads of the CPU's capabilities collected.
#include "litmus/kernel/info/kernel_info.hpp"

#include <algorithm>
#include <variant>

#include "litmus/kernel/asm/error.hpp"
#include "litmus/kernel/asm/program.hpp"
#include "litmus/kernel/interpreter/setup.hpp"

namespace tlbcheck::litmus::kernel::info {
namespace {

class Survey {
  public:
    explicit Survey(const Image& image) : image_(image), reached_(image.symbols.size(), false) {}

    void reach(std::uint32_t symbol) {
        if (symbol == none || reached_[symbol]) return;
        reached_[symbol] = true;
        open_.push_back(symbol);
    }

    KernelInfo run() {
        while (!open_.empty()) {
            const std::uint32_t next = open_.back();
            open_.pop_back();
            const Symbol& symbol = image_.symbols[next];
            if (symbol.is_function)
                function(symbol);
            else
                variable(symbol);
        }
        result_.producers = image_.producers;
        result_.va_bits = image_.va_bits;
        const auto by_name = [](const auto& a, const auto& b) { return a.name < b.name; };
        std::ranges::sort(result_.functions, by_name);
        std::ranges::sort(result_.externs, by_name);
        std::ranges::sort(result_.variables, by_name);
        std::ranges::sort(result_.refused,
                          [](const Refused& a, const Refused& b) { return a.location < b.location; });
        return std::move(result_);
    }

  private:
    Location location(std::uint32_t place, const std::string& function) const {
        Location result{function, {}, 0};
        if (place == none) return result;
        const CodePlace& at = image_.places[place];
        if (at.function != none) result.function = image_.names[at.function];
        if (at.file != none) result.file = image_.files[at.file];
        result.line = at.line;
        return result;
    }

    void variable(const Symbol& symbol) {
        result_.variables.push_back({symbol.name, symbol.size, symbol.defined});
        for (const Relocation& each : symbol.relocations) reach(each.value.symbol);
    }

    void function(const Symbol& symbol) {
        if (!symbol.defined) {
            const auto stub = interpreter::find_stub(symbol.name);
            result_.externs.push_back({symbol.name, stub ? describe(*stub) : "", symbol.weak});
            return;
        }
        const Function& code = image_.functions[symbol.function];
        const auto stub = interpreter::find_replacing_stub(symbol.name);
        result_.functions.push_back(
            {symbol.name, location(code.place, symbol.name), stub ? describe(*stub) : ""});
        if (stub) return;
        for (const Constant& each : code.constants) reach(each.symbol);
        for (const Call& call : code.calls) reach(call.callee);
        for (const Instruction& in : code.code) {
            if (in.op == Op::refused) result_.refused.push_back({location(in.place, symbol.name), why(in)});
            if (in.op == Op::assembly) assembly(code.assembly[in.index], location(in.place, symbol.name));
        }
    }

    std::string why(const Instruction& in) const {
        return in.index < image_.names.size() ? image_.names[in.index] : "an instruction that is not run";
    }

    void assembly(const AssemblyCall& call, const Location& at) {
        try {
            const assembly::Program program =
                assembly::assemble({call.text, call.constraints, call.constants});
            for (const unsigned each : program.capabilities) result_.capabilities.emplace(each, at);
            for (const assembly::MicroOp& op : program.ops) {
                const auto* refused = std::get_if<assembly::Refused>(&op);
                if (refused != nullptr && !refused->guard) result_.refused.push_back({at, refused->message});
                const auto* alternative = std::get_if<assembly::Alternative>(&op);
                if (alternative == nullptr) continue;
                for (const assembly::Alternative::Choice& choice : alternative->choices)
                    if (!choice.refused.empty()) result_.refused.push_back({at, choice.refused});
            }
        } catch (const assembly::AsmError& error) {
            result_.refused.push_back({at, error.what()});
        }
    }

    const Image& image_;
    std::vector<bool> reached_;
    std::vector<std::uint32_t> open_;
    KernelInfo result_;
};

}  // namespace

std::optional<KernelInfo> kernel_info(const Image& image, const std::optional<std::string>& entry) {
    Survey survey(image);
    if (entry) {
        const auto symbol = image.find_symbol(*entry);
        if (!symbol || !image.symbols[*symbol].is_function || !image.symbols[*symbol].defined)
            return std::nullopt;
        survey.reach(*symbol);
        return survey.run();
    }
    for (std::uint32_t i = 0; i < image.symbols.size(); ++i)
        if (image.symbols[i].is_function && image.symbols[i].defined) survey.reach(i);
    return survey.run();
}

std::vector<std::string> defined_functions(const Image& image) {
    std::vector<std::string> result;
    for (const Symbol& symbol : image.symbols)
        if (symbol.is_function && symbol.defined) result.push_back(symbol.name);
    std::ranges::sort(result);
    return result;
}

}  // namespace tlbcheck::litmus::kernel::info
