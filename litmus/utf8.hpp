// SPDX-License-Identifier: Apache-2.0
//
// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
#pragma once

#include <cstddef>
#include <string_view>

namespace tlbcheck::litmus {

/// Bytes of the character at the front of `text`, control characters included; 0 where there is none.
std::size_t utf8_length(std::string_view text);

}  // namespace tlbcheck::litmus
