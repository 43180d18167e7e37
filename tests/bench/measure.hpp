// SPDX-License-Identifier: Apache-2.0
// Measures one command: wall time, peak memory and, where the machine lets us count them, instructions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace tlbcheck::bench {

struct Measurement {
    double seconds = 0;                         ///< wall time of the fastest run
    double processor_seconds = 0;               ///< of user and system, of that run
    std::uint64_t peak_kib = 0;                 ///< largest resident set of any run
    std::optional<std::uint64_t> instructions;  ///< user-mode instructions of the fastest run
    int status = -1;                            ///< exit code; 128 + N when signal N ended it
};

/// Runs `command` `runs` times (at least once) in `folder` with its output thrown away.
/// Throws std::system_error when no process can be made; a program that is not there has status 127.
Measurement measure(const std::vector<std::string>& command, int runs, const std::filesystem::path& folder);

}  // namespace tlbcheck::bench
