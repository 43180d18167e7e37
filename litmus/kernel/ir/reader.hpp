// SPDX-License-Identifier: Apache-2.0
//
// LLVM bitcode to compact code. Only this folder includes LLVM's headers; it is a module of its own that the
// program loads when a schedule first names a kernel file.
#pragma once

#include <string>
#include <vector>

#include "litmus/kernel/code.hpp"

namespace tlbcheck::litmus::kernel::ir {

struct BitcodeFile {
    std::string name;  ///< for messages
    std::string bytes;
};

/// Reads, verifies, links and lowers. On failure `error` is one line that names the file, and the image is
/// empty.
Image read_bitcode(const std::vector<BitcodeFile>& files, std::string& error);

/// The type of the symbol that the program looks up in the module; its name is TLBCHECK_MODULE_ENTRY
/// (litmus/CMakeLists.txt), which changes with Image.
using Entry = void (*)(const std::vector<BitcodeFile>& files, Image& image, std::string& error);

}  // namespace tlbcheck::litmus::kernel::ir
