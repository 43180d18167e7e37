// SPDX-License-Identifier: Apache-2.0
//
// Progress of long work: one line on standard error that is rewritten in place, on a terminal only.
#pragma once

#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>

namespace tlbcheck::checker {

/// Counts finished items and shows them; safe to call from several threads. Writes nothing when not `shown`.
class Progress {
  public:
    /// `shown`: usually `progress_wanted(quiet)`; `total` items; `stream` is standard error but in tests.
    Progress(bool shown, std::size_t total, std::FILE* stream = stderr);
    /// Takes the line away.
    ~Progress();
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    Progress(Progress&&) = delete;
    Progress& operator=(Progress&&) = delete;

    /// An item is being worked on; shown as "[2/5] examples/a.sched".
    void start(std::string_view item);
    /// One more item is done.
    void finish();
    /// Takes the line away until the next start(), so that other output can be written.
    void clear();

  private:
    void draw();
    void erase();

    std::mutex mutex_;
    bool shown_;
    std::size_t total_, done_ = 0;
    std::FILE* stream_;
    std::string item_;
    bool drawn_ = false;
};

/// For a signal handler that ends the process: takes away a line that is shown on standard error.
void erase_progress_line() noexcept;

/// Standard error is a terminal that can rewrite a line, and the user did not ask for quiet.
bool progress_wanted(bool quiet);

}  // namespace tlbcheck::checker
