// SPDX-License-Identifier: Apache-2.0
//
// The front end of the schedule language (.sched; docs/schedule-language.md): text to
// syntax tree, and the tree to one program for each hardware configuration asked about, for `machine.*`,
// ranges of TLBIs and the granule change what a schedule emits.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "litmus/diagnostics.hpp"
#include "litmus/source_file.hpp"
#include "model/arch/hardware_table.hpp"
#include "model/program/schedule_program.hpp"

namespace tlbcheck::litmus::sched {

struct SyntaxTree;

/// A parsed file with all it includes. Cheap to copy; names of helpers and variables are resolved, nothing is
/// evaluated.
struct ScheduleFile {
    std::shared_ptr<const SyntaxTree> tree;
    /// The main text first, then the included ones in the order met.
    const std::vector<Source>& sources() const;
    /// It names bitcode, or called some of the command line's.
    bool uses_kernel_code() const;
};

/// Finds the text of `include "path"` in the file named `including`; nullptr with `why` set when there is
/// none.
using IncludeResolver =
    std::function<Source(const std::string& including, const std::string& path, std::string& why)>;

/// Beside the including file first, as far as `root` allows, then the embedded linux.sched (shown as
/// "linux.sched").
IncludeResolver include_resolver(IncludeRoot root);
/// The embedded texts only: for input that is no file, and for fuzzing.
IncludeResolver embedded_include_resolver();

Result<ScheduleFile> parse_schedule(const Source& main, const IncludeResolver& resolver);
/// With includes below the folder of the file that `main` is named after.
Result<ScheduleFile> parse_schedule(const Source& main);

/// Hardware parameters given by name, e.g. on the command line; unset ones are left to the file.
struct HardwareOverrides {
    /// By row of model::hardware_table(): the index of the value in the parameter's values.
    std::array<std::optional<std::size_t>, model::hardware_parameter_count> values;

    friend bool operator==(const HardwareOverrides&, const HardwareOverrides&) = default;
};
/// Sets the parameter `key` ("granule", "bbm_level", ...; `-` counts as `_`) from its written value ("16K",
/// "coalesced", "2", "true"). Returns an empty string, or what is wrong with key or value (one line).
std::string set_hardware(HardwareOverrides& overrides, std::string_view key, std::string_view value);
/// The names of all hardware parameters, in the order in which they are reported.
const std::vector<std::string>& hardware_keys();
/// `base` with what is set in `over`.
HardwareOverrides merged(HardwareOverrides base, const HardwareOverrides& over);
model::HardwareParameters apply(model::HardwareParameters base, const HardwareOverrides& over);
/// "bbm_level = 2", ...: what differs from the default hardware.
std::vector<std::string> differs_from_default(const model::HardwareParameters& hardware);

struct ExpandOptions {
    HardwareOverrides hardware;                                ///< wins over the file's machine block
    std::vector<std::pair<std::string, std::string>> defines;  ///< -D name=value; the value is an expression
    std::vector<std::string> kernel_files;                     ///< bitcode, instead of the file's `kernel`
    std::string capabilities_file;                             ///< instead of the file's `capabilities`
    /// The files that `kernel` and `capabilities` name may also lie below this folder; those given above
    /// anywhere.
    std::optional<std::string> include_root;
    std::uint64_t region_scale = 1;  ///< makes every region that many times as large
    std::optional<std::pair<std::string, std::uint64_t>>
        region_size;                              ///< this region has so many bytes instead
    std::uint64_t most_instructions = 1'000'000;  ///< held in compact form, of all threads
    /// Expand every iteration of a loop by itself, however alike they are. For tests: the instructions are
    /// the same.
    bool one_by_one = false;
};

/// A statement that ran over nothing each time it was executed: a loop over no leaves, a flush of no pages.
struct EmptyStatement {
    model::SourcePlace place;         ///< the statement in the user's file
    model::SourcePlace helper_place;  ///< the innermost one
    std::string what;                 ///< "the loop runs over nothing"
};

/// The program for the machine block with the overrides; its properties carry each their own hardware. A
/// property with a `with` block is to be asked of the program that `questions` gives for it, not of this one.
Result<model::ScheduleProgram> expand(const ScheduleFile& file, const ExpandOptions& options = {});
/// The same, with the statements in `empty` that did nothing, ascending by place.
Result<model::ScheduleProgram> expand(const ScheduleFile& file, const ExpandOptions& options,
                                      std::vector<EmptyStatement>& empty);

/// One property with the program expanded for its hardware; questions on equal hardware share the program.
struct Question {
    std::size_t property = 0;  ///< index in program->properties
    std::shared_ptr<const model::ScheduleProgram> program;
};
/// A parameter given in a property's `with` block keeps that value; then the command line, then the machine
/// block, then the default.
Result<std::vector<Question>> questions(const ScheduleFile& file, const ExpandOptions& options = {});

}  // namespace tlbcheck::litmus::sched
