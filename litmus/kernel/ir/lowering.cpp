// SPDX-License-Identifier: Apache-2.0
//
// What a module has beside code: symbols with their initialisers, names, places.

#include "litmus/kernel/ir/lowering.hpp"

#include <llvm/IR/GlobalAlias.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/Operator.h>

#include <algorithm>

namespace tlbcheck::litmus::kernel::ir {

Lowering::Lowering(llvm::Module& module, Image& image)
    : module_(module), image_(image), layout_(module.getDataLayout()) {}

void Lowering::run() {
    if (!module_.getModuleInlineAsm().empty()) image_.module_assembly.push_back(module_.getModuleInlineAsm());
    for (const llvm::DICompileUnit* unit : module_.debug_compile_units()) {
        image_.producers.push_back(unit->getProducer().str());
        image_.folders.push_back(unit->getDirectory().str());
    }
    add_symbols();
    add_types();
    for (llvm::Function& function : module_) {
        if (function.isDeclaration()) continue;
        Function lowered = lower_function(*this, function);
        lowered.symbol = symbol(function);
        image_.symbols[lowered.symbol].function = static_cast<std::uint32_t>(image_.functions.size());
        image_.functions.push_back(std::move(lowered));
    }
    find_linear_map();
    strip_tree();
}

/// Files are named as the kernel's tree has them, wherever it lay: what stands before arch/arm64/ is taken
/// off all.
void Lowering::strip_tree() {
    constexpr llvm::StringRef mark = "arch/arm64/";
    for (const std::string& file : image_.files) {
        const std::size_t at = llvm::StringRef(file).find(mark);
        if (at == llvm::StringRef::npos || at == 0 || file.find("generated") != std::string::npos) continue;
        const std::string prefix = file.substr(0, at);
        for (std::string& each : image_.files)
            if (llvm::StringRef(each).starts_with(prefix)) each.erase(0, prefix.size());
        return;
    }
}

std::uint32_t Lowering::name(llvm::StringRef text) {
    const auto [found, added] = names_.emplace(text.str(), static_cast<std::uint32_t>(image_.names.size()));
    if (added) image_.names.push_back(text.str());
    return found->second;
}

std::uint32_t Lowering::number(std::uint64_t value) {
    const auto [found, added] = numbers_.emplace(value, static_cast<std::uint32_t>(image_.numbers.size()));
    if (added) image_.numbers.push_back(value);
    return found->second;
}

std::uint32_t Lowering::file(const llvm::DIFile* file) {
    if (file == nullptr) return none;
    const auto [found, added] =
        files_.emplace(file->getFilename().str(), static_cast<std::uint32_t>(image_.files.size()));
    if (added) image_.files.push_back(file->getFilename().str());
    return found->second;
}

std::uint32_t Lowering::place(const llvm::DILocation* location) {
    if (location == nullptr) return none;
    if (const auto known = locations_.find(location); known != locations_.end()) return known->second;
    CodePlace result;
    result.file = file(location->getFile());
    result.line = location->getLine();
    if (const llvm::DISubprogram* function = location->getScope()->getSubprogram())
        result.function = name(function->getName());
    result.inlined_at = place(location->getInlinedAt());
    const auto [found, added] = places_.emplace(result, static_cast<std::uint32_t>(image_.places.size()));
    if (added) image_.places.push_back(result);
    locations_.emplace(location, found->second);
    return found->second;
}

std::uint32_t Lowering::place(const llvm::DISubprogram* function) {
    if (function == nullptr) return none;
    CodePlace result;
    result.file = file(function->getFile());
    result.line = function->getLine();
    result.function = name(function->getName());
    const auto [found, added] = places_.emplace(result, static_cast<std::uint32_t>(image_.places.size()));
    if (added) image_.places.push_back(result);
    return found->second;
}

std::uint32_t Lowering::symbol(const llvm::GlobalValue& value) {
    return symbols_.at(&value);
}

bool Lowering::scalars(llvm::Type* type, std::vector<Scalar>& out, std::uint64_t offset) const {
    constexpr std::size_t most_scalars = 64;
    if (type->isVoidTy()) return true;
    if (type->isPointerTy() || (type->isIntegerTy() && type->getIntegerBitWidth() <= 64)) {
        out.push_back({offset, type->isPointerTy() ? 64U : type->getIntegerBitWidth()});
        return out.size() <= most_scalars;
    }
    if (auto* const structure = llvm::dyn_cast<llvm::StructType>(type)) {
        const llvm::StructLayout* const places = layout_.getStructLayout(structure);
        for (unsigned i = 0; i < structure->getNumElements(); ++i)
            if (!scalars(structure->getElementType(i), out, offset + places->getElementOffset(i)))
                return false;
        return true;
    }
    if (auto* const array = llvm::dyn_cast<llvm::ArrayType>(type)) {
        const std::uint64_t step = layout_.getTypeAllocSize(array->getElementType());
        if (array->getNumElements() > most_scalars) return false;
        for (std::uint64_t i = 0; i < array->getNumElements(); ++i)
            if (!scalars(array->getElementType(), out, offset + i * step)) return false;
        return true;
    }
    return false;
}

std::optional<Constant> Lowering::constant(const llvm::Constant& value) {
    if (const auto* number = llvm::dyn_cast<llvm::ConstantInt>(&value)) {
        if (number->getBitWidth() > 64) return std::nullopt;
        return Constant{number->getZExtValue(), none};
    }
    // Undefined values are zero, as unset memory is: one of the values they may have.
    if (value.isNullValue() || llvm::isa<llvm::UndefValue>(value)) return Constant{};
    if (const auto* alias = llvm::dyn_cast<llvm::GlobalAlias>(&value)) return constant(*alias->getAliasee());
    if (const auto* global = llvm::dyn_cast<llvm::GlobalValue>(&value)) return Constant{0, symbol(*global)};
    const auto* const expression = llvm::dyn_cast<llvm::ConstantExpr>(&value);
    if (expression == nullptr) return std::nullopt;
    if (const auto* gep = llvm::dyn_cast<llvm::GEPOperator>(expression)) {
        llvm::APInt offset(64, 0);
        auto base = constant(*llvm::cast<llvm::Constant>(gep->getPointerOperand()));
        if (!base || !gep->accumulateConstantOffset(layout_, offset)) return std::nullopt;
        base->number += static_cast<std::uint64_t>(offset.getSExtValue());
        return base;
    }
    const auto first = constant(*expression->getOperand(0));
    switch (expression->getOpcode()) {
        case llvm::Instruction::PtrToInt:
        case llvm::Instruction::IntToPtr:
        case llvm::Instruction::BitCast:
        case llvm::Instruction::AddrSpaceCast:
            return first;
        default:
            break;
    }
    if (expression->getNumOperands() != 2 || !first) return std::nullopt;
    const auto second = constant(*expression->getOperand(1));
    if (!second) return std::nullopt;
    if (expression->getOpcode() == llvm::Instruction::Add &&
        (first->symbol == none || second->symbol == none))
        return Constant{first->number + second->number,
                        first->symbol == none ? second->symbol : first->symbol};
    if (expression->getOpcode() == llvm::Instruction::Sub && second->symbol == none)
        return Constant{first->number - second->number, first->symbol};
    return std::nullopt;
}

void Lowering::initialise(Symbol& symbol, const llvm::Constant& value, std::uint64_t offset) {
    if (value.isNullValue() || llvm::isa<llvm::UndefValue>(value)) return;
    llvm::Type* const type = value.getType();
    if (const auto* data = llvm::dyn_cast<llvm::ConstantDataSequential>(&value)) {
        const llvm::StringRef raw = data->getRawDataValues();
        std::copy(raw.begin(), raw.end(), symbol.bytes.begin() + static_cast<std::ptrdiff_t>(offset));
        return;
    }
    if (auto* const structure = llvm::dyn_cast<llvm::StructType>(type)) {
        const llvm::StructLayout* const places = layout_.getStructLayout(structure);
        for (unsigned i = 0; i < structure->getNumElements(); ++i)
            initialise(symbol, *value.getAggregateElement(i), offset + places->getElementOffset(i));
        return;
    }
    if (auto* const array = llvm::dyn_cast<llvm::ArrayType>(type)) {
        const std::uint64_t step = layout_.getTypeAllocSize(array->getElementType());
        for (unsigned i = 0; i < array->getNumElements(); ++i)
            initialise(symbol, *value.getAggregateElement(i), offset + i * step);
        return;
    }
    const std::uint64_t bytes = std::min<std::uint64_t>(layout_.getTypeStoreSize(type), 8);
    const auto known = constant(value);
    if (!known) {
        if (!initialise_difference(symbol, value, offset)) symbol.unknown.emplace_back(offset, bytes);
        return;
    }
    if (known->symbol != none) {
        symbol.relocations.push_back({offset, *known, none, static_cast<std::uint8_t>(bytes)});
        return;
    }
    for (std::uint64_t i = 0; i < bytes; ++i)
        symbol.bytes[offset + i] = static_cast<std::uint8_t>(known->number >> (8 * i));
}

/// The distance of two addresses, as tables of offsets have it: "a - b", perhaps cut to fewer bits.
bool Lowering::initialise_difference(Symbol& symbol, const llvm::Constant& value, std::uint64_t offset) {
    const auto* expression = llvm::dyn_cast<llvm::ConstantExpr>(&value);
    if (expression != nullptr && expression->getOpcode() == llvm::Instruction::Trunc)
        expression = llvm::dyn_cast<llvm::ConstantExpr>(expression->getOperand(0));
    if (expression == nullptr || expression->getOpcode() != llvm::Instruction::Sub) return false;
    auto first = constant(*expression->getOperand(0));
    const auto second = constant(*expression->getOperand(1));
    if (!first || !second || first->symbol == none || second->symbol == none) return false;
    first->number -= second->number;
    symbol.relocations.push_back(
        {offset, *first, second->symbol,
         static_cast<std::uint8_t>(std::min<std::uint64_t>(layout_.getTypeStoreSize(value.getType()), 8))});
    return true;
}

void Lowering::add_symbols() {
    const auto add = [&](const llvm::GlobalValue& value, bool function) {
        Symbol result;
        result.name = value.getName().str();
        result.is_function = function;
        result.defined = !value.isDeclaration();
        result.weak = value.hasWeakLinkage() || value.hasExternalWeakLinkage();
        symbols_.emplace(&value, static_cast<std::uint32_t>(image_.symbols.size()));
        image_.symbols.push_back(std::move(result));
    };
    for (const llvm::Function& function : module_) {
        add(function, true);
        image_.symbols.back().place = place(function.getSubprogram());
    }
    for (const llvm::GlobalVariable& variable : module_.globals()) add(variable, false);
    for (const llvm::GlobalVariable& variable : module_.globals()) {
        Symbol& result = image_.symbols[symbol(variable)];
        if (variable.getValueType()->isSized())
            result.size = layout_.getTypeAllocSize(variable.getValueType());
        result.alignment = layout_.getPreferredAlign(&variable).value();
        if (!variable.hasInitializer() || variable.getInitializer()->isNullValue()) continue;
        constexpr std::uint64_t most_bytes = 64U << 20U;
        if (result.size > most_bytes) continue;
        result.bytes.resize(result.size);
        Symbol filled = std::move(result);
        initialise(filled, *variable.getInitializer(), 0);
        image_.symbols[symbol(variable)] = std::move(filled);
    }
}

/// Physical addresses become virtual ones by "or" with the base of the linear map, -1 << VA_BITS, in nearly
/// every function that walks a table. 48 and 52 bits are also told by other uses; for fewer bits such a
/// number is rather a mask.
void Lowering::find_linear_map() {
    std::map<std::uint64_t, unsigned> joined;
    std::map<std::uint64_t, unsigned> seen;
    for (const Function& function : image_.functions) {
        for (const Constant& each : function.constants)
            if (each.symbol == none) ++seen[each.number];
        for (const Instruction& in : function.code) {
            if (in.op != Op::or_) continue;
            for (const ValueId id : {in.a, in.b})
                if (id >= function.values && id - function.values < function.constants.size())
                    ++joined[function.constants[id - function.values].number];
        }
    }
    unsigned most = 0;
    const auto take_most = [&](std::map<std::uint64_t, unsigned>& counts,
                               std::initializer_list<int> candidates) {
        for (const int bits : candidates) {
            const unsigned count = counts[~std::uint64_t{0} << static_cast<unsigned>(bits)];
            if (count <= most) continue;
            most = count;
            image_.va_bits = bits;
        }
    };
    take_most(joined, {48, 52, 39, 42, 47});
    if (most == 0) take_most(seen, {48, 52});
}

}  // namespace tlbcheck::litmus::kernel::ir
