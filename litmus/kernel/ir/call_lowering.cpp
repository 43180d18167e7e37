// SPDX-License-Identifier: Apache-2.0
//
// Calls of functions, inline assembly and LLVM's intrinsics.

#include <llvm/IR/InlineAsm.h>

#include "litmus/kernel/ir/function_lowering.hpp"

namespace tlbcheck::litmus::kernel::ir {

void FunctionLowering::call(llvm::CallBase& in) {
    if (const auto* text = llvm::dyn_cast<llvm::InlineAsm>(in.getCalledOperand())) return assembly(in, *text);
    if (auto* known = llvm::dyn_cast<llvm::IntrinsicInst>(&in)) {
        if (!intrinsic(*known))
            refuse(in, "the intrinsic " + known->getCalledFunction()->getName().str() + " is not modelled");
        return;
    }
    Call out;
    for (const llvm::Use& argument : in.args())
        for (const ValueId each : operands(argument.get())) out.arguments.push_back(each);
    for (const Lowering::Scalar& part : scalars(in.getType()))
        out.widths.push_back(static_cast<std::uint8_t>(part.bits));
    const auto* const callee = llvm::dyn_cast<llvm::Function>(in.getCalledOperand()->stripPointerCasts());
    if (callee != nullptr)
        out.callee = low_.symbol(*callee);
    else
        out.target = operand(in.getCalledOperand());
    out_.calls.push_back(std::move(out));
    const ValueId to = in.getType()->isVoidTy() ? none : result(in);
    emit(Op::call, 64, to).index = static_cast<std::uint32_t>(out_.calls.size() - 1);
}

void FunctionLowering::assembly(llvm::CallBase& in, const llvm::InlineAsm& text) {
    AssemblyCall out;
    out.text = text.getAsmString();
    out.constraints = text.getConstraintString();
    for (const llvm::Use& argument : in.args()) {
        out.arguments.push_back(operand(argument.get()));
        const auto* const number = llvm::dyn_cast<llvm::ConstantInt>(argument.get());
        out.constants.push_back(number != nullptr && number->getBitWidth() <= 64
                                    ? std::optional(number->getZExtValue())
                                    : std::nullopt);
    }
    for (const Lowering::Scalar& part : scalars(in.getType()))
        out.widths.push_back(static_cast<std::uint8_t>(part.bits));
    if (auto* branch = llvm::dyn_cast<llvm::CallBrInst>(&in)) {
        out.fallthrough = edge(in.getParent(), branch->getDefaultDest());
        for (unsigned i = 0; i < branch->getNumIndirectDests(); ++i)
            out.labels.push_back(edge(in.getParent(), branch->getIndirectDest(i)));
    }
    out_.assembly.push_back(std::move(out));
    const ValueId to = in.getType()->isVoidTy() ? none : result(in);
    emit(Op::assembly, 64, to).index = static_cast<std::uint32_t>(out_.assembly.size() - 1);
}

void FunctionLowering::overflow(llvm::IntrinsicInst& in, Op op, bool is_signed) {
    const ValueId a = operand(in.getArgOperand(0));
    const ValueId b = operand(in.getArgOperand(1));
    emit(op, bits(in.getArgOperand(0)), result(in), a, b).extra = is_signed ? 1 : 0;
}

/// 1, 0 or -1.
void FunctionLowering::three_way(llvm::IntrinsicInst& in, bool is_signed) {
    const ValueId a = operand(in.getArgOperand(0));
    const ValueId b = operand(in.getArgOperand(1));
    const unsigned width = bits(in.getArgOperand(0));
    const ValueId above = fresh();
    const ValueId below = fresh();
    emit(is_signed ? Op::sgt : Op::ugt, width, above, a, b);
    emit(is_signed ? Op::slt : Op::ult, width, below, a, b);
    emit(Op::sub, bits(&in), result(in), above, below);
}

// NOLINTNEXTLINE(readability-function-size): a case for each, and nothing else
bool FunctionLowering::intrinsic(llvm::IntrinsicInst& in) {
    namespace N = llvm::Intrinsic;
    const auto argument = [&](unsigned i) { return operand(in.getArgOperand(i)); };
    const auto two = [&](Op op) {
        const ValueId a = argument(0);
        const ValueId b = argument(1);
        emit(op, bits(&in), result(in), a, b);
        return true;
    };
    const auto one = [&](Op op) {
        emit(op, bits(&in), result(in), argument(0));
        return true;
    };
    const auto three = [&](Op op, unsigned width, ValueId to) {
        const ValueId a = argument(0);
        const ValueId b = argument(1);
        const ValueId c = argument(2);
        emit(op, width, to, a, b, c);
        return true;
    };
    switch (in.getIntrinsicID()) {
        case N::dbg_declare:
        case N::dbg_value:
        case N::dbg_label:
        case N::dbg_assign:
        case N::lifetime_start:
        case N::lifetime_end:
        case N::assume:
        case N::experimental_noalias_scope_decl:
        case N::prefetch:
        case N::donothing:
        case N::stackrestore:
        case N::invariant_end:
            return true;
        case N::expect:
        case N::ptrmask:
        case N::launder_invariant_group:
        case N::strip_invariant_group:
            if (in.getIntrinsicID() == N::ptrmask) return two(Op::and_);
            copy(result(in), argument(0), bits(&in));
            return true;
        case N::memcpy:
        case N::memmove:
        case N::memcpy_inline:
            return three(Op::copy_bytes, 64, none);
        case N::memset:
        case N::memset_inline:
            return three(Op::set_bytes, 64, none);
        case N::umin:
            return two(Op::umin);
        case N::umax:
            return two(Op::umax);
        case N::smin:
            return two(Op::smin);
        case N::smax:
            return two(Op::smax);
        case N::uadd_sat:
            return two(Op::sat_add);
        case N::usub_sat:
            return two(Op::sat_sub);
        case N::fshl:
            return three(Op::funnel_left, bits(&in), result(in));
        case N::fshr:
            return three(Op::funnel_right, bits(&in), result(in));
        case N::ctpop:
            return one(Op::count_ones);
        case N::ctlz:
            return one(Op::count_leading_zeros);
        case N::cttz:
            return one(Op::count_trailing_zeros);
        case N::bswap:
            return one(Op::swap_bytes);
        case N::bitreverse:
            return one(Op::reverse_bits);
        case N::abs:
            return one(Op::absolute);
        case N::uadd_with_overflow:
            overflow(in, Op::add_overflow, false);
            return true;
        case N::sadd_with_overflow:
            overflow(in, Op::add_overflow, true);
            return true;
        case N::usub_with_overflow:
            overflow(in, Op::sub_overflow, false);
            return true;
        case N::ssub_with_overflow:
            overflow(in, Op::sub_overflow, true);
            return true;
        case N::umul_with_overflow:
            overflow(in, Op::mul_overflow, false);
            return true;
        case N::smul_with_overflow:
            overflow(in, Op::mul_overflow, true);
            return true;
        case N::ucmp:
        case N::scmp:
            three_way(in, in.getIntrinsicID() == N::scmp);
            return true;
        case N::trap:
        case N::debugtrap:
        case N::ubsantrap:
            refuse(in, "the code traps here: a check that the compiler put in fails");
            return true;
        case N::threadlocal_address:
            copy(result(in), argument(0), 64);
            return true;
        case N::is_constant:
        case N::returnaddress:
        case N::frameaddress:
        case N::stacksave:
        case N::read_register:
        case N::sponentry:
        case N::invariant_start:
            copy(result(in), number(0), bits(&in));
            return true;
        case N::objectsize:
            copy(result(in), number(~std::uint64_t{0}), bits(&in));
            return true;
        default:
            return false;
    }
}

}  // namespace tlbcheck::litmus::kernel::ir
