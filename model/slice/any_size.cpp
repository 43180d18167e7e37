// SPDX-License-Identifier: Apache-2.0
//
// Comparison of the slices of one schedule at many sizes of its region.
#include "model/slice/any_size.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace tlbcheck::model {

namespace {

/// What remains of an instruction when its addresses are taken away.
struct Bone {
    std::vector<std::uint64_t> tokens;
    SourcePlace place;
};

struct Sample {
    std::uint64_t size = 0;
    std::set<std::vector<std::uint64_t>> forms;
    std::vector<Bone> skeleton;
    bool whole = false;
};

Bone bone_of(const Instruction& instruction, std::size_t thread, std::size_t run, bool repeated) {
    Bone bone{{thread, run, repeated ? 1U : 0U, instruction.operation.index()}, instruction.place};
    const auto add = [&](auto... numbers) {
        (bone.tokens.push_back(static_cast<std::uint64_t>(numbers)), ...);
    };
    if (repeated) add(instruction.va_step, instruction.pa_step);
    add(instruction.place.file, instruction.place.line, instruction.place.column,
        instruction.helper_place.line);
    if (const auto* store = std::get_if<StoreDescriptor>(&instruction.operation)) {
        add(store->slot.level, store->value.kind, store->value.contiguous);
    } else if (const auto* tlbi = std::get_if<TlbiInstruction>(&instruction.operation)) {
        add(tlbi->op.base, tlbi->op.domain, tlbi->op.nxs);
        if (is_range(tlbi->op.base)) add(tlbi->operand >> 37);
    } else if (const auto* barrier = std::get_if<Barrier>(&instruction.operation)) {
        add(barrier->kind, barrier->domain, barrier->access, barrier->nxs);
    }
    return bone;
}

Sample sample_of(const ScheduleProgram& program, const Property& property, std::uint64_t size) {
    Sample sample;
    sample.size = size;
    const Slicing slicing = slice(program, property);
    sample.whole = slicing.whole;
    for (const Slice& slice : slicing.slices) sample.forms.insert(slice.canonical);
    for (std::size_t t = 0; t < program.threads.size(); ++t) {
        const std::vector<Run>& code = program.threads[t].code;
        for (std::size_t r = 0; r < code.size(); ++r) {
            for (const Instruction& instruction : code[r].body) {
                sample.skeleton.push_back(bone_of(instruction, t, r, code[r].count > 1));
            }
        }
    }
    return sample;
}

std::vector<std::uint64_t> sizes_to_try(std::uint64_t size, std::uint64_t unit, std::uint64_t most) {
    std::set<std::uint64_t> sizes;
    const auto add = [&](std::uint64_t units) {
        if (units != 0 && units <= most / unit) sizes.insert(units * unit);
    };
    for (std::uint64_t units = 1; units <= 40; ++units) add(units);
    for (int bit = 5; bit < 52; ++bit) {
        const std::uint64_t units = std::uint64_t{1} << bit;
        for (const std::uint64_t around : {units - 1, units, units + 1, units + units / 2}) add(around);
    }
    sizes.insert(size);
    return {sizes.begin(), sizes.end()};
}

std::optional<SourcePlace> first_difference(const Sample& a, const Sample& b) {
    const std::size_t common = std::min(a.skeleton.size(), b.skeleton.size());
    for (std::size_t i = 0; i < common; ++i) {
        if (a.skeleton[i].tokens != b.skeleton[i].tokens) return b.skeleton[i].place;
    }
    if (b.skeleton.size() > common) return b.skeleton[common].place;
    if (a.skeleton.size() > common) return a.skeleton[common].place;
    return std::nullopt;
}

bool same_skeleton(const Sample& a, const Sample& b) {
    return a.skeleton.size() == b.skeleton.size() && !first_difference(a, b);
}

std::string bytes(std::uint64_t size) {
    int unit = 0;
    while (size >= 1024 && size % 1024 == 0 && unit < 5) size /= 1024, ++unit;
    return fmt::format("{}{}", size, unit == 0 ? " bytes" : std::string(1, " KMGTP"[unit]));
}

void add_place(AnySize& result) {
    if (!result.place) return;
    result.text += fmt::format("; the instructions differ first at line {}, column {}", result.place->line,
                               result.place->column);
}

void explain(AnySize& result, std::size_t distinct, const Sample& last) {
    switch (result.dependence) {
        case SizeDependence::absorbed:
            result.text = fmt::format(
                "holds for every size of {} or more: a larger region only repeats the loops more often, and "
                "each further leaf or "
                "contiguous set has one of the same {} slice(s), so the repeating part is absorbed",
                bytes(result.from), distinct);
            break;
        case SizeDependence::tried:
            result.text = fmt::format(
                "holds at each of the {} sizes tried from {} to {}: every leaf or contiguous set has one of "
                "the same {} slice(s), "
                "although the instructions differ with the size",
                std::count_if(result.tried.begin(), result.tried.end(),
                              [&](std::uint64_t s) { return s >= result.from; }),
                bytes(result.from), bytes(last.size), distinct);
            add_place(result);
            break;
        case SizeDependence::depends:
            result.text = fmt::format("depends on the size: at {} the slices are not those of smaller sizes",
                                      bytes(result.changes_at.value_or(last.size)));
            add_place(result);
            break;
    }
}

}  // namespace

AnySize any_size(const ExpandForSize& expand, const Property& property, std::uint64_t size,
                 std::uint64_t unit, std::uint64_t most) {
    AnySize result;
    std::vector<Sample> samples;
    for (const std::uint64_t trial : sizes_to_try(size, unit, most)) {
        const std::optional<ScheduleProgram> program = expand(trial);
        if (!program) continue;
        samples.push_back(sample_of(*program, property, trial));
        result.tried.push_back(trial);
        if (samples.back().whole) {
            result.text = "depends on the size: the schedule cannot be sliced";
            return result;
        }
    }
    if (samples.empty()) {
        result.text = "depends on the size: the schedule exists at no other size";
        return result;
    }
    std::size_t stable = samples.size() - 1;  // first of the last samples that all have the same slices
    while (stable > 0 && samples[stable - 1].forms == samples.back().forms) --stable;
    result.from = samples[stable].size;
    if (result.from > size || samples.size() - stable < 3) {
        // The slices change above the size asked about.
        for (std::size_t i = 1; i < samples.size(); ++i) {
            if (samples[i].size <= size || samples[i].forms == samples[i - 1].forms) continue;
            result.changes_at = samples[i].size;
            result.place = first_difference(samples[i - 1], samples[i]);
            break;
        }
        explain(result, samples.back().forms.size(), samples.back());
        return result;
    }
    const bool same = std::all_of(samples.begin() + static_cast<std::ptrdiff_t>(stable), samples.end(),
                                  [&](const Sample& s) { return same_skeleton(s, samples.back()); });
    result.dependence = same ? SizeDependence::absorbed : SizeDependence::tried;
    if (!same) {
        // Where only the smallest sizes differ (a loop that runs once is no loop), the rest may still be
        // uniform.
        std::size_t uniform = samples.size() - 1;
        while (uniform > stable && same_skeleton(samples[uniform - 1], samples.back())) --uniform;
        if (samples[uniform].size <= size && samples.size() - uniform >= 8) {
            result.dependence = SizeDependence::absorbed;
            result.from = samples[uniform].size;
        } else {
            result.place = first_difference(samples[uniform - 1], samples[uniform]);
        }
    }
    explain(result, samples.back().forms.size(), samples.back());
    return result;
}

}  // namespace tlbcheck::model
