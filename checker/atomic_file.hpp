// SPDX-License-Identifier: Apache-2.0
//
// Output files that are either whole or not there: written beside the target and renamed over it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace tlbcheck::checker {

/// Replaces `path` by a file with `text`. Returns an empty string, or why it failed ("cannot write
/// out/x.html: No such file or directory"); an existing file is then unchanged. A symbolic link is followed;
/// something that is no regular file (a pipe, /dev/stdout) is written to directly. The mode of an existing
/// file is kept.
std::string write_file_atomically(const std::filesystem::path& path, std::string_view text);

/// For a signal handler that ends the process: takes away the file that is being written beside its place.
void remove_unfinished_file() noexcept;

}  // namespace tlbcheck::checker
