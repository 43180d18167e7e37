// SPDX-License-Identifier: Apache-2.0
//
// Frames and notes in words.
#include "checker/report/kernel_place.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace tlbcheck::checker {

std::string text_of(const model::KernelFrame& frame) {
    if (frame.file.empty()) return frame.function;
    return fmt::format("{} {}:{}", frame.function, frame.file, frame.line);
}

std::string line_of(const model::KernelFrame& frame, const std::vector<std::string>& lines) {
    if (frame.line == 0 || frame.line > lines.size()) return {};
    const std::string& line = lines[frame.line - 1];
    const std::size_t first = line.find_first_not_of(" \t");
    return first == std::string::npos ? "" : line.substr(first);
}

std::string_view to_string(model::KernelNote::Kind kind) {
    switch (kind) {
        case model::KernelNote::Kind::stub:
            return "stub";
        case model::KernelNote::Kind::unset_variable:
            return "unset_variable";
        case model::KernelNote::Kind::capability:
            return "capability";
        case model::KernelNote::Kind::system_register:
            return "system_register";
        case model::KernelNote::Kind::warning:
            return "warning";
    }
    return "?";
}

std::vector<KernelNoteReport> kernel_notes(const model::ScheduleProgram& program) {
    std::vector<KernelNoteReport> notes;
    for (const model::KernelNote& note : program.kernel_notes) {
        KernelNoteReport report{note.kind, note.name, note.value, {}};
        if (const auto* stack = kernel_stack(program, note.stack)) report.stack = *stack;
        notes.push_back(std::move(report));
    }
    return notes;
}

std::string text_of(const KernelNoteReport& note) {
    const std::string where =
        note.stack.empty() ? "" : fmt::format(" ({})", text_of(shown_frame(note.stack)));
    switch (note.kind) {
        case model::KernelNote::Kind::stub:
            return fmt::format("not run: {} {}{}", note.name, note.value, where);
        case model::KernelNote::Kind::unset_variable:
            return fmt::format("read as zero: {}{}", note.name, where);
        case model::KernelNote::Kind::capability:
            return fmt::format("capability {}: {}{}", note.name, note.value, where);
        case model::KernelNote::Kind::system_register:
            return fmt::format("register {} = {}{}", note.name, note.value, where);
        case model::KernelNote::Kind::warning:
            return fmt::format("the kernel warns{}{}: the scenario is probably not one that it meets",
                               note.name.empty() ? "" : " at " + note.name, where);
    }
    return {};
}

}  // namespace tlbcheck::checker
