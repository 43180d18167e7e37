// SPDX-License-Identifier: Apache-2.0
//
// Stacks as frames with names.

#include "litmus/kernel/interpreter/stacks.hpp"

namespace tlbcheck::litmus::kernel::interpreter {

std::vector<Frame> Stacks::frames(StackId stack, const Image& image) const {
    std::vector<Frame> result;
    for (; stack != no_stack; stack = all_[stack].first) {
        for (std::uint32_t at = all_[stack].second; at != none; at = image.places[at].inlined_at) {
            const CodePlace& place = image.places[at];
            result.push_back({place.function == none ? "" : image.names[place.function],
                              place.file == none ? "" : image.files[place.file], place.line});
        }
    }
    return result;
}

}  // namespace tlbcheck::litmus::kernel::interpreter
