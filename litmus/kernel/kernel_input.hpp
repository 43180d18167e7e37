// SPDX-License-Identifier: Apache-2.0
//
// Reading the files that kernel code comes in: bitcode, and the header of capabilities.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "litmus/kernel/code.hpp"
#include "litmus/kernel/world/capabilities.hpp"

namespace tlbcheck::litmus::kernel {

/// The bytes of a regular file of at most 64 MiB; nullopt with `why` set.
std::optional<std::string> read_kernel_file(const std::string& path, std::string& why);

/// The capabilities of the header beside the bitcode, else of the one where the kernel was built (the compile
/// folder of the debug information); nullopt where there is none.
std::optional<world::Capabilities> default_capabilities(const std::vector<std::string>& bitcode_paths,
                                                        const Image& image);

}  // namespace tlbcheck::litmus::kernel
