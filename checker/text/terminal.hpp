// SPDX-License-Identifier: Apache-2.0
//
// How wide the text is that a person reads.
#pragma once

#include <cstddef>

namespace tlbcheck::checker {

/// Characters a line of the terminal behind the file descriptor, at least 60; 110 where there is none, so
/// that what goes to a file does not depend on who looks on.
std::size_t terminal_width(int descriptor);

}  // namespace tlbcheck::checker
