// SPDX-License-Identifier: Apache-2.0
//
// Places in input files and in the kernel's source, with the names of their files.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/program/schedule_program.hpp"

namespace tlbcheck::model {

/// A place in an input file; line and column count from 1, 0 when unknown.
struct Place {
    std::string file;
    std::uint32_t line = 0, column = 0;
    friend bool operator==(const Place&, const Place&) = default;
};
/// "file:line:col", "file" when the line is unknown, "" when the file is.
std::string to_string(const Place& place);

/// A place of a program with its file's name; an unknown one when the file is out of range.
Place place_of(const ScheduleProgram& program, const SourcePlace& place);

/// nullptr: the instruction is of no kernel code.
const std::vector<KernelFrame>* kernel_stack(const ScheduleProgram& program, std::uint32_t index);
/// The innermost frame outside of headers; the innermost one where all are in headers. The stack is not
/// empty.
const KernelFrame& shown_frame(const std::vector<KernelFrame>& stack);
Place place_of(const KernelFrame& frame);

}  // namespace tlbcheck::model
