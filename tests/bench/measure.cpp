// SPDX-License-Identifier: Apache-2.0
// fork, exec and wait4, with a hardware counter inherited by the child (Linux perf_event_open, if permitted).

#include "tests/bench/measure.hpp"

#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <system_error>

namespace tlbcheck::bench {
namespace {

/// Counts the user-mode instructions of the children made while it lives.
class InstructionCounter {
  public:
    InstructionCounter() {
        perf_event_attr attributes{};
        attributes.size = sizeof attributes;
        attributes.type = PERF_TYPE_HARDWARE;
        attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
        attributes.inherit = 1;
        attributes.exclude_kernel = 1;
        attributes.enable_on_exec = 1;
        attributes.disabled = 1;
        descriptor_ =
            static_cast<int>(::syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC));
    }
    ~InstructionCounter() {
        if (descriptor_ >= 0) ::close(descriptor_);
    }
    InstructionCounter(const InstructionCounter&) = delete;
    InstructionCounter& operator=(const InstructionCounter&) = delete;
    InstructionCounter(InstructionCounter&&) = delete;
    InstructionCounter& operator=(InstructionCounter&&) = delete;

    std::optional<std::uint64_t> value() const {
        std::uint64_t count = 0;
        if (descriptor_ < 0 || ::read(descriptor_, &count, sizeof count) != sizeof count) return std::nullopt;
        return count;
    }

  private:
    int descriptor_ = -1;
};

[[noreturn]] void become(std::vector<char*>& argv, const std::filesystem::path& folder) {
    const int sink = ::open("/dev/null", O_RDWR);
    if (sink >= 0 && ::dup2(sink, STDIN_FILENO) >= 0 && ::dup2(sink, STDOUT_FILENO) >= 0 &&
        ::dup2(sink, STDERR_FILENO) >= 0 && ::chdir(folder.c_str()) == 0) {
        ::execvp(argv[0], argv.data());
    }
    ::_exit(127);
}

Measurement run_once(const std::vector<std::string>& command, const std::filesystem::path& folder) {
    std::vector<std::string> words = command;
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    const InstructionCounter counter;
    const auto start = std::chrono::steady_clock::now();
    const pid_t child = ::fork();
    if (child < 0) throw std::system_error(errno, std::generic_category(), "fork");
    if (child == 0) become(argv, folder);
    int status = 0;
    rusage usage{};
    while (::wait4(child, &status, 0, &usage) < 0) {
        if (errno != EINTR) throw std::system_error(errno, std::generic_category(), "wait4");
    }
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start;

    Measurement result;
    result.seconds = elapsed.count();
    result.peak_kib = static_cast<std::uint64_t>(usage.ru_maxrss);
    result.instructions = counter.value();
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return result;
}

}  // namespace

Measurement measure(const std::vector<std::string>& command, int runs, const std::filesystem::path& folder) {
    Measurement best = run_once(command, folder);
    for (int i = 1; i < runs; ++i) {
        Measurement next = run_once(command, folder);
        next.peak_kib = std::max(next.peak_kib, best.peak_kib);
        best.peak_kib = next.peak_kib;
        if (next.seconds < best.seconds) best = next;
    }
    return best;
}

}  // namespace tlbcheck::bench
