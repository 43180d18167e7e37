// SPDX-License-Identifier: Apache-2.0
//
// Parameters as the C has them. A compiler that sees all calls of a static function takes out what it does
// not need, or what is the same in all of them; debug information still says which is which.

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugProgramInstruction.h>
#include <llvm/IR/IntrinsicInst.h>

#include <map>
#include <set>

#include "litmus/kernel/ir/lowering.hpp"

namespace tlbcheck::litmus::kernel::ir {

namespace {

/// A pointer, of whatever typedef or qualifier.
bool is_pointer(const llvm::DIType* type) {
    while (const auto* derived = llvm::dyn_cast_or_null<llvm::DIDerivedType>(type)) {
        if (derived->getTag() == llvm::dwarf::DW_TAG_pointer_type) return true;
        type = derived->getBaseType();
    }
    return false;
}

/// What debug information says of each parameter, by its number, counted from 1.
class DebugParameters {
  public:
    DebugParameters(llvm::Function& function, const llvm::DISubprogram& subprogram)
        : subprogram_(subprogram) {
        for (const llvm::DINode* node : subprogram.getRetainedNodes())
            if (const auto* variable = llvm::dyn_cast<llvm::DILocalVariable>(node)) name(*variable);
        for (llvm::Instruction& in : function.getEntryBlock()) {
            if (const auto* old = llvm::dyn_cast<llvm::DbgVariableIntrinsic>(&in)) note(*old);
            for (llvm::DbgVariableRecord& record : llvm::filterDbgVars(in.getDbgRecordRange())) note(record);
        }
    }

    std::string name_of(unsigned number) const {
        const auto found = names_.find(number);
        return found == names_.end() ? std::string() : found->second;
    }
    /// Where the parameter is in the IR; nullptr: nowhere.
    const llvm::Argument* argument_of(unsigned number) const {
        const auto found = arguments_.find(number);
        return found == arguments_.end() ? nullptr : found->second;
    }
    const llvm::Constant* constant_of(unsigned number) const {
        const auto found = constants_.find(number);
        return found == constants_.end() ? nullptr : found->second;
    }

  private:
    void name(const llvm::DILocalVariable& variable) {
        if (variable.getArg() != 0) names_.emplace(variable.getArg(), variable.getName().str());
    }
    template <typename Record>
    void note(const Record& record) {
        const llvm::DILocalVariable& variable = *record.getVariable();
        if (variable.getArg() == 0 || record.getDebugLoc()->getInlinedAt() != nullptr ||
            variable.getScope()->getSubprogram() != &subprogram_)
            return;
        name(variable);
        // The first that is said of it holds where the function begins.
        if (!seen_.insert(variable.getArg()).second) return;
        if (record.getNumVariableLocationOps() != 1 || record.getExpression()->getNumElements() != 0) return;
        const llvm::Value* const value = record.getVariableLocationOp(0);
        if (const auto* argument = llvm::dyn_cast_or_null<llvm::Argument>(value))
            arguments_.emplace(variable.getArg(), argument);
        else if (const auto* constant = llvm::dyn_cast_or_null<llvm::Constant>(value);
                 constant != nullptr && !llvm::isa<llvm::UndefValue>(constant))
            constants_.emplace(variable.getArg(), constant);
    }

    const llvm::DISubprogram& subprogram_;
    std::map<unsigned, std::string> names_;
    std::map<unsigned, const llvm::Argument*> arguments_;
    std::map<unsigned, const llvm::Constant*> constants_;
    std::set<unsigned> seen_;
};

}  // namespace

void add_parameters(Lowering& lowering, llvm::Function& function,
                    const std::unordered_map<const llvm::Value*, ValueId>& values, Function& out) {
    const auto values_of = [&](const llvm::Argument& argument) {
        std::vector<Lowering::Scalar> parts;
        return lowering.scalars(argument.getType(), parts) ? static_cast<std::uint32_t>(parts.size()) : 0U;
    };
    const auto add = [&](const llvm::Argument& argument, std::string name) {
        out.parameters.push_back({std::move(name), values.at(&argument), values_of(argument), {}});
    };
    const llvm::DISubprogram* const subprogram = function.getSubprogram();
    const auto types = subprogram == nullptr || subprogram->getType() == nullptr
                           ? llvm::DITypeRefArray()
                           : subprogram->getType()->getTypeArray();
    if (types.size() == 0) {
        for (const llvm::Argument& argument : function.args()) add(argument, argument.getName().str());
        return;
    }
    unsigned declared = types.size() - 1;                        // the first is the result's
    if (declared > 0 && types[declared] == nullptr) --declared;  // "..."
    const DebugParameters debug(function, *subprogram);
    if (function.arg_size() == declared && !function.hasStructRetAttr()) {
        for (unsigned i = 0; i < declared; ++i) {
            const llvm::Argument& argument = *function.getArg(i);
            out.reshaped = out.reshaped || (is_pointer(types[i + 1]) && !argument.getType()->isPointerTy());
            add(argument, debug.name_of(i + 1));
        }
        return;
    }
    std::set<const llvm::Argument*> found;
    for (unsigned i = 1; i <= declared; ++i) {
        if (const llvm::Argument* const argument = debug.argument_of(i)) {
            out.reshaped = out.reshaped || !found.insert(argument).second;
            add(*argument, debug.name_of(i));
            continue;
        }
        const llvm::Constant* const constant = debug.constant_of(i);
        out.parameters.push_back(
            {debug.name_of(i), none, 1, constant == nullptr ? std::nullopt : lowering.constant(*constant)});
    }
    out.reshaped = out.reshaped || function.hasStructRetAttr() || found.size() != function.arg_size();
}

}  // namespace tlbcheck::litmus::kernel::ir
