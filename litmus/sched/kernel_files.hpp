// SPDX-License-Identifier: Apache-2.0
//
// The kernel files that a schedule names, read once for all its expansions, and the check that threads which
// run kernel code do not depend on one another.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "litmus/kernel/code.hpp"
#include "litmus/kernel/interpreter/errors.hpp"
#include "litmus/kernel/world/capabilities.hpp"
#include "litmus/sched/expansion.hpp"

namespace tlbcheck::litmus::sched {

struct KernelFiles {
    std::string key;  ///< the files' names, for which the rest was read
    std::shared_ptr<const kernel::Image> image;
    kernel::world::Capabilities capabilities;
};

/// Throws InputError, at `spot` where no item names the file.
std::shared_ptr<KernelFiles> kernel_files(const Expansion& expansion, const Spot& spot);

/// A word of memory that code in one thread touched; places are those of the kernel.
struct KernelAccesses {
    struct Access {
        bool read = false, written = false;
        std::vector<kernel::interpreter::Frame> read_at, written_at;
    };
    std::unordered_map<std::uint64_t, Access> words;  ///< by PA / 8
    Spot call;                                        ///< the first call of the thread
    /// PA of the descriptor for (va, level); nullopt: the walk ends above.
    std::function<std::optional<std::uint64_t>(std::uint64_t va, int level)> descriptor_pa;
};

/// An error where kernel code in one thread reads what another thread's kernel code changes.
void check_kernel_independence(const Expansion& expansion);

/// "f arch/arm64/mm/mmu.c:12", the first frame that is not in a header.
std::string place_text(const std::vector<kernel::interpreter::Frame>& frames);

}  // namespace tlbcheck::litmus::sched
