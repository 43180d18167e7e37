// SPDX-License-Identifier: Apache-2.0
//
// Words that the text trace and the still picture share, and how long each cached entry lives.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/report/explanation.hpp"

namespace tlbcheck::checker {

/// "no_stale_entry(linear): unsafe (expected safe)".
std::string headline(const QuestionReport& question);
/// "granule = 4K, bbm_level = 0, ..."; empty for a litmus test.
std::string hardware_line(const QuestionReport& question);

/// The descriptors whose addresses the range covers, by name: "linear[0]", "linear[0]..linear[3]"; the range
/// in hexadecimal when no descriptor of that level covers the same bytes.
std::string coverage_text(const std::vector<MemoryDescriptor>& memory, const CachedEntry& entry);
/// "stage 1", "stage 2", "both stages".
std::string stage_text(model::CachedTranslation::Stage stage);
/// "both stages, ASID 5, VMID 1", "EL2", "ASID 5": the stage where there are VMs, the regime but EL1&0.
std::string tags_text(const EntryTags& tags);
/// "linear[0] -> 0x80000000 rw, from linear[1] (shattered)", without the mark for stale.
std::string entry_text(const std::vector<MemoryDescriptor>& memory, const CachedEntry& entry);

/// One entry's life in one lane, in steps; a step's state is what holds after it.
struct EntryLife {
    CachedEntry entry;  ///< as it was when it appeared
    std::uint32_t pe = 0;
    Lane lane = Lane::tlb;  ///< tlb or walk_cache
    int born = -1;          ///< step after which it is first there; -1: before the first step
    int last = -1;          ///< last step after which it is still there
    int stale_from = -1;    ///< first step after which it is stale; meaningful when `ever_stale`
    bool ever_stale = false;
    int track = 0;  ///< column in its lane: lives that overlap have different tracks
};
/// Where there are VMs the TLB's entries of each stage stand together: 1 + the stage; else 0.
int stage_column(const EntryLife& life);
/// In the order of birth; tracks are assigned first-fit for each lane, and stage.
std::vector<EntryLife> entry_lives(const Timeline& timeline);

}  // namespace tlbcheck::checker
