// SPDX-License-Identifier: Apache-2.0
//
// The terminal's width, or a default where there is none.
#include "checker/text/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>

namespace tlbcheck::checker {

std::size_t terminal_width(int descriptor) {
    constexpr std::size_t least = 60;
    constexpr std::size_t without = 110;
    winsize size{};
    if (isatty(descriptor) == 0 || ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return without;
    return std::max<std::size_t>(least, size.ws_col);
}

}  // namespace tlbcheck::checker
