// SPDX-License-Identifier: Apache-2.0
//
// Slots and outputs of contiguous sets.
#include "model/graph/translation/contiguous_fill.hpp"

namespace tlbcheck::model::translation {

bool in_one_set(const Geometry& geometry, int level, std::uint64_t a, std::uint64_t b) {
    return geometry.contiguous_slots(level) && geometry.set_base(a, level) == geometry.set_base(b, level);
}

std::uint64_t output_in_set(const Geometry& geometry, int level, std::uint64_t output, std::uint64_t va) {
    const std::uint64_t bytes = geometry.contiguous_bytes(level);
    return output / bytes * bytes + (va - geometry.set_base(va, level));
}

}  // namespace tlbcheck::model::translation
