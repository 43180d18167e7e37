// SPDX-License-Identifier: Apache-2.0
//
// Files as inputs, none of which is trusted: what they may name in turn (`include`), and from where.
#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "litmus/diagnostics.hpp"

namespace tlbcheck::litmus {

/// Bytes of a schedule, litmus test, model or configuration file.
constexpr std::size_t most_source_bytes = std::size_t{1} << 20;
/// Bytes of a list made by a program: kinds files, baselines.
constexpr std::size_t most_list_bytes = std::size_t{16} << 20;

/// read_source for the larger files.
Source read_list(const std::string& path, std::string& why);

/// Where a file given on the command line may have its includes: below its own folder, and below one more
/// where the user says so. What an error shows of a file must not be had from elsewhere by naming it in an
/// input.
class IncludeRoot {
  public:
    /// The folder of `file`, and `more` when given. Symbolic links to folders are resolved.
    explicit IncludeRoot(const std::string& file, const std::optional<std::string>& more = std::nullopt);

    /// True iff `path`, its links resolved, lies below; it need not exist.
    bool holds(const std::string& path) const;
    /// As read_source, up to so many bytes; what lies elsewhere is refused.
    Source read(const std::string& path, std::string& why, std::size_t most = most_source_bytes) const;

    /// Says so of a path for which holds() is false.
    static const char* outside();

  private:
    std::vector<std::filesystem::path> folders_;
};

}  // namespace tlbcheck::litmus
