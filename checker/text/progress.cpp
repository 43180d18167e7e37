// SPDX-License-Identifier: Apache-2.0

#include "checker/text/progress.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>

#include "checker/text/text_tools.hpp"

namespace tlbcheck::checker {

constexpr std::size_t line_width = 78;

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
    fmt::print(stream_, "\r\x1b[K{}", fitted(line, line_width, false));
    std::fflush(stream_);
    drawn_ = true;
}

void Progress::erase() {
    if (!drawn_) return;
    fmt::print(stream_, "\r\x1b[K");
    std::fflush(stream_);
    drawn_ = false;
}

bool progress_wanted(bool quiet) {
    const char* term = std::getenv("TERM");
    return !quiet && ::isatty(STDERR_FILENO) == 1 && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace tlbcheck::checker
