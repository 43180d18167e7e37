// SPDX-License-Identifier: Apache-2.0
//
// Which instructions touch a unit (docs/slicing.md, "What is kept").
#include "model/slice/units/unit_slicer.hpp"

#include <algorithm>
#include <functional>
#include <tuple>

#include "model/limits/budget.hpp"
#include "model/slice/units/freed_pages.hpp"
#include "model/slice/units/unit_thread.hpp"

namespace tlbcheck::model {

UnitSlicer::UnitSlicer(const SliceContext& context, const Lines& lines)
    : context_(context), lines_(lines), tlbis_(lines) {
    for (const ScheduleThread& thread : context.program.threads) barriers_.emplace_back(thread);
}

void UnitSlicer::add_stores(const Unit& unit, Stretches& stretches) const {
    std::vector<std::uint32_t> ids;
    for (int level = context_.start_level(); level <= unit.cell->finest; ++level) {
        ids.clear();
        const AddressRange range = context_.descriptors(unit, level);
        lines_.stores[static_cast<std::size_t>(level)].find(range, ids);
        for (const std::uint32_t id : ids) {
            const Line& line = lines_.all[id];
            if (const auto iterations = line.touching(range))
                stretches.push_back({&line, *iterations, false});
        }
    }
}

// Nested, from the unit outwards: the spans of the entries that may translate the unit and matter.
std::vector<AddressRange> UnitSlicer::spans(const Unit& unit, bool last_level) const {
    std::vector<AddressRange> result{unit.span()};
    const auto add = [&](const AddressRange& span) {
        if (result.back() != span) result.push_back(span);
    };
    for (int level = unit.cell->finest - 1; level >= SliceContext::first_stored(*unit.cell); --level) {
        const LevelFacts& facts = unit.cell->levels[static_cast<std::size_t>(level)];
        if (facts.leaf || (!last_level && !context_.per_page())) add(context_.entry(unit, level));
        if (facts.contiguous) add(context_.descriptors(unit, level));
    }
    return result;
}

// The footprint is the same for all iterations that meet the same spans and no part of the unit.
void UnitSlicer::add_tlbi(const Line& line, const Unit& unit, Stretches& stretches) const {
    const std::vector<AddressRange> spans = this->spans(unit, line.last_level);
    std::optional<Iterations> outer = line.touching(spans.back());
    if (!outer) return;
    const bool even = line.alignment == 0;
    if (!even || !line.strided() || (context_.per_page() && spans.size() > 1)) {
        stretches.push_back({&line, *outer, even && !line.strided()});
        return;
    }
    for (std::size_t i = spans.size() - 1; i > 0; --i) {
        const std::optional<Iterations> inner = line.touching(spans[i - 1]);
        if (!inner) {
            stretches.push_back({&line, *outer, true});
            return;
        }
        if (outer->first < inner->first) stretches.push_back({&line, {outer->first, inner->first - 1}, true});
        if (inner->last < outer->last) stretches.push_back({&line, {inner->last + 1, outer->last}, true});
        outer = inner;
    }
    stretches.push_back({&line, *outer, false});
}

std::uint64_t UnitSlicer::Stretch::skip(std::uint64_t i, const CodePlace& to) const {
    if (list == nullptr) {
        if (to.run > line->run) return iterations.last + 1;
        return to.run < line->run ? i : std::max<std::uint64_t>(i, to.iteration);
    }
    const CodePlace from{to.run, to.iteration, 0};
    const auto begin = list->begin() + static_cast<std::ptrdiff_t>(i);
    const auto found = std::lower_bound(begin, list->end(), from, [](const Line* l, const CodePlace& place) {
        return place_of(*l, 0) < place;
    });
    return static_cast<std::uint64_t>(found - list->begin());
}

// Beyond the unit's own table, lines that stand alone are taken from lists.
void UnitSlicer::add_far_tlbis(const Unit& unit, const std::vector<AddressRange>& spans, bool last_level,
                               Stretches& stretches) const {
    const bool lists = !(context_.per_page() && spans.size() > 1);
    const int finest = unit.cell->finest;
    const std::uint64_t own_table = finest > 0 ? context_.geometry.entry_bytes(finest - 1) : 0;
    std::size_t near = 0;
    while (near + 1 < spans.size() && (!lists || spans[near + 1].last - spans[near + 1].first < own_table))
        ++near;
    std::vector<std::uint32_t> ids;
    tlbis_.find_runs(last_level, spans.back(), ids);
    tlbis_.find_single(last_level, spans[near], ids);
    for (const std::uint32_t id : ids) add_tlbi(lines_.all[id], unit, stretches);
    for (std::size_t i = near + 1; i < spans.size(); ++i) {
        for (const AlikeLines& list : tlbis_.alike(last_level, spans[i])) {
            stretches.push_back({list.front(), {0, list.size() - 1}, true, &list, spans[i - 1]});
        }
    }
}

void UnitSlicer::add_tlbis(const Unit& unit, Stretches& stretches) const {
    if (SliceContext::first_stored(*unit.cell) > unit.cell->finest) return;
    for (const bool last_level : {false, true})
        add_far_tlbis(unit, spans(unit, last_level), last_level, stretches);
}

void UnitSlicer::add_others(const Unit& unit, Stretches& stretches) const {
    std::vector<std::uint32_t> ids;
    lines_.accesses.find(unit.span(), ids);
    for (const std::uint32_t id : ids) {
        if (const auto iterations = lines_.all[id].touching(unit.span())) {
            stretches.push_back({&lines_.all[id], *iterations, false});
        }
    }
    for (const AlikeLines& list : tlbis_.everywhere()) {
        stretches.push_back({list.front(), {0, list.size() - 1}, true, &list, {1, 0}});
    }
    for (const std::uint32_t id : lines_.everywhere) {
        const Line& line = lines_.all[id];
        if (line.kind == LineKind::tlbi && single(line)) continue;
        stretches.push_back({&line, {0, line.count - 1}, line.kind == LineKind::tlbi});
    }
}

std::optional<AddressRange> UnitSlicer::mapped(const Descriptor& leaf, const DescriptorSlot& slot,
                                               const Unit& unit, const SliceContext& context) {
    const Geometry& geometry = context.geometry;
    std::uint64_t va = slot.va;
    std::uint64_t pa = leaf.oa;
    std::uint64_t bytes = geometry.entry_bytes(slot.level);
    if (leaf.contiguous && geometry.contiguous_slots(slot.level)) {
        bytes = geometry.contiguous_bytes(slot.level);
        va = geometry.set_base(slot.va, slot.level);
        pa -= pa % bytes;
    }
    const std::uint64_t first = std::max(va, unit.base);
    const std::uint64_t last = std::min(va + (bytes - 1), unit.span().last);
    if (first > last) return std::nullopt;
    return AddressRange{pa + (first - va), pa + (last - va)};
}

std::vector<AddressRange> UnitSlicer::memory_of(const Unit& unit, const Stretches& stores) const {
    std::vector<AddressRange> memory;
    const std::function<void(const DescriptorSlot&, const Descriptor&)> add = [&](const DescriptorSlot& slot,
                                                                                  const Descriptor& value) {
        if (value.kind != DescriptorKind::leaf) return;
        if (value.contiguous) {  // read through its own slot, it means its own output address
            Descriptor own = value;
            own.contiguous = false;
            add(slot, own);
        }
        const std::optional<AddressRange> range = mapped(value, slot, unit, context_);
        if (!range) return;
        if (!memory.empty() && memory.back().last + 1 == range->first) {
            memory.back().last = range->last;
        } else if (memory.empty() || memory.back() != *range) {
            memory.push_back(*range);
        }
    };
    initial_values(unit, [&](const DescriptorSlot& slot, const Descriptor& value, bool /*garbage*/) {
        add(slot, value);
    });
    for (const Stretch& stretch : stores) {
        if (std::get<StoreDescriptor>(stretch.line->instruction->operation).value.kind !=
            DescriptorKind::leaf)
            continue;
        for (std::uint64_t i = stretch.iterations.first; i <= stretch.iterations.last; ++i) {
            poll();
            const Instruction store = instantiate(*stretch.line->instruction, i);
            const auto& operation = std::get<StoreDescriptor>(store.operation);
            add(operation.slot, operation.value);
        }
    }
    std::sort(memory.begin(), memory.end(), [](const AddressRange& a, const AddressRange& b) {
        return std::tie(a.first, a.last) < std::tie(b.first, b.last);
    });
    std::vector<AddressRange> merged;
    for (const AddressRange& range : memory) {
        if (!merged.empty() && range.first <= merged.back().last) {
            merged.back().last = std::max(merged.back().last, range.last);
        } else {
            merged.push_back(range);
        }
    }
    return merged;
}

void UnitSlicer::add_frees(const Unit& unit, const Stretches& stores, Stretches& stretches) const {
    std::vector<std::uint32_t> ids;
    if (!lines_.free_pages.empty()) {
        for (const AddressRange& range : memory_of(unit, stores)) {
            poll();
            ids.clear();
            lines_.free_pages.find(range, ids);
            for (const std::uint32_t id : ids) {
                if (const auto iterations = lines_.all[id].touching(range)) {
                    stretches.push_back({&lines_.all[id], *iterations, false});
                }
            }
        }
    }
    ids.clear();
    lines_.free_tables.find(unit.span(), ids);
    for (const std::uint32_t id : ids) {
        const Line& line = lines_.all[id];
        if (line.level > unit.cell->finest) continue;
        if (const auto iterations = line.touching(unit.span()))
            stretches.push_back({&line, *iterations, false});
    }
}

UnitSlice UnitSlicer::slice(const Unit& unit) const {
    Stretches stretches;
    add_stores(unit, stretches);
    const Stretches stores = stretches;
    add_tlbis(unit, stretches);
    add_frees(unit, stores, stretches);
    add_others(unit, stretches);
    std::sort(stretches.begin(), stretches.end(), [](const Stretch& a, const Stretch& b) {
        return std::tie(a.line->thread, a.line->run, a.line->position, a.iterations.first) <
               std::tie(b.line->thread, b.line->run, b.line->position, b.iterations.first);
    });
    std::optional<std::uint32_t> storer;
    bool one_storer = true;
    for (const Stretch& stretch : stretches) {
        if (!stretch.line->writes_descriptors()) continue;
        if (!storer) storer = stretch.line->thread;
        one_storer = one_storer && *storer == stretch.line->thread;
    }
    UnitSlice slice{unit, {}};
    std::size_t next = 0;
    for (std::uint32_t t = 0; t < barriers_.size(); ++t) {
        const std::size_t from = next;
        while (next < stretches.size() && stretches[next].line->thread == t) ++next;
        const auto other_tlbi = [&](const Stretch& s) {
            return s.line->kind == LineKind::tlbi && s.line->thread != t;
        };
        const bool alone = one_storer && storer == t && std::ranges::none_of(stretches, other_tlbi);
        Thread thread(context_, barriers_[t], unit, alone);
        slice.threads.push_back(thread.walk({stretches.begin() + static_cast<std::ptrdiff_t>(from),
                                             stretches.begin() + static_cast<std::ptrdiff_t>(next)}));
    }
    return slice;
}

namespace {

void sort_and_merge(std::vector<std::uint64_t>& addresses) {
    std::sort(addresses.begin(), addresses.end());
    addresses.erase(std::unique(addresses.begin(), addresses.end()), addresses.end());
}

}  // namespace

JudgedSchedule judged_schedule(const SliceContext& context, const UnitSlice& slice) {
    JudgedSchedule result;
    result.program = &context.program;
    result.hardware = context.hardware;
    for (std::size_t t = 0; t < slice.threads.size(); ++t) {
        const ScheduleThread& whole = context.program.threads[t];
        JudgedThread thread{whole.name, maintains(whole), {}, whole.starts_in};
        for (const KeptInstruction& kept : slice.threads[t]) {
            Instruction instruction = instantiate(*kept.instruction, kept.iteration);
            thread.code.push_back({std::move(instruction.operation), instruction.place,
                                   instruction.helper_place, kept.index, instruction.kernel});
        }
        result.threads.push_back(std::move(thread));
    }
    const Unit& unit = slice.unit;
    const std::uint64_t bytes = context.geometry.entry_bytes(unit.cell->finest);
    for (std::uint64_t i = 0, count = context.leaves(unit); i < count; ++i)
        result.candidates.push_back(unit.judged.first + i * bytes);
    if (unit.cell->finest == 3) return result;
    for (const std::uint64_t va : freed_inside_blocks(result, context.geometry, result.candidates)) {
        if (va >= unit.judged.first && va <= unit.judged.last) result.candidates.push_back(va);
    }
    sort_and_merge(result.candidates);
    return result;
}

/// Where walk-cache entries carry a page: one candidate for each part of a block that the TLBIs tell apart.
JudgedSchedule UnitSlicer::schedule(const UnitSlice& slice) const {
    JudgedSchedule result = judged_schedule(context_, slice);
    const Unit& unit = slice.unit;
    if (!context_.per_page() || unit.cell->finest == 3) return result;
    const std::uint64_t page = context_.geometry.entry_bytes(3);
    for (const std::vector<KeptInstruction>& thread : slice.threads) {
        for (const KeptInstruction& kept : thread) {
            if (!kept.footprint || kept.footprint->unit_pages.second == 0) continue;
            for (const std::uint64_t at :
                 {kept.footprint->unit_pages.first, kept.footprint->unit_pages.second}) {
                const std::uint64_t va = unit.base + at * page;
                if (va >= unit.judged.first && va <= unit.judged.last) result.candidates.push_back(va);
            }
        }
    }
    sort_and_merge(result.candidates);
    return result;
}

}  // namespace tlbcheck::model
