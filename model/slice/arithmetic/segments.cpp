// SPDX-License-Identifier: Apache-2.0
//
// Bounds of stretches, from where lines begin, end and meet.
#include "model/slice/arithmetic/segments.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>

#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

/// Slices of [first, past) repeat with the result; 0: not known to.
std::uint64_t period(const Breaks& breaks, const std::set<std::uint32_t>& active) {
    std::uint64_t bytes = breaks.fixed_period;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> steps;
    for (const std::uint32_t id : active) {
        poll();
        const Core& core = breaks.cores[id];
        const auto [found, fresh] = steps.emplace(core.run, core.step);
        if (!fresh && found->second != core.step) return 0;
        for (const std::uint64_t part : {core.step, core.alignment, core.span}) {
            if (part == 0) continue;
            const std::uint64_t factor = part / std::gcd(bytes, part);
            if (bytes > ~std::uint64_t{0} / factor) return 0;
            bytes *= factor;
        }
    }
    return bytes % breaks.unit == 0 ? bytes / breaks.unit : 0;
}

}  // namespace

std::vector<Segment> segments_of(Breaks breaks) {
    std::vector<std::uint64_t>& cuts = breaks.cuts;
    std::vector<AddressRange>& visits = breaks.visits;
    const std::vector<Core>& cores = breaks.cores;
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    struct Event {
        std::uint64_t address;
        bool start;
        std::uint32_t core;
    };
    std::vector<Event> events;
    for (std::uint32_t i = 0; i < cores.size(); ++i) {
        events.push_back({cores[i].range.first, true, i});
        if (cores[i].range.last != ~std::uint64_t{0}) events.push_back({cores[i].range.last + 1, false, i});
    }
    std::sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
        return std::tie(a.address, a.start, a.core) < std::tie(b.address, b.start, b.core);
    });
    std::sort(visits.begin(), visits.end(),
              [](const AddressRange& a, const AddressRange& b) { return a.first < b.first; });
    std::vector<Segment> result;
    std::set<std::uint32_t> active;
    std::size_t event = 0;
    std::size_t visit = 0;
    std::uint64_t visited_to = 0;  // last address of visits that start at or before the segment
    std::uint64_t from = breaks.first;
    for (std::size_t c = 0; c <= cuts.size(); ++c) {
        poll();
        const std::uint64_t last = c < cuts.size() ? cuts[c] - breaks.unit : breaks.last;
        for (; event < events.size() && events[event].address <= from; ++event) {
            if (events[event].start) active.insert(events[event].core);
            if (!events[event].start) active.erase(events[event].core);
        }
        for (; visit < visits.size() && visits[visit].first <= from; ++visit) {
            visited_to = std::max(visited_to, visits[visit].last);
        }
        const bool visited = visited_to >= from && visit > 0;
        result.push_back({from, last, visited ? 0 : period(breaks, active)});
        from = last + breaks.unit;
    }
    return result;
}

}  // namespace tlbcheck::model
