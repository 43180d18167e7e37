// SPDX-License-Identifier: Apache-2.0
//
// Files of examples/ that several tests run, and how they are put behind arguments.
#pragma once

#include <string>
#include <vector>

namespace tlbcheck::tests {

inline const std::string per_leaf = "examples/unmap_hotplug/per_leaf.sched";
inline const std::string batched = "examples/unmap_hotplug/batched.sched";

/// The arguments, then the files.
inline std::vector<std::string> with(std::vector<std::string> arguments,
                                     const std::vector<std::string>& files) {
    arguments.insert(arguments.end(), files.begin(), files.end());
    return arguments;
}

}  // namespace tlbcheck::tests
