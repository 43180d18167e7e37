// SPDX-License-Identifier: Apache-2.0
//
// Arithmetic, memory and control; calls are in call_lowering.cpp.

#include <llvm/IR/GetElementPtrTypeIterator.h>
#include <llvm/IR/Operator.h>

#include "litmus/kernel/ir/function_lowering.hpp"

namespace tlbcheck::litmus::kernel::ir {
namespace {

constexpr std::uint8_t is_volatile = 1;
constexpr std::uint8_t acquires = 2;
constexpr std::uint8_t releases = 4;

std::uint8_t order_bits(llvm::AtomicOrdering order) {
    std::uint8_t result = 0;
    if (llvm::isAcquireOrStronger(order)) result |= acquires;
    if (llvm::isReleaseOrStronger(order)) result |= releases;
    return result;
}

}  // namespace

void FunctionLowering::instruction(llvm::Instruction& in) {
    if (auto* each = llvm::dyn_cast<llvm::BinaryOperator>(&in)) return binary(*each);
    if (auto* each = llvm::dyn_cast<llvm::ICmpInst>(&in)) return compare(*each);
    if (auto* each = llvm::dyn_cast<llvm::CastInst>(&in)) return cast(*each);
    if (auto* each = llvm::dyn_cast<llvm::GetElementPtrInst>(&in)) return address(*each);
    if (auto* each = llvm::dyn_cast<llvm::LoadInst>(&in)) return load(*each);
    if (auto* each = llvm::dyn_cast<llvm::StoreInst>(&in)) return store(*each);
    if (auto* each = llvm::dyn_cast<llvm::AllocaInst>(&in)) return allocate(*each);
    if (auto* each = llvm::dyn_cast<llvm::AtomicRMWInst>(&in)) return exchange(*each);
    if (auto* each = llvm::dyn_cast<llvm::AtomicCmpXchgInst>(&in)) return compare_exchange(*each);
    if (auto* each = llvm::dyn_cast<llvm::CallBase>(&in)) return call(*each);
    if (auto* each = llvm::dyn_cast<llvm::FenceInst>(&in)) {
        // Within one thread it is for the compiler only, and no barrier.
        if (each->getSyncScopeID() == llvm::SyncScope::SingleThread) return;
        emit(Op::fence, 64, none).extra = order_bits(each->getOrdering());
        return;
    }
    if (auto* each = llvm::dyn_cast<llvm::SelectInst>(&in)) {
        const std::vector<ValueId> yes = operands(each->getTrueValue());
        const std::vector<ValueId> no = operands(each->getFalseValue());
        const ValueId condition = operand(each->getCondition());
        for (std::uint32_t i = 0; i < yes.size(); ++i)
            emit(Op::select, 64, result(in) + i, condition, yes[i], no[i]);
        return;
    }
    if (in.isTerminator()) return terminator(in);
    aggregate(in);
}

void FunctionLowering::binary(llvm::BinaryOperator& in) {
    using I = llvm::Instruction;
    Op op = Op::refused;
    switch (in.getOpcode()) {
        case I::Add:
            op = Op::add;
            break;
        case I::Sub:
            op = Op::sub;
            break;
        case I::Mul:
            op = Op::mul;
            break;
        case I::UDiv:
            op = Op::udiv;
            break;
        case I::SDiv:
            op = Op::sdiv;
            break;
        case I::URem:
            op = Op::urem;
            break;
        case I::SRem:
            op = Op::srem;
            break;
        case I::Shl:
            op = Op::shl;
            break;
        case I::LShr:
            op = Op::lshr;
            break;
        case I::AShr:
            op = Op::ashr;
            break;
        case I::And:
            op = Op::and_;
            break;
        case I::Or:
            op = Op::or_;
            break;
        case I::Xor:
            op = Op::xor_;
            break;
        default:
            return refuse(in, "");
    }
    const ValueId a = operand(in.getOperand(0));
    const ValueId b = operand(in.getOperand(1));
    emit(op, bits(&in), result(in), a, b);
}

void FunctionLowering::compare(llvm::ICmpInst& in) {
    using P = llvm::CmpInst;
    Op op = Op::eq;
    switch (in.getPredicate()) {
        case P::ICMP_EQ:
            op = Op::eq;
            break;
        case P::ICMP_NE:
            op = Op::ne;
            break;
        case P::ICMP_ULT:
            op = Op::ult;
            break;
        case P::ICMP_ULE:
            op = Op::ule;
            break;
        case P::ICMP_UGT:
            op = Op::ugt;
            break;
        case P::ICMP_UGE:
            op = Op::uge;
            break;
        case P::ICMP_SLT:
            op = Op::slt;
            break;
        case P::ICMP_SLE:
            op = Op::sle;
            break;
        case P::ICMP_SGT:
            op = Op::sgt;
            break;
        case P::ICMP_SGE:
            op = Op::sge;
            break;
        default:
            return refuse(in, "");
    }
    const ValueId a = operand(in.getOperand(0));
    const ValueId b = operand(in.getOperand(1));
    emit(op, bits(in.getOperand(0)), result(in), a, b);
}

void FunctionLowering::cast(llvm::CastInst& in) {
    const ValueId from = operand(in.getOperand(0));
    if (llvm::isa<llvm::SExtInst>(in)) {
        emit(Op::sign_extend, bits(&in), result(in), from).extra =
            static_cast<std::uint8_t>(bits(in.getOperand(0)));
        return;
    }
    if (llvm::isa<llvm::TruncInst>(in) || llvm::isa<llvm::ZExtInst>(in) ||
        llvm::isa<llvm::PtrToIntInst>(in) || llvm::isa<llvm::IntToPtrInst>(in) ||
        llvm::isa<llvm::BitCastInst>(in))
        return copy(result(in), from, bits(&in));
    refuse(in, "");
}

void FunctionLowering::address(llvm::GetElementPtrInst& in) {
    ValueId at = operand(in.getPointerOperand());
    std::uint64_t offset = 0;
    for (auto step = llvm::gep_type_begin(in), end = llvm::gep_type_end(in); step != end; ++step) {
        llvm::Value* const index = step.getOperand();
        if (llvm::StructType* const structure = step.getStructTypeOrNull()) {
            const auto field = llvm::cast<llvm::ConstantInt>(index)->getZExtValue();
            offset +=
                low_.layout().getStructLayout(structure)->getElementOffset(static_cast<unsigned>(field));
            continue;
        }
        const std::uint64_t scale = step.getSequentialElementStride(low_.layout());
        if (const auto* constant = llvm::dyn_cast<llvm::ConstantInt>(index)) {
            offset += static_cast<std::uint64_t>(constant->getSExtValue()) * scale;
            continue;
        }
        const ValueId next = fresh();
        const ValueId count = operand(index);
        Instruction& add = emit(Op::scaled_add, 64, next, at, count);
        add.extra = static_cast<std::uint8_t>(bits(index));
        add.index = low_.number(scale);
        at = next;
    }
    if (offset == 0) return copy(result(in), at, 64);
    emit(Op::add, 64, result(in), at, number(offset));
}

void FunctionLowering::load(llvm::LoadInst& in) {
    const ValueId at = operand(in.getPointerOperand());
    std::uint8_t extra = in.isVolatile() ? is_volatile : 0;
    if (in.isAtomic()) extra |= order_bits(in.getOrdering());
    ValueId to = result(in);
    for (const Lowering::Scalar& part : scalars(in.getType())) {
        ValueId place = at;
        if (part.offset != 0) {
            place = fresh();
            emit(Op::add, 64, place, at, number(part.offset));
        }
        emit(Op::load, part.bits, to++, place).extra = extra;
    }
}

void FunctionLowering::store(llvm::StoreInst& in) {
    const ValueId at = operand(in.getPointerOperand());
    const std::vector<ValueId> values = operands(in.getValueOperand());
    std::uint8_t extra = in.isVolatile() ? is_volatile : 0;
    if (in.isAtomic()) extra |= order_bits(in.getOrdering());
    std::size_t k = 0;
    for (const Lowering::Scalar& part : scalars(in.getValueOperand()->getType())) {
        ValueId place = at;
        if (part.offset != 0) {
            place = fresh();
            emit(Op::add, 64, place, at, number(part.offset));
        }
        emit(Op::store, part.bits, none, values[k++], place).extra = extra;
    }
}

void FunctionLowering::allocate(llvm::AllocaInst& in) {
    const std::uint64_t bytes = low_.layout().getTypeAllocSize(in.getAllocatedType());
    const ValueId count = operand(in.getArraySize());
    emit(Op::allocate, 64, result(in), count).index = low_.number(bytes);
}

void FunctionLowering::exchange(llvm::AtomicRMWInst& in) {
    using R = llvm::AtomicRMWInst;
    Op op = Op::refused;
    switch (in.getOperation()) {
        case R::Xchg:
            op = Op::exchange_swap;
            break;
        case R::Add:
            op = Op::exchange_add;
            break;
        case R::Sub:
            op = Op::exchange_sub;
            break;
        case R::And:
            op = Op::exchange_and;
            break;
        case R::Nand:
            op = Op::exchange_nand;
            break;
        case R::Or:
            op = Op::exchange_or;
            break;
        case R::Xor:
            op = Op::exchange_xor;
            break;
        case R::Max:
            op = Op::exchange_smax;
            break;
        case R::Min:
            op = Op::exchange_smin;
            break;
        case R::UMax:
            op = Op::exchange_umax;
            break;
        case R::UMin:
            op = Op::exchange_umin;
            break;
        default:
            return refuse(in, "");
    }
    const ValueId at = operand(in.getPointerOperand());
    const ValueId value = operand(in.getValOperand());
    emit(op, bits(in.getValOperand()), result(in), at, value).extra = order_bits(in.getOrdering());
}

void FunctionLowering::compare_exchange(llvm::AtomicCmpXchgInst& in) {
    const ValueId at = operand(in.getPointerOperand());
    const ValueId expected = operand(in.getCompareOperand());
    const ValueId value = operand(in.getNewValOperand());
    emit(Op::compare_exchange, bits(in.getNewValOperand()), result(in), at, expected, value).extra =
        order_bits(in.getSuccessOrdering());
}

std::uint32_t FunctionLowering::scalar_index(llvm::Type* type, llvm::ArrayRef<unsigned> path) const {
    std::uint32_t index = 0;
    for (const unsigned element : path) {
        for (unsigned before = 0; before < element; ++before) {
            llvm::Type* const each = llvm::GetElementPtrInst::getTypeAtIndex(type, std::uint64_t{before});
            index += static_cast<std::uint32_t>(scalars(each).size());
        }
        type = llvm::GetElementPtrInst::getTypeAtIndex(type, std::uint64_t{element});
    }
    return index;
}

void FunctionLowering::aggregate(llvm::Instruction& in) {
    if (auto* extract = llvm::dyn_cast<llvm::ExtractValueInst>(&in)) {
        const std::vector<ValueId> from = operands(extract->getAggregateOperand());
        const std::uint32_t index =
            scalar_index(extract->getAggregateOperand()->getType(), extract->getIndices());
        const std::size_t count = scalars(in.getType()).size();
        for (std::uint32_t i = 0; i < count; ++i) copy(result(in) + i, from[index + i], 64);
        return;
    }
    if (auto* insert = llvm::dyn_cast<llvm::InsertValueInst>(&in)) {
        std::vector<ValueId> parts = operands(insert->getAggregateOperand());
        const std::vector<ValueId> values = operands(insert->getInsertedValueOperand());
        const std::uint32_t index = scalar_index(in.getType(), insert->getIndices());
        for (std::uint32_t i = 0; i < values.size(); ++i) parts[index + i] = values[i];
        for (std::uint32_t i = 0; i < parts.size(); ++i) copy(result(in) + i, parts[i], 64);
        return;
    }
    if (auto* freeze = llvm::dyn_cast<llvm::FreezeInst>(&in)) {
        const std::vector<ValueId> from = operands(freeze->getOperand(0));
        for (std::uint32_t i = 0; i < from.size(); ++i) copy(result(in) + i, from[i], 64);
        return;
    }
    refuse(in, "");
}

void FunctionLowering::terminator(llvm::Instruction& in) {
    if (auto* give = llvm::dyn_cast<llvm::ReturnInst>(&in)) {
        Call values;
        if (give->getReturnValue() != nullptr) values.arguments = operands(give->getReturnValue());
        out_.calls.push_back(std::move(values));
        emit(Op::give_back, 64, none).index = static_cast<std::uint32_t>(out_.calls.size() - 1);
    } else if (auto* branch = llvm::dyn_cast<llvm::BranchInst>(&in)) {
        if (branch->isUnconditional()) {
            const std::uint32_t to = edge(in.getParent(), branch->getSuccessor(0));
            emit(Op::jump, 64, none).index = to;
            return;
        }
        const ValueId condition = operand(branch->getCondition());
        const std::uint32_t yes = edge(in.getParent(), branch->getSuccessor(0));
        const std::uint32_t no = edge(in.getParent(), branch->getSuccessor(1));
        emit(Op::branch, 64, none, condition, yes, no);
    } else if (auto* choice = llvm::dyn_cast<llvm::SwitchInst>(&in)) {
        Switch table;
        const ValueId value = operand(choice->getCondition());
        table.otherwise = edge(in.getParent(), choice->getDefaultDest());
        for (const auto& each : choice->cases())
            table.cases.emplace(each.getCaseValue()->getZExtValue(),
                                edge(in.getParent(), each.getCaseSuccessor()));
        out_.switches.push_back(std::move(table));
        emit(Op::choose, 64, none, value).index = static_cast<std::uint32_t>(out_.switches.size() - 1);
    } else if (llvm::isa<llvm::UnreachableInst>(in)) {
        emit(Op::unreachable, 64, none);
    } else {
        refuse(in, "");
    }
}

}  // namespace tlbcheck::litmus::kernel::ir
