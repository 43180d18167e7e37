// SPDX-License-Identifier: Apache-2.0
//
// Lists of lines by the wide entry that they meet.
#include "model/slice/units/tlbi_index.hpp"

#include <algorithm>
#include <tuple>

namespace tlbcheck::model {

namespace {

/// What an operation means but for its address; equal keys have equal footprints on entries that both meet.
auto key_of(const Line& line) {
    const auto& tlbi = std::get<TlbiInstruction>(line.instruction->operation);
    // The fields above the address: ASID and TTL, or ASID, granule, scale, num and TTL.
    const int address_bits = is_range(tlbi.op.base) ? 37 : 44;
    return std::tuple(line.thread, tlbi.op.base, tlbi.op.domain, tlbi.op.nxs, tlbi.operand >> address_bits);
}

}  // namespace

TlbiIndex::TlbiIndex(const Lines& lines) : lines_(lines) {
    for (std::uint32_t id = 0; id < lines.all.size(); ++id) {
        const Line& line = lines.all[id];
        if (line.kind != LineKind::tlbi || line.everywhere) continue;
        (single(line) ? single_ : runs_)[line.last_level ? 1 : 0].add(line.hull(), id);
    }
    for (int k = 0; k < 2; ++k) {
        runs_[k].build();
        single_[k].build();
    }
    std::vector<std::uint32_t> alone;
    for (const std::uint32_t id : lines.everywhere) {
        if (lines.all[id].kind == LineKind::tlbi && single(lines.all[id])) alone.push_back(id);
    }
    everywhere_ = group(alone);
}

std::vector<AlikeLines> TlbiIndex::group(const std::vector<std::uint32_t>& ids) const {
    std::map<decltype(key_of(lines_.all.front())), AlikeLines> groups;
    for (const std::uint32_t id : ids) groups[key_of(lines_.all[id])].push_back(&lines_.all[id]);
    std::vector<AlikeLines> result;
    for (auto& [key, list] : groups) {
        std::ranges::sort(list, {}, [](const Line* line) { return place_of(*line, 0); });
        result.push_back(std::move(list));
    }
    return result;
}

const std::vector<AlikeLines>& TlbiIndex::alike(bool last_level, const AddressRange& range) const {
    const auto [found, fresh] = alike_.try_emplace({last_level, {range.first, range.last}});
    if (fresh) {
        std::vector<std::uint32_t> ids;
        find_single(last_level, range, ids);
        found->second = group(ids);
    }
    return found->second;
}

}  // namespace tlbcheck::model
