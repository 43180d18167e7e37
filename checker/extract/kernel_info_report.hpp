// SPDX-License-Identifier: Apache-2.0
//
// What `tlbcheck kernel-info` prints.
#pragma once

#include <string>

#include "litmus/kernel/info/kernel_info.hpp"
#include "litmus/kernel/world/capabilities.hpp"

namespace tlbcheck::checker {

/// Capabilities have the names of the kernel's header, or numbers where `names` is empty.
std::string kernel_info_text(const litmus::kernel::info::KernelInfo& info,
                             const litmus::kernel::world::Capabilities& names);
/// Schema "tlbcheck.kernel-info/1" (docs/schema/kernel-info-1.schema.json).
std::string kernel_info_json(const litmus::kernel::info::KernelInfo& info,
                             const litmus::kernel::world::Capabilities& names);

}  // namespace tlbcheck::checker
