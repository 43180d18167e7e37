// SPDX-License-Identifier: Apache-2.0
//
// Slices of a schedule, equal ones counted once (docs/formal-model.md section 8; docs/slicing.md).
#include "model/slice/slicing.hpp"
#include "model/slice/passed_order.hpp"

#include <algorithm>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "model/limits/budget.hpp"
#include "model/program/pe_contexts.hpp"
#include "model/slice/arithmetic/plan.hpp"
#include "model/slice/contexts/context_slicer.hpp"
#include "model/slice/contexts/one_space.hpp"
#include "model/slice/equal_leaves.hpp"
#include "model/slice/units/unit_slicer.hpp"

namespace tlbcheck::model {

namespace {

/// Flag accesses that every slice keeps: beyond this many, slices are no smaller than the whole.
constexpr std::uint64_t most_flag_accesses = 256;
/// Instructions and units of schedules with contexts that are solved whole within a second.
constexpr std::uint64_t largest_whole_with_contexts = 220;
/// Instructions times units that slices with contexts look at.
constexpr std::uint64_t most_context_visits = 300'000'000;

std::uint64_t hash(const std::vector<std::uint64_t>& form) {
    std::uint64_t h = form.size();
    for (const std::uint64_t token : form) {
        h = (h ^ token) * 0x9E37'79B9'7F4A'7C15ULL;
        h ^= h >> 29;
    }
    return h;
}

/// Why the parts of the schedule may depend on one another; empty: they do not (docs/slicing.md,
/// "Conditions").
std::string why_dependent(const ScheduleProgram& program, const Property& property, const Lines& lines) {
    if (const Instruction* branch = first_branch(program))
        return fmt::format("what a thread does depends on what it reads (line {})", branch->place.line);
    if (!lines.irregular.empty()) return lines.irregular;
    if (property.judging.moment)
        return "what other threads do is judged as it is when one of them comes to a label";
    if (property.hardware.repeat_tlbi)
        return "with repeat_tlbi a TLBI that is done again counts, which a slice leaves out";
    std::uint64_t flags = 0;
    for (const Line& line : lines.all) {
        if (line.kind == LineKind::flag) {
            flags += line.count;
            continue;
        }
        if (line.kind != LineKind::access) continue;
        const std::uint32_t at = line.instruction->place.line;
        const auto* access = std::get_if<Access>(&line.instruction->operation);
        if (access == nullptr) {
            return fmt::format(
                "a thread waits for a value of translated memory (line {}): what it does next depends on "
                "another leaf's data",
                at);
        }
        if (access->kind == AccessKind::load_acquire || access->kind == AccessKind::store_release) {
            return fmt::format(
                "an acquire or release access to translated memory (line {}) orders what other leaves "
                "depend on",
                at);
        }
        if (property.kind == PropertyKind::no_use_after_free) {
            return fmt::format(
                "an access to translated memory (line {}) may meet the new owner's writes to freed memory",
                at);
        }
    }
    if (flags > most_flag_accesses) {
        return fmt::format("{} accesses to flags synchronise the threads; every leaf depends on all of them",
                           flags);
    }
    return {};
}

/// What a PE's context does to a unit's walks is not in its slice.
std::string why_context(const ScheduleProgram& program) {
    if (uses_vms(program))
        return "VMs: a walk is of two stages, and an entry of one VM may be hit in another";
    if (!program.spaces.empty()) return "address spaces: an entry of one may be hit in another";
    if (program.closed) return "cpus: every PE of the schedule is an observer";
    for (const ScheduleThread& thread : program.threads) {
        for (const Run& run : thread.code) {
            for (const Instruction& i : run.body) {
                if (std::holds_alternative<ContextChange>(i.operation))
                    return fmt::format("the context of a PE changes (line {})", i.place.line);
            }
        }
    }
    return {};
}

/// Collects the slices of the units as they are visited.
template <class Slicer>
class Classifier {
  public:
    template <class... Lines>
    Classifier(const SliceContext& context, const Judging& judging, const Lines&... lines)
        : context_(context), slicer_(context, lines...), judging_(judging) {}

    void add(const SliceCell& cell, const Segment& segment) {
        const std::uint64_t units = (segment.last - segment.first) / cell.unit_bytes + 1;
        if (segment.period == 0 || units <= 2 * segment.period) {
            for (std::uint64_t u = 0; u < units; ++u) add_unit(cell, segment.first + u * cell.unit_bytes);
        } else {
            add_periodic(cell, segment, units);
        }
    }

    void add_only(const SliceCell& cell, std::uint64_t base) { add_unit(cell, base); }

    Slicing finish() {
        for (Slice& slice : result_.slices) {
            std::sort(slice.stands_for.begin(), slice.stands_for.end(),
                      [](const LeafRange& a, const LeafRange& b) {
                          return std::tie(a.first, a.last, a.step, a.count) <
                                 std::tie(b.first, b.last, b.step, b.count);
                      });
        }
        return std::move(result_);
    }

  private:
    static Unit unit_at(const SliceCell& cell, std::uint64_t base) {
        const std::uint64_t last = base + (cell.unit_bytes - 1);
        return {&cell, base, {std::max(base, cell.range.first), std::min(last, cell.range.last)}};
    }

    /// Number of the unit's slice, a new one or one seen before.
    std::size_t classify(const Unit& unit) {
        poll_now();
        const UnitSlice slice = slicer_.slice(unit);
        std::vector<std::uint64_t> form = slicer_.canonical(slice);
        ++result_.visited;
        std::vector<std::size_t>& same_hash = by_hash_[hash(form)];
        for (const std::size_t id : same_hash) {
            if (result_.slices[id].canonical == form) return id;
        }
        same_hash.push_back(result_.slices.size());
        Slice fresh;
        fresh.schedule = slicer_.schedule(slice);
        fresh.schedule.judging = judging_;
        fresh.canonical = std::move(form);
        result_.slices.push_back(std::move(fresh));
        return result_.slices.size() - 1;
    }

    void count(std::size_t id, std::uint64_t units, std::uint64_t leaves) {
        result_.slices[id].units += units;
        result_.slices[id].leaves += leaves;
        result_.units += units;
        result_.leaves += leaves;
    }

    void add_range(std::size_t id, const LeafRange& range) {
        std::vector<LeafRange>& ranges = result_.slices[id].stands_for;
        if (!ranges.empty() && ranges.back().count == 1 && range.count == 1 &&
            ranges.back().last + 1 == range.first) {
            ranges.back().last = range.last;
        } else {
            ranges.push_back(range);
        }
    }

    void add_unit(const SliceCell& cell, std::uint64_t base) {
        const Unit unit = unit_at(cell, base);
        const std::size_t id = classify(unit);
        count(id, 1, context_.leaves(unit));
        add_range(id, {unit.judged.first, unit.judged.last});
    }

    void add_periodic(const SliceCell& cell, const Segment& segment, std::uint64_t units) {
        const std::uint64_t period = segment.period;
        const std::uint64_t bytes = cell.unit_bytes;
        std::vector<std::size_t> ids;
        for (std::uint64_t u = 0; u < period; ++u)
            ids.push_back(classify(unit_at(cell, segment.first + u * bytes)));
        const std::uint64_t leaves = context_.leaves(unit_at(cell, segment.first));
        const std::uint64_t full = units / period;
        const std::uint64_t rest = units % period;
        for (std::uint64_t from = 0; from < period;) {
            std::uint64_t to = from;
            while (to < period && ids[to] == ids[from]) ++to;
            const std::size_t id = ids[from];
            const std::uint64_t first = segment.first + from * bytes;
            const std::uint64_t rest_here = rest <= from ? 0 : std::min(rest, to) - from;
            const std::uint64_t total = (to - from) * full + rest_here;
            count(id, total, total * leaves);
            if (from == 0 && to == period) {
                add_range(id, {first, first + (total * bytes - 1)});
                return;
            }
            add_range(id, {first, first + ((to - from) * bytes - 1), period * bytes, full});
            if (rest_here != 0) {
                const std::uint64_t tail = first + full * period * bytes;
                add_range(id, {tail, tail + (rest_here * bytes - 1)});
            }
            from = to;
        }
    }

    const SliceContext& context_;
    Slicer slicer_;
    const Judging& judging_;
    Slicing result_;
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> by_hash_;
};

Slicing in_one(const ScheduleProgram& program, const Property& property, const std::vector<SliceCell>& cells,
               const Geometry& geometry, std::string why) {
    Slicing result;
    result.whole = true;
    result.why_whole = std::move(why);
    Slice slice;
    slice.schedule = whole(program, property);
    for (const SliceCell& cell : cells) {
        const std::uint64_t unit = cell.unit_bytes;
        slice.units += cell.range.last / unit - cell.range.first / unit + 1;
        slice.leaves += (cell.range.last - cell.range.first) / geometry.entry_bytes(cell.finest) + 1;
        if (!slice.stands_for.empty() && slice.stands_for.back().last + 1 == cell.range.first) {
            slice.stands_for.back().last = cell.range.last;
        } else {
            slice.stands_for.push_back({cell.range.first, cell.range.last});
        }
    }
    result.units = slice.units;
    result.leaves = slice.leaves;
    result.slices.push_back(std::move(slice));
    return result;
}

/// The segments of each cell, which hold all of its units. Only of one space is there arithmetic over loops.
std::vector<std::vector<Segment>> context_plan(const SliceContext& context,
                                               const std::vector<SliceCell>& cells, bool every_unit) {
    std::vector<std::vector<Segment>> result;
    std::optional<OneSpace> one;
    if (OneSpace::is(context.program)) one.emplace(context);
    for (const SliceCell& cell : cells) {
        if (one && one->irregular().empty()) {
            result.push_back(one->segments(cell, every_unit));
        } else {
            const std::uint64_t bytes = cell.unit_bytes;
            result.push_back({{cell.range.first / bytes * bytes, cell.range.last / bytes * bytes, 0}});
        }
    }
    return result;
}

std::uint64_t units_visited(const std::vector<SliceCell>& cells,
                            const std::vector<std::vector<Segment>>& plan) {
    std::uint64_t visited = 0;
    for (std::size_t c = 0; c < cells.size(); ++c) {
        for (const Segment& segment : plan[c]) {
            const std::uint64_t units = (segment.last - segment.first) / cells[c].unit_bytes + 1;
            visited += segment.period == 0 ? units : std::min(units, 2 * segment.period);
        }
    }
    return visited;
}

/// Slices of a schedule with contexts; nullopt: it is judged whole, and why.
std::optional<Slicing> slices_with_contexts(const SliceContext& context, const Property& property,
                                            const Lines& lines, const std::vector<SliceCell>& cells,
                                            const SliceOptions& options, std::string& why) {
    std::uint64_t instructions = 0;
    for (const ScheduleThread& thread : context.program.threads) instructions += instruction_count(thread);
    std::uint64_t units = 0;
    for (const SliceCell& cell : cells)
        units += cell.range.last / cell.unit_bytes - cell.range.first / cell.unit_bytes + 1;
    if (!options.contexts_at_any_size && instructions + units <= largest_whole_with_contexts)
        return std::nullopt;
    std::string otherwise = why_contexts_whole(context.program, context.hardware);
    if (otherwise.empty()) otherwise = why_dependent(context.program, property, lines);
    if (otherwise.empty()) otherwise = order_through_others(context.program);
    if (!otherwise.empty()) {
        why = std::move(otherwise);
        return std::nullopt;
    }
    const auto plan = context_plan(context, cells, options.visit_every_unit);
    if (units_visited(cells, plan) > most_context_visits / (instructions + 1)) {
        why += "; more instructions and leaves than are looked at one by one";
        return std::nullopt;
    }
    Classifier<ContextSlicer> classifier(context, property.judging);
    for (std::size_t c = 0; c < cells.size(); ++c) {
        for (const Segment& segment : plan[c]) classifier.add(cells[c], segment);
    }
    return classifier.finish();
}

/// Leaves of a whole schedule the candidates of one unit.
void narrow(Slicing& whole, const SliceCell& cell, std::uint64_t base) {
    Slice& slice = whole.slices.front();
    const AddressRange unit{std::max(base, cell.range.first),
                            std::min(base + (cell.unit_bytes - 1), cell.range.last)};
    std::erase_if(slice.schedule.candidates,
                  [&](std::uint64_t va) { return va < unit.first || va > unit.last; });
    slice.stands_for = {{unit.first, unit.last}};
    whole.units = slice.units = 1;
    whole.leaves = slice.leaves = slice.schedule.candidates.size();
}

/// The part of a cell that one unit is.
SliceCell unit_of(SliceCell cell, std::uint64_t base) {
    cell.range = {std::max(base, cell.range.first), std::min(base + (cell.unit_bytes - 1), cell.range.last)};
    return cell;
}

}  // namespace

Slicing slice_at(const ScheduleProgram& program, const Property& property, std::uint64_t va) {
    const SliceContext context{program, property.hardware, Geometry(property.hardware)};
    const Lines lines = lines_of(program, context.geometry);
    const std::vector<SliceCell> cells = cells_of(program, property, lines, context.geometry);
    const auto cell = std::ranges::find_if(
        cells, [&](const SliceCell& c) { return c.range.first <= va && va <= c.range.last; });
    if (cell == cells.end()) return {};
    const std::uint64_t base = va / cell->unit_bytes * cell->unit_bytes;
    std::string why = why_context(program);
    if (!why.empty() && property.kind != PropertyKind::no_bbm_violation) {
        if (auto sliced = slices_with_contexts(context, property, lines, {unit_of(*cell, base)}, {}, why))
            return std::move(*sliced);
    }
    if (why.empty()) why = why_dependent(program, property, lines);
    if (why.empty()) why = order_through_others(program);
    if (!why.empty()) {
        Slicing result = in_one(program, property, cells, context.geometry, std::move(why));
        narrow(result, *cell, base);
        return result;
    }
    Classifier<UnitSlicer> classifier(context, property.judging, lines);
    classifier.add_only(*cell, base);
    return classifier.finish();
}

Slicing slice(const ScheduleProgram& program, const Property& property, const SliceOptions& options) {
    const SliceContext context{program, property.hardware, Geometry(property.hardware)};
    const Lines lines = lines_of(program, context.geometry);
    const std::vector<SliceCell> cells = cells_of(program, property, lines, context.geometry);
    std::string why = why_context(program);
    // Break-before-make is judged unit by unit, whatever a slice holds.
    const bool contexts = !why.empty() && property.kind != PropertyKind::no_bbm_violation;
    if (!options.no_slicing && contexts) {
        if (auto sliced = slices_with_contexts(context, property, lines, cells, options, why))
            return std::move(*sliced);
        Slicing result = in_one(program, property, cells, context.geometry, std::move(why));
        Slice& slice = result.slices.front();
        std::vector<std::uint64_t> every = slice.schedule.candidates;
        keep_one_of_equal_leaves(slice.schedule, cells, context.geometry);
        if (every.size() != slice.schedule.candidates.size()) slice.every_leaf = std::move(every);
        return result;
    }
    if (why.empty()) why = why_dependent(program, property, lines);
    if (why.empty()) why = order_through_others(program);
    if (options.no_slicing || !why.empty()) {
        return in_one(program, property, cells, context.geometry,
                      options.no_slicing ? std::string() : std::move(why));
    }
    Classifier<UnitSlicer> classifier(context, property.judging, lines);
    for (const SliceCell& cell : cells) {
        for (const Segment& segment : plan(context, lines, cell, options.visit_every_unit))
            classifier.add(cell, segment);
    }
    return classifier.finish();
}

}  // namespace tlbcheck::model
