// SPDX-License-Identifier: Apache-2.0
//
// From a parsed file to programs: one expansion for each hardware configuration asked about.

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "litmus/sched/contexts.hpp"
#include "litmus/sched/declarations.hpp"
#include "litmus/sched/guests.hpp"
#include "litmus/sched/judging.hpp"
#include "litmus/sched/kernel_files.hpp"
#include "litmus/sched/outside_regions.hpp"
#include "litmus/sched/schedule.hpp"
#include "litmus/sched/thread_expander.hpp"
#include "model/program/guest.hpp"

namespace tlbcheck::litmus::sched {
namespace {

using model::HardwareParameters;
using model::ScheduleProgram;

/// The file's hardware: its machine block, the command line on top, and for a property its `with` block on
/// top of both.
struct Configurations {
    HardwareParameters machine;
    std::vector<HardwareParameters> properties;
};

void check_hardware(const SyntaxTree& tree, const HardwareParameters& hardware) {
    if (hardware.granule == model::Granule::k64 && model::lookup_levels(hardware) == 4) {
        fail({tree.sources[0], {}}, "there are at most 3 levels with granule 64K",
             "levels = 4 goes with 4K and 16K");
    }
    if (hardware.hd && !hardware.ha) {
        fail({tree.sources[0], {}},
             "hardware that manages the dirty state (hd) manages the access flag (ha) too",
             "TCR_ELx.HD does nothing without HA: say ha = true");
    }
    if (hardware.vtcr_hd && !hardware.vtcr_ha) {
        fail({tree.sources[0], {}},
             "hardware that manages the dirty state of stage 2 (vtcr_hd) manages its access flag (vtcr_ha) "
             "too",
             "VTCR_EL2.HD does nothing without HA: say vtcr_ha = true");
    }
}

Configurations configurations(const SyntaxTree& tree, const ExpandOptions& options) {
    Declarations declarations(tree, options.defines);
    Configurations result;
    result.machine = apply(apply(HardwareParameters{}, declarations.machine()), options.hardware);
    check_hardware(tree, result.machine);
    for (const PropertyItem& item : tree.properties) {
        const HardwareParameters hardware = apply(result.machine, declarations.settings(item.with));
        if (!item.with.empty()) check_hardware(tree, hardware);
        result.properties.push_back(hardware);
    }
    return result;
}

model::PropertyKind property_kind(const std::string& name) {
    for (const auto kind : {model::PropertyKind::no_stale_entry, model::PropertyKind::no_use_after_free,
                            model::PropertyKind::no_bbm_violation, model::PropertyKind::no_tlb_conflict,
                            model::PropertyKind::never_invalid, model::PropertyKind::no_lost_update}) {
        if (to_string(kind) == name) return kind;
    }
    throw std::logic_error("names.cpp let a property pass that there is not: " + name);
}

/// Of stage 2, and of what goes through it, what hardware writes is not followed.
void check_flags_judged(const SyntaxTree& tree, const PropertyItem& item, const model::Property& property,
                        const ScheduleProgram& program) {
    if (property.kind != model::PropertyKind::no_lost_update || !property.region) return;
    const auto space = model::spaces::of(program.regions[*property.region].va);
    if (!space || (!program.spaces[*space].stage2 && !program.spaces[*space].vm)) return;
    fail(tree.where(item.name_spot), "no_lost_update is not judged of stage 2, nor of a guest's stage 1",
         "ask it of a region of EL1&0 without VMs, of EL2 or of EL2&0");
}

model::Property property(const SyntaxTree& tree, const PropertyItem& item, const HardwareParameters& hardware,
                         const ScheduleProgram& program) {
    model::Property result;
    result.kind = property_kind(item.name);
    result.expect_violation = item.expect_violation;
    result.hardware = hardware;
    result.differs = differs_from_default(hardware);
    result.text = item.region ? fmt::format("{}({})", item.name, *item.region) : item.name;
    set_judging(result, tree, item, program);
    result.place = {item.spot.file, item.spot.place.line, item.spot.place.column};
    for (std::size_t k = 0; k < tree.regions.size(); ++k) {
        if (item.region && tree.regions[k].name == *item.region)
            result.region = static_cast<std::uint32_t>(k);
    }
    check_flags_judged(tree, item, result, program);
    return result;
}

/// No thread may depend, in how it is expanded, on what another changes: the order of the two is not known
/// here.
void check_independence(const Expansion& expansion) {
    static constexpr std::array<std::string_view, field_count> names = {
        "which tables map",   "the PA of",         "the Contiguous bit of",
        "the permissions of", "the attributes of", "nT of"};
    const SyntaxTree& tree = expansion.tree;
    for (std::size_t writer = 0; writer < expansion.uses.size(); ++writer) {
        for (std::size_t reader = 0; reader < expansion.uses.size(); ++reader) {
            if (reader == writer) continue;
            for (std::size_t field = 0; field < field_count; ++field) {
                for (const auto& write : expansion.uses[writer].writes[field].within(0, ~std::uint64_t{0})) {
                    const auto reads = expansion.uses[reader].reads[field].within(write.first, write.last);
                    if (reads.empty()) continue;
                    const Spot& read_spot = reads[0].value->spot;
                    Diagnostic diagnostic{
                        Severity::error,
                        fmt::format("thread {} changes {} 0x{:x} while thread {} goes by it",
                                    tree.threads[writer].name, names[field], reads[0].first,
                                    tree.threads[reader].name),
                        tree.sources[write.value->spot.file],
                        write.value->spot.place,
                        "what the other thread's statement means would depend on which of them comes first; "
                        "let one thread do both",
                        {}};
                    diagnostic.notes.push_back(
                        {fmt::format("thread {} goes by it here", tree.threads[reader].name),
                         tree.sources[read_spot.file], read_spot.place});
                    throw InputError(diagnostic);
                }
            }
        }
    }
}

ScheduleProgram build(const SyntaxTree& tree, const ExpandOptions& options,
                      const HardwareParameters& hardware,
                      const std::vector<HardwareParameters>& property_hardware,
                      std::vector<EmptyStatement>* empty = nullptr) {
    Expansion expansion(tree, hardware);
    expansion.one_by_one = options.one_by_one;
    expansion.most_instructions = options.most_instructions;
    expansion.kernel_files = options.kernel_files;
    expansion.capabilities_file = options.capabilities_file;
    expansion.include_root = options.include_root;
    Declarations declarations(tree, options.defines);
    declarations.set_hardware_known(hardware);
    declarations.set_region_scale(options.region_scale);
    declarations.set_region_size(options.region_size);
    expansion.globals = declarations.params();
    ScheduleProgram& program = expansion.program;
    program.title = tree.title;
    for (const Source& source : tree.sources) program.files.push_back(source->name);
    for (const SpaceItem& item : tree.spaces) program.spaces.push_back(declarations.space(item));
    declarations.set_spaces(program.spaces);
    program.closed = tree.closed();
    std::vector<model::Region> regions;
    for (const RegionItem& item : tree.regions)
        regions.push_back(declarations.region(item, expansion.geometry));
    place_in_spaces(tree, program, regions);
    for (const model::Region& region : regions) {
        Span span;
        span.kind = SpanKind::region;
        span.start = Affine(static_cast<Wide>(region.va));
        span.size = static_cast<Wide>(region.size);
        expansion.globals.emplace(region.name, span);
        program.regions.push_back(region);
    }
    check_overlap(tree, program.regions);
    for (const FlagItem& item : tree.flags) {
        expansion.globals.emplace(item.name, FlagValue{static_cast<std::uint32_t>(program.flags.size())});
        program.flags.push_back(item.name);
    }
    if (tree.threads.empty())
        fail({tree.sources[0], {1, 1}}, "the file has no thread", "write thread P0 { ... }");
    for (const ThreadItem& thread : tree.threads)
        program.threads.push_back(ThreadExpander(expansion, thread).run());
    check_arms(tree, program);
    for (const auto& [places, extent] : expansion.extents)
        if (empty != nullptr && !extent.some) empty->push_back({places.first, places.second, extent.what});
    check_independence(expansion);
    check_kernel_independence(expansion);
    if (!program.kernel_stacks.empty()) add_outside_regions(program, expansion.geometry);
    std::sort(program.new_tables.begin(), program.new_tables.end(),
              [](const model::NewTable& a, const model::NewTable& b) { return a.page < b.page; });
    check_guests(tree, program);
    for (std::size_t k = 0; k < tree.properties.size(); ++k) {
        program.properties.push_back(property(tree, tree.properties[k], property_hardware[k], program));
    }
    return std::move(program);
}

/// The program for the hardware of property `k`; an error that only its `with` block brings about says so.
std::shared_ptr<const ScheduleProgram> build_for(const SyntaxTree& tree, const ExpandOptions& options,
                                                 const Configurations& all, std::size_t k) {
    try {
        return std::make_shared<const ScheduleProgram>(
            build(tree, options, all.properties[k], all.properties));
    } catch (const InputError& fault) {
        if (all.properties[k] == all.machine) throw;
        std::vector<Diagnostic> diagnostics = fault.diagnostics();
        const Spot& spot = tree.properties[k].spot;
        for (Diagnostic& diagnostic : diagnostics) {
            diagnostic.notes.push_back(
                {"on the hardware of this question", tree.sources[spot.file], spot.place});
        }
        throw InputError(std::move(diagnostics));
    }
}

}  // namespace

Result<ScheduleProgram> expand(const ScheduleFile& file, const ExpandOptions& options) {
    return collect([&] {
        const Configurations all = configurations(*file.tree, options);
        return build(*file.tree, options, all.machine, all.properties);
    });
}

Result<ScheduleProgram> expand(const ScheduleFile& file, const ExpandOptions& options,
                               std::vector<EmptyStatement>& empty) {
    return collect([&] {
        const Configurations all = configurations(*file.tree, options);
        return build(*file.tree, options, all.machine, all.properties, &empty);
    });
}

Result<std::vector<Question>> questions(const ScheduleFile& file, const ExpandOptions& options) {
    return collect([&] {
        const Configurations all = configurations(*file.tree, options);
        std::vector<Question> result;
        if (all.properties.empty())
            build(*file.tree, options, all.machine, all.properties);  // its errors are still errors
        for (std::size_t k = 0; k < all.properties.size(); ++k) {
            Question question;
            question.property = k;
            for (const Question& other : result) {
                const bool cut = other.program->properties[other.property].label.has_value();
                if (!cut && other.program->hardware == all.properties[k]) question.program = other.program;
            }
            if (!question.program) question.program = build_for(*file.tree, options, all, k);
            if (question.program->properties[k].label)
                question.program =
                    std::make_shared<const ScheduleProgram>(cut_at_label(*question.program, k));
            result.push_back(std::move(question));
        }
        return result;
    });
}

}  // namespace tlbcheck::litmus::sched
