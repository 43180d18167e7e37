// SPDX-License-Identifier: Apache-2.0
//
// Final states as they are compared: entries as a set, spaces ignored.
#pragma once

#include <string>
#include <string_view>

namespace tlbcheck::tests {

/// "[y]=1;[x]=(oa:PA(x), valid:0);" and any order or spacing of the same entries give one text. An entry ends
/// at a semicolon.
std::string normal_state(std::string_view state);

}  // namespace tlbcheck::tests
