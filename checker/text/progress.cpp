// SPDX-License-Identifier: Apache-2.0
//
// The line that shows how far long work has come.

#include "checker/text/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>

#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {

namespace {

constexpr std::size_t line_width = 78;
constexpr std::string_view to_empty_line = "\r\x1b[K";
std::atomic<bool> line_on_stderr = false;

}  // namespace

Progress::Progress(bool shown, std::size_t total, std::FILE* stream)
    : shown_(shown), total_(total), stream_(stream) {}

Progress::~Progress() {
    erase();
}

void Progress::start(std::string_view item) {
    const std::lock_guard lock(mutex_);
    item_ = item;
    draw();
}

void Progress::finish() {
    const std::lock_guard lock(mutex_);
    ++done_;
    draw();
}

void Progress::clear() {
    const std::lock_guard lock(mutex_);
    erase();
}

void Progress::draw() {
    if (!shown_) return;
    const std::string line = fmt::format("[{}/{}] {}", done_, total_, item_);
    line_on_stderr = stream_ == stderr;
    fmt::print(stream_, "{}{}", to_empty_line, fitted(line, line_width, false));
    std::fflush(stream_);
    drawn_ = true;
}

void Progress::erase() {
    if (!drawn_) return;
    fmt::print(stream_, "{}", to_empty_line);
    std::fflush(stream_);
    drawn_ = false;
    line_on_stderr = false;
}

void erase_progress_line() noexcept {
    if (!line_on_stderr) return;
    // Where it fails there is nobody to tell.
    [[maybe_unused]] const ssize_t written =
        ::write(STDERR_FILENO, to_empty_line.data(), to_empty_line.size());
}

bool progress_wanted(bool quiet) {
    const char* term = std::getenv("TERM");
    return !quiet && ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace tlbcheck::checker
