// SPDX-License-Identifier: Apache-2.0
//
// The parts of the lowering from an LLVM module to an Image.
#pragma once

#include <llvm/IR/Constants.h>
#include <llvm/IR/DataLayout.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstrTypes.h>
#include <llvm/IR/Module.h>

#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "litmus/kernel/code.hpp"

namespace tlbcheck::litmus::kernel::ir {

/// What lowering one module shares.
class Lowering {
  public:
    Lowering(llvm::Module& module, Image& image);
    void run();

    Image& image() { return image_; }
    const llvm::DataLayout& layout() const { return layout_; }

    std::uint32_t name(llvm::StringRef text);
    std::uint32_t number(std::uint64_t value);
    std::uint32_t place(const llvm::DILocation* location);
    std::uint32_t place(const llvm::DISubprogram* function);
    std::uint32_t symbol(const llvm::GlobalValue& value);
    /// nullopt: not a number or an address known before the program runs.
    std::optional<Constant> constant(const llvm::Constant& value);

    /// The scalars of a type, with their byte offsets; false when there is one that is not modelled.
    struct Scalar {
        std::uint64_t offset = 0;
        unsigned bits = 0;
    };
    bool scalars(llvm::Type* type, std::vector<Scalar>& out, std::uint64_t offset = 0) const;

  private:
    std::uint32_t file(const llvm::DIFile* file);
    void add_symbols();
    void initialise(Symbol& symbol, const llvm::Constant& value, std::uint64_t offset);
    bool initialise_difference(Symbol& symbol, const llvm::Constant& value, std::uint64_t offset);
    void add_types();
    std::uint32_t type(const llvm::DIType* type);
    std::uint32_t type_named(const llvm::Type* type) const;
    void fill(Type& out, const llvm::DICompositeType& composite);
    void find_linear_map();
    void strip_tree();

    llvm::Module& module_;
    Image& image_;
    const llvm::DataLayout& layout_;
    std::unordered_map<const llvm::GlobalValue*, std::uint32_t> symbols_;
    std::map<std::string, std::uint32_t> names_, files_;
    std::map<std::uint64_t, std::uint32_t> numbers_;
    std::map<CodePlace, std::uint32_t> places_;
    std::unordered_map<const llvm::DILocation*, std::uint32_t> locations_;
    std::unordered_map<const llvm::DIType*, std::uint32_t> types_;
};

/// Fills in parameters and reshaped; `values` has the first value of each argument.
void add_parameters(Lowering& lowering, llvm::Function& function,
                    const std::unordered_map<const llvm::Value*, ValueId>& values, Function& out);

/// Lowers a function with a body.
Function lower_function(Lowering& lowering, llvm::Function& function);

}  // namespace tlbcheck::litmus::kernel::ir
