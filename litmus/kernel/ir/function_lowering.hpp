// SPDX-License-Identifier: Apache-2.0
//
// One function while it is lowered.
#pragma once

#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "litmus/kernel/ir/lowering.hpp"

namespace tlbcheck::litmus::kernel::ir {

/// While a function is lowered, a constant's ValueId has this bit; the rest is its index in
/// Function::constants.
inline constexpr ValueId constant_bit = 0x80000000U;

class FunctionLowering {
  public:
    FunctionLowering(Lowering& lowering, llvm::Function& function) : low_(lowering), in_(function) {}
    Function run();

  private:
    // function_lowering.cpp
    void number_values();
    void block(llvm::BasicBlock& block);
    void instruction(llvm::Instruction& in);
    std::uint32_t edge(const llvm::BasicBlock* from, const llvm::BasicBlock* to);
    void finish_edges();
    void settle_constants();
    ValueId number(std::uint64_t value);
    ValueId fresh(std::uint32_t count = 1);
    ValueId result(const llvm::Instruction& in);
    /// The first scalar of a value; its others follow. Scalars of constants are made one by one.
    ValueId operand(const llvm::Value* value);
    std::vector<ValueId> operands(const llvm::Value* value);
    std::vector<Lowering::Scalar> scalars(llvm::Type* type) const;
    unsigned bits(const llvm::Value* value) const;
    Instruction& emit(Op op, unsigned bits, ValueId result, std::uint32_t a = none, std::uint32_t b = none,
                      std::uint32_t c = none);
    void copy(ValueId to, ValueId from, unsigned bits) { emit(Op::truncate, bits, to, from); }
    void refuse(const llvm::Instruction& in, const std::string& why);
    bool supported(const llvm::Instruction& in) const;

    // instruction_lowering.cpp
    void binary(llvm::BinaryOperator& in);
    void compare(llvm::ICmpInst& in);
    void cast(llvm::CastInst& in);
    void address(llvm::GetElementPtrInst& in);
    void load(llvm::LoadInst& in);
    void store(llvm::StoreInst& in);
    void allocate(llvm::AllocaInst& in);
    void aggregate(llvm::Instruction& in);
    void terminator(llvm::Instruction& in);
    void exchange(llvm::AtomicRMWInst& in);
    void compare_exchange(llvm::AtomicCmpXchgInst& in);
    std::uint32_t scalar_index(llvm::Type* type, llvm::ArrayRef<unsigned> path) const;

    // call_lowering.cpp
    void call(llvm::CallBase& in);
    void assembly(llvm::CallBase& in, const llvm::InlineAsm& text);
    bool intrinsic(llvm::IntrinsicInst& in);
    void overflow(llvm::IntrinsicInst& in, Op op, bool is_signed);
    void three_way(llvm::IntrinsicInst& in, bool is_signed);

    Lowering& low_;
    llvm::Function& in_;
    Function out_;
    std::unordered_map<const llvm::Value*, ValueId> values_;
    std::unordered_map<const llvm::BasicBlock*, std::uint32_t> starts_;
    std::map<Constant, ValueId> constants_;
    std::vector<const llvm::BasicBlock*> targets_;  ///< of the edges
    std::vector<llvm::unique_value> computed_;      ///< constant expressions as instructions
    std::uint32_t place_ = none;
};

}  // namespace tlbcheck::litmus::kernel::ir
