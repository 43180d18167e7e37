// SPDX-License-Identifier: Apache-2.0
//
// Variables and fields by name: "init_mm.context.id.counter", "array[2]", "name + 8".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "litmus/kernel/code.hpp"

namespace tlbcheck::litmus::kernel::world {

struct Field {
    std::string symbol;
    std::uint64_t offset = 0;  ///< bytes
    unsigned bytes = 8;        ///< 1, 2, 4 or 8
};

/// All throw interpreter::Refusal with what is not there, or is no number of whole bytes.
Field find_variable(const Image& image, std::string_view path);
Field find_field(const Image& image, std::string_view structure, std::string_view path);
/// Bytes from the start of a struct to a field of any type.
std::uint64_t offset_of_field(const Image& image, std::string_view structure, std::string_view path);
std::uint64_t size_of_structure(const Image& image, std::string_view structure);

}  // namespace tlbcheck::litmus::kernel::world
