// SPDX-License-Identifier: Apache-2.0
//
// Bitcode files into one verified module, and that into an Image.

#include "litmus/kernel/ir/reader.hpp"

#include <llvm/Bitcode/BitcodeReader.h>
#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DiagnosticInfo.h>
#include <llvm/IR/DiagnosticPrinter.h>
#include <llvm/IR/LLVMContext.h>
#include <llvm/IR/Verifier.h>
#include <llvm/Linker/Linker.h>
#include <llvm/Support/CommandLine.h>
#include <llvm/Support/MemoryBuffer.h>
#include <llvm/Support/raw_ostream.h>

#include <exception>
#include <memory>

#include "litmus/kernel/ir/lowering.hpp"

namespace tlbcheck::litmus::kernel::ir {
namespace {

/// Errors become text, everything else is dropped: a library prints nothing.
struct CollectErrors : llvm::DiagnosticHandler {
    explicit CollectErrors(std::string& text) : text_(text) {}
    bool handleDiagnostics(const llvm::DiagnosticInfo& info) override {
        if (info.getSeverity() == llvm::DS_Error && text_.empty()) {
            llvm::raw_string_ostream out(text_);
            llvm::DiagnosticPrinterRawOStream printer(out);
            info.print(printer);
        }
        return true;
    }
    std::string& text_;
};

/// LLVM verifies debug information while it reads, and prints what is wrong with it; read_one() verifies, and
/// prints nothing.
void keep_silent() {
    auto& options = llvm::cl::getRegisteredOptions();
    const auto found = options.find("disable-auto-upgrade-debug-info");
    if (found != options.end()) static_cast<llvm::cl::opt<bool>*>(found->second)->setValue(true);
}

std::string first_line(std::string text) {
    const std::size_t end = text.find('\n');
    return end == std::string::npos ? text : text.substr(0, end);
}

std::string producer_of(llvm::MemoryBufferRef buffer) {
    auto producer = llvm::getBitcodeProducerString(buffer);
    if (producer) return producer->empty() ? "" : " (written by " + *producer + ")";
    llvm::consumeError(producer.takeError());
    return "";
}

std::unique_ptr<llvm::Module> read_one(const BitcodeFile& file, llvm::LLVMContext& context,
                                       std::string& error) {
    const llvm::MemoryBufferRef buffer(file.bytes, file.name);
    const auto* const begin = reinterpret_cast<const unsigned char*>(file.bytes.data());
    if (!llvm::isBitcode(begin, begin + file.bytes.size())) {
        const bool text = file.bytes.find("source_filename = ") != std::string::npos;
        error = file.name + (text ? ": LLVM's textual form, which changes with each version; llvm-as of the "
                                    "compiler's version makes bitcode of it"
                                  : ": not LLVM bitcode");
        return nullptr;
    }
    auto module = llvm::parseBitcodeFile(buffer, context);
    if (!module) {
        error = file.name + ": " + first_line(llvm::toString(module.takeError())) + producer_of(buffer);
        return nullptr;
    }
    std::string text;
    llvm::raw_string_ostream out(text);
    bool broken_debug_info = false;
    if (llvm::verifyModule(**module, &out, &broken_debug_info)) {
        error = file.name + ": the module is not valid: " + first_line(out.str());
        return nullptr;
    }
    if (broken_debug_info) llvm::StripDebugInfo(**module);
    const llvm::StringRef triple = (*module)->getTargetTriple();
    if (!triple.starts_with("aarch64") && !triple.starts_with("arm64")) {
        error = file.name + ": compiled for '" + triple.str() + "', not for AArch64";
        return nullptr;
    }
    if ((*module)->getDataLayout().isBigEndian()) {
        error = file.name + ": compiled big-endian, which is not modelled";
        return nullptr;
    }
    return std::move(*module);
}

}  // namespace

Image read_bitcode(const std::vector<BitcodeFile>& files, std::string& error) {
    error.clear();
    keep_silent();
    llvm::LLVMContext context;
    std::string diagnosed;
    context.setDiagnosticHandler(std::make_unique<CollectErrors>(diagnosed));
    std::unique_ptr<llvm::Module> whole;
    std::unique_ptr<llvm::Linker> linker;
    for (const BitcodeFile& file : files) {
        std::unique_ptr<llvm::Module> module = read_one(file, context, error);
        if (!module) return {};
        if (!whole) {
            whole = std::move(module);
            linker = std::make_unique<llvm::Linker>(*whole);
        } else if (linker->linkInModule(std::move(module))) {
            error = file.name +
                    ": cannot be linked with those before it (is it given twice?): " + first_line(diagnosed);
            return {};
        }
    }
    Image image;
    if (!whole) return image;
    Lowering(*whole, image).run();
    return image;
}

}  // namespace tlbcheck::litmus::kernel::ir

extern "C" __attribute__((visibility("default"))) void TLBCHECK_MODULE_ENTRY(
    const std::vector<tlbcheck::litmus::kernel::ir::BitcodeFile>& files,
    tlbcheck::litmus::kernel::Image& image, std::string& error) {
    try {
        image = tlbcheck::litmus::kernel::ir::read_bitcode(files, error);
    } catch (const std::exception& failure) {
        error = std::string("reading bitcode: ") + failure.what();
    }
}
