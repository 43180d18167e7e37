// SPDX-License-Identifier: Apache-2.0
//
// Structs and variables by the names of debug information.

#include <llvm/BinaryFormat/Dwarf.h>
#include <llvm/IR/DebugInfo.h>

#include "litmus/kernel/ir/lowering.hpp"

namespace tlbcheck::litmus::kernel::ir {

void Lowering::add_types() {
    llvm::DebugInfoFinder finder;
    finder.processModule(module_);
    for (const llvm::DIType* each : finder.types()) {
        const auto* const composite = llvm::dyn_cast<llvm::DICompositeType>(each);
        const bool alias = each->getTag() == llvm::dwarf::DW_TAG_typedef;
        if ((composite == nullptr && !alias) || each->getName().empty()) continue;
        if (composite != nullptr && composite->isForwardDecl()) continue;
        image_.type_names.emplace(each->getName().str(), type(each));
    }
    for (const llvm::GlobalVariable& variable : module_.globals()) {
        llvm::SmallVector<llvm::DIGlobalVariableExpression*, 1> described;
        variable.getDebugInfo(described);
        std::uint32_t& known = image_.symbols[symbol(variable)].type;
        if (!described.empty())
            known = type(described.front()->getVariable()->getType());
        else
            known = type_named(variable.getValueType());
    }
}

/// Of a variable that is only declared debug information says nothing; LLVM's own type has the struct's name.
std::uint32_t Lowering::type_named(const llvm::Type* type) const {
    const auto* const structure = llvm::dyn_cast<llvm::StructType>(type);
    if (structure == nullptr || !structure->hasName()) return none;
    llvm::StringRef name = structure->getName();
    if (!name.consume_front("struct.") && !name.consume_front("union.")) return none;
    auto found = image_.type_names.find(name.str());
    // Equal names of several modules get a number behind.
    if (found == image_.type_names.end()) found = image_.type_names.find(name.rsplit('.').first.str());
    return found == image_.type_names.end() ? none : found->second;
}

std::uint32_t Lowering::type(const llvm::DIType* type) {
    if (type == nullptr) return none;
    if (const auto known = types_.find(type); known != types_.end()) return known->second;
    const auto index = static_cast<std::uint32_t>(image_.types.size());
    types_.emplace(type, index);
    image_.types.emplace_back();
    Type result;
    result.name = type->getName().str();
    result.size = type->getSizeInBits() / 8;
    if (const auto* composite = llvm::dyn_cast<llvm::DICompositeType>(type)) {
        fill(result, *composite);
    } else if (const auto* derived = llvm::dyn_cast<llvm::DIDerivedType>(type)) {
        const unsigned tag = derived->getTag();
        if (tag != llvm::dwarf::DW_TAG_pointer_type) {
            result.element = this->type(derived->getBaseType());
            if (result.element != none && result.size == 0) result.size = image_.types[result.element].size;
        }
    }
    image_.types[index] = std::move(result);
    return index;
}

void Lowering::fill(Type& out, const llvm::DICompositeType& composite) {
    if (composite.getTag() == llvm::dwarf::DW_TAG_array_type) {
        out.element = type(composite.getBaseType());
        return;
    }
    for (const llvm::DINode* element : composite.getElements()) {
        if (const auto* const named = llvm::dyn_cast<llvm::DIEnumerator>(element)) {
            out.enumerators.emplace_back(named->getName().str(), named->getValue().getLimitedValue());
            continue;
        }
        const auto* const member = llvm::dyn_cast<llvm::DIDerivedType>(element);
        if (member == nullptr || member->getTag() != llvm::dwarf::DW_TAG_member) continue;
        out.members.push_back({member->getName().str(), member->getOffsetInBits(), member->getSizeInBits(),
                               type(member->getBaseType())});
    }
}

}  // namespace tlbcheck::litmus::kernel::ir
