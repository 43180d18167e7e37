// SPDX-License-Identifier: Apache-2.0
//
// File names and frames looked up in a program.
#include "model/program/places.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tlbcheck::model {

std::string to_string(const Place& place) {
    if (place.file.empty() || place.line == 0) return place.file;
    if (place.column == 0) return fmt::format("{}:{}", place.file, place.line);
    return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

Place place_of(const ScheduleProgram& program, const SourcePlace& place) {
    if (place.file >= program.files.size()) return {};
    return {program.files[place.file], place.line, place.column};
}

const std::vector<KernelFrame>* kernel_stack(const ScheduleProgram& program, std::uint32_t index) {
    if (index >= program.kernel_stacks.size() || program.kernel_stacks[index].empty()) return nullptr;
    return &program.kernel_stacks[index];
}

const KernelFrame& shown_frame(const std::vector<KernelFrame>& stack) {
    const auto found = std::ranges::find_if(
        stack, [](const KernelFrame& frame) { return !frame.file.empty() && !frame.file.ends_with(".h"); });
    return found == stack.end() ? stack.front() : *found;
}

Place place_of(const KernelFrame& frame) {
    return {frame.file, frame.line, 0};
}

}  // namespace tlbcheck::model
