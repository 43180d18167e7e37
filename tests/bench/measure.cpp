// SPDX-License-Identifier: Apache-2.0
// The runs are tests/support's; a hardware counter is inherited by the child (Linux perf_event_open, if
// permitted).

#include "tests/bench/measure.hpp"

#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

#include "tests/support/program.hpp"

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

Measurement run_once(const std::vector<std::string>& command, const std::filesystem::path& folder) {
    const InstructionCounter counter;
    const tests::ProgramResult run = tests::run_command(command, {}, folder);
    return {run.seconds, run.processor_seconds, run.peak_kib, counter.value(), run.status};
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
