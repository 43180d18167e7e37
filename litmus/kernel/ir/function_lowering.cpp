// SPDX-License-Identifier: Apache-2.0
//
// Values numbered, blocks put one after the other, phis made into moves on edges.

#include "litmus/kernel/ir/function_lowering.hpp"

#include <llvm/IR/InlineAsm.h>

namespace tlbcheck::litmus::kernel::ir {

Function FunctionLowering::run() {
    out_.place = low_.place(in_.getSubprogram());
    place_ = out_.place;
    number_values();
    for (llvm::BasicBlock& each : in_) block(each);
    finish_edges();
    settle_constants();
    return std::move(out_);
}

/// Constants stand behind the values, whose number is known only now.
void FunctionLowering::settle_constants() {
    const auto settle = [&](ValueId& id) {
        if (id != none && (id & constant_bit) != 0) id = out_.values + (id & ~constant_bit);
    };
    for (Instruction& in : out_.code) {
        settle(in.a);
        if (in.op == Op::branch) continue;  // b and c are edges
        settle(in.b);
        settle(in.c);
    }
    for (Edge& each : out_.edges)
        for (auto& move : each.moves) settle(move.second);
    for (Call& each : out_.calls) {
        settle(each.target);
        for (ValueId& argument : each.arguments) settle(argument);
    }
    for (AssemblyCall& each : out_.assembly)
        for (ValueId& argument : each.arguments) settle(argument);
}

std::vector<Lowering::Scalar> FunctionLowering::scalars(llvm::Type* type) const {
    std::vector<Lowering::Scalar> result;
    if (!low_.scalars(type, result)) result.clear();
    return result;
}

unsigned FunctionLowering::bits(const llvm::Value* value) const {
    llvm::Type* const type = value->getType();
    return type->isIntegerTy() ? type->getIntegerBitWidth() : 64;
}

ValueId FunctionLowering::fresh(std::uint32_t count) {
    const ValueId first = out_.values;
    out_.values += count;
    return first;
}

void FunctionLowering::number_values() {
    const auto add = [&](const llvm::Value& value) {
        if (value.getType()->isVoidTy()) return;
        values_.emplace(&value, fresh(static_cast<std::uint32_t>(scalars(value.getType()).size())));
    };
    for (const llvm::Argument& argument : in_.args()) add(argument);
    out_.arguments = out_.values;
    add_parameters(low_, in_, values_, out_);
    for (const llvm::BasicBlock& each : in_)
        for (const llvm::Instruction& in : each) add(in);
}

ValueId FunctionLowering::number(std::uint64_t value) {
    const Constant constant{value, none};
    const auto [found, added] =
        constants_.emplace(constant, static_cast<ValueId>(out_.constants.size()) | constant_bit);
    if (added) out_.constants.push_back(constant);
    return found->second;
}

ValueId FunctionLowering::result(const llvm::Instruction& in) {
    return values_.at(&in);
}

std::vector<ValueId> FunctionLowering::operands(const llvm::Value* value) {
    const std::vector<Lowering::Scalar> parts = scalars(value->getType());
    std::vector<ValueId> result;
    if (const auto* constant = llvm::dyn_cast<llvm::Constant>(value)) {
        if (parts.size() == 1 && !value->getType()->isAggregateType()) return {operand(value)};
        if (constant->isNullValue() || llvm::isa<llvm::UndefValue>(constant))
            return std::vector<ValueId>(parts.size(), number(0));
        for (unsigned i = 0; constant->getAggregateElement(i) != nullptr; ++i)
            for (const ValueId each : operands(constant->getAggregateElement(i))) result.push_back(each);
        return result;
    }
    const ValueId first = values_.at(value);
    for (std::uint32_t i = 0; i < parts.size(); ++i) result.push_back(first + i);
    return result;
}

ValueId FunctionLowering::operand(const llvm::Value* value) {
    const auto* const constant = llvm::dyn_cast<llvm::Constant>(value);
    if (constant == nullptr) {
        const auto found = values_.find(value);
        return found == values_.end() ? number(0) : found->second;  // metadata and the like
    }
    if (const auto known = low_.constant(*constant)) {
        const auto [found, added] =
            constants_.emplace(*known, static_cast<ValueId>(out_.constants.size()) | constant_bit);
        if (added) out_.constants.push_back(*known);
        return found->second;
    }
    const std::vector<ValueId> parts =
        constant->getType()->isAggregateType() ? operands(value) : std::vector<ValueId>();
    if (!parts.empty()) return parts.front();
    // An expression of addresses is computed where it is used.
    const auto* const expression = llvm::dyn_cast<llvm::ConstantExpr>(constant);
    llvm::Instruction* const in = expression == nullptr ? nullptr : expression->getAsInstruction();
    if (in != nullptr) {
        computed_.emplace_back(in);
        if (supported(*in)) {
            values_.emplace(in, fresh(static_cast<std::uint32_t>(scalars(in->getType()).size())));
            instruction(*in);
            return result(*in);
        }
    }
    Instruction& message = emit(Op::refused, 64, none);
    message.index = low_.name("a constant expression that is not modelled");
    return number(0);
}

Instruction& FunctionLowering::emit(Op op, unsigned bits, ValueId result, std::uint32_t a, std::uint32_t b,
                                    std::uint32_t c) {
    Instruction out;
    out.op = op;
    out.bits = static_cast<std::uint8_t>(bits);
    out.result = result;
    out.a = a;
    out.b = b;
    out.c = c;
    out.place = place_;
    out_.code.push_back(out);
    return out_.code.back();
}

void FunctionLowering::refuse(const llvm::Instruction& in, const std::string& why) {
    std::string text;
    if (why.empty()) {
        llvm::raw_string_ostream out(text);
        out << "instruction '" << in.getOpcodeName() << "' on ";
        in.getType()->print(out);
    }
    emit(Op::refused, 64, none).index = low_.name(why.empty() ? text + ": not modelled" : why);
}

/// True iff all types are made of integers up to 64 bits and pointers.
bool FunctionLowering::supported(const llvm::Instruction& in) const {
    const auto modelled = [&](llvm::Type* type) {
        std::vector<Lowering::Scalar> parts;
        return type->isLabelTy() || type->isMetadataTy() || low_.scalars(type, parts);
    };
    if (!modelled(in.getType())) return false;
    for (const llvm::Use& use : in.operands())
        if (!llvm::isa<llvm::Function>(use.get()) && !llvm::isa<llvm::InlineAsm>(use.get()) &&
            !modelled(use->getType()))
            return false;
    return true;
}

void FunctionLowering::block(llvm::BasicBlock& block) {
    starts_[&block] = static_cast<std::uint32_t>(out_.code.size());
    for (llvm::Instruction& in : block) {
        if (llvm::isa<llvm::PHINode>(in)) continue;
        if (const llvm::DebugLoc& at = in.getDebugLoc()) place_ = low_.place(at.get());
        if (!supported(in))
            refuse(in, "");
        else
            instruction(in);
    }
}

std::uint32_t FunctionLowering::edge(const llvm::BasicBlock* from, const llvm::BasicBlock* to) {
    Edge result;
    for (const llvm::PHINode& phi : to->phis()) {
        const std::vector<ValueId> values = operands(phi.getIncomingValueForBlock(from));
        const ValueId first = values_.at(&phi);
        for (std::uint32_t i = 0; i < values.size(); ++i) result.moves.emplace_back(first + i, values[i]);
    }
    out_.edges.push_back(std::move(result));
    targets_.push_back(to);
    return static_cast<std::uint32_t>(out_.edges.size() - 1);
}

void FunctionLowering::finish_edges() {
    for (std::size_t i = 0; i < out_.edges.size(); ++i) out_.edges[i].target = starts_.at(targets_[i]);
}

Function lower_function(Lowering& lowering, llvm::Function& function) {
    return FunctionLowering(lowering, function).run();
}

}  // namespace tlbcheck::litmus::kernel::ir
