// SPDX-License-Identifier: Apache-2.0
//
// Look-ups in an image.

#include "litmus/kernel/code.hpp"

namespace tlbcheck::litmus::kernel {

std::optional<std::uint32_t> Image::find_symbol(const std::string& name) const {
    for (std::size_t i = 0; i < symbols.size(); ++i)
        if (symbols[i].name == name) return static_cast<std::uint32_t>(i);
    return std::nullopt;
}

}  // namespace tlbcheck::litmus::kernel
