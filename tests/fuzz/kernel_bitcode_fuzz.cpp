// SPDX-License-Identifier: Apache-2.0
//
// Fuzz target of the bitcode reader and the interpreter: any bytes are an error with a message, or a module
// whose functions run to an answer. LLVM reads them in a child process first, so that its crashes are such
// errors.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/support/run_bitcode.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto run =
        tlbcheck::tests::run_bitcode(std::string(reinterpret_cast<const char*>(data), size), 200);
    if (run.error.find('\n') != std::string::npos) std::abort();
    return 0;
}
