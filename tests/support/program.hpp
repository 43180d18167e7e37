// SPDX-License-Identifier: Apache-2.0
// What tests of the built program need: run it, find the tree, write scratch files.
// CTest sets TLBCHECK_PROGRAM, TLBCHECK_SOURCE_DIR and TLBCHECK_SHARED (tests/CMakeLists.txt); a test
// executable started by hand from the source folder falls back to ./build/tlbcheck and ../shared.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tlbcheck::tests {

struct ProgramResult {
    int status = -1;  ///< exit code; 128 + N when signal N ended the program, 127 when it is not there
    std::string out;
    std::string err;
    double seconds = 0;            ///< wall time
    double processor_seconds = 0;  ///< of user and system
    std::uint64_t peak_kib = 0;    ///< largest resident set
};

/// The top folder of the source tree.
std::filesystem::path source_dir();

/// The folder that holds conformance/, if there is one.
std::optional<std::filesystem::path> shared_dir();

/// The herdtools7 checkout that TLBCHECK_HERDTOOLS7 (or, as earlier, TLBCHECK_HERDTOOLS) names, if one does.
/// Throws std::runtime_error where that is no checkout: a wrong path must not pass for "skipped".
std::optional<std::filesystem::path> herdtools7_dir();

/// The built tlbcheck program.
std::filesystem::path program_path();

/// Runs `command` (found by PATH) in `folder` with `input` on its standard input. Throws std::system_error
/// when no process can be made.
ProgramResult run_command(const std::vector<std::string>& command, std::string_view input = {},
                          const std::filesystem::path& folder = source_dir());

/// Runs tlbcheck with `arguments`, in the source folder unless another is given.
ProgramResult run_tlbcheck(const std::vector<std::string>& arguments, std::string_view input = {},
                           const std::filesystem::path& folder = source_dir());

/// The whole text of a file. Throws std::runtime_error when it cannot be read.
std::string read_text(const std::filesystem::path& file);

/// A folder of its own that goes away with the object.
class TemporaryFolder {
  public:
    TemporaryFolder();
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    TemporaryFolder(TemporaryFolder&&) = delete;
    TemporaryFolder& operator=(TemporaryFolder&&) = delete;

    const std::filesystem::path& path() const { return path_; }

    /// Writes `text` to `name` in the folder and returns its path.
    std::filesystem::path write(std::string_view name, std::string_view text) const;

  private:
    std::filesystem::path path_;
};

}  // namespace tlbcheck::tests
