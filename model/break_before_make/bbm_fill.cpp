// SPDX-License-Identifier: Apache-2.0
//
// What the timeline machine of no_bbm_violation may hold: walks fill entries from whatever is visible and in
// reach.
#include "model/break_before_make/bbm_machine.hpp"

namespace tlbcheck::model {

void BbmMachine::merge(Reach& into, const Addresses& any, const Doomed& doomed) const {
    for (std::size_t t = 0; t < issued_.size(); ++t) {
        const Addresses before = into.doomed[t].empty() ? none() : into.doomed[t];
        const Addresses now = doomed[t].empty() ? none() : doomed[t];
        if (before.none() && now.none()) continue;
        into.doomed[t] = (before & now) | (before - any) | (now - into.any);
    }
    into.any |= any;
}

/// For each address, whether the walk that would fill it from the source has the property. With walk_cache =
/// per_page a neighbour's fill is by the walk for the page in the neighbour's slot.
BbmMachine::Addresses BbmMachine::by_walk(const Source& source, const Addresses& walks) const {
    if (schedule_->hardware.walk_cache != WalkCache::per_page) return walks;
    Addresses result = walks;
    const std::vector<std::uint64_t>& all = schedule_->candidates;
    for (std::size_t c = source.serves.find_first(); c != Addresses::npos; c = source.serves.find_next(c)) {
        const std::uint64_t own = geometry_.entry_base(all[c], source.slot.level);
        if (own == source.slot.va) continue;
        const auto walked_for = std::lower_bound(all.begin(), all.end(), source.slot.va + (all[c] - own));
        if (walked_for == all.end() || *walked_for != source.slot.va + (all[c] - own)) continue;
        result[c] = walks.test(static_cast<std::size_t>(walked_for - all.begin()));
    }
    return result;
}

/// What walks fill from a readable value. An entry filled through entries that a TLBI not yet complete
/// removes was filled before that took effect: it goes with them where it is in scope as well.
void BbmMachine::fill_source(Source& source, const Reach& reach) {
    const Addresses filled = source.serves & by_walk(source, reach.any);
    for (std::size_t t = 0; t < issued_.size(); ++t) {
        Addresses& doomed = source.doomed[t];
        Addresses through = none();
        if (!reach.doomed[t].empty()) {
            through = filled & by_walk(source, reach.doomed[t]);
            const Addresses fresh = removed_by(issued_[t], source, through - source.live);
            through = doomed.empty() ? fresh : (through & doomed) | fresh;
        }
        if (doomed.empty() && through.none()) continue;
        doomed = doomed.empty() ? through : (doomed - filled) | through;
    }
    source.live |= filled;
}

// Walks read every readable value, and go on through every cached table descriptor.
void BbmMachine::fill_table(int level, std::uint32_t generation, const Reach& reach,
                            std::map<std::uint32_t, Reach>& next) {
    for (Source& source : sources_) {
        if (source.slot.level != level || source.slot.generation != generation) continue;
        if (!source.value.valid() || (source.value.kind == DescriptorKind::leaf && !source.value.af))
            continue;
        if (source.readable) fill_source(source, reach);
        combine(source);
        if (source.value.kind != DescriptorKind::table || source.live.none()) continue;
        const auto [found, fresh] = next.try_emplace(static_cast<std::uint32_t>(source.value.oa));
        if (fresh) found->second = {none(), Doomed(issued_.size())};
        merge(found->second, source.live, source.doomed);
    }
}

/// A TLBI with a TTL may remove the entry that led to a table page and leave one that came from the page.
void BbmMachine::add_left_behind(int level, std::map<std::uint32_t, Reach>& tables) const {
    for (const Source& source : sources_) {
        if (source.slot.level != level || source.value.kind != DescriptorKind::table || source.live.none())
            continue;
        tables.try_emplace(source.slot.generation, Reach{none(), Doomed(issued_.size())});
    }
}

void BbmMachine::fill() {
    reached_.clear();
    Reach root{none(), Doomed(issued_.size())};
    root.any.set();
    std::map<std::uint32_t, Reach> tables{{0, root}};
    for (int level = geometry_.start_level(); level <= 3; ++level) {
        std::map<std::uint32_t, Reach> next;
        add_left_behind(level, tables);
        for (const auto& [generation, reach] : tables) {
            fill_table(level, generation, reach, next);
            reached_[{level, generation}] = reach;
        }
        tables = std::move(next);
    }
}

}  // namespace tlbcheck::model
