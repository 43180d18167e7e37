// SPDX-License-Identifier: Apache-2.0
//
// Loads the module that reads LLVM bitcode, and has it read files.
#pragma once

#include <string>
#include <vector>

#include "litmus/kernel/code.hpp"
#include "litmus/kernel/ir/reader.hpp"

namespace tlbcheck::litmus::kernel {

/// One image of all files, linked. They are first read in a child process, so that a file which brings LLVM
/// down only makes an error. On failure `error` is one line: a file that cannot be read, or that this build
/// has no reader. What LLVM allocates is not charged to the running thread's budget; the image is.
Image load_bitcode(const std::vector<ir::BitcodeFile>& files, std::string& error);

}  // namespace tlbcheck::litmus::kernel
