// SPDX-License-Identifier: Apache-2.0
//
// --any-size: whether the verdict holds for every size of the region. The regions that the question speaks of
// are varied one after another (model/slice/any_size.hpp).
#include "model/slice/any_size.hpp"

#include <fmt/format.h>

#include "checker/engine/question_engine.hpp"

namespace tlbcheck::checker {

namespace {

/// Sizes beyond are not tried: a schedule that is still the same there repeats.
constexpr std::uint64_t largest = std::uint64_t{1} << 42;
/// Nor are sizes at which the schedule has more instructions in compact form.
constexpr std::uint64_t most_instructions = 20'000;

/// The question's program with one region of another size; nullopt where there is none.
std::optional<model::ScheduleProgram> expand_for(const ScheduleJob& job, std::size_t property,
                                                 const ScheduleOptions& options, const std::string& region,
                                                 std::uint64_t size) {
    litmus::sched::ExpandOptions expand = options.expand;
    expand.region_size = {region, size};
    expand.most_instructions = most_instructions;
    const auto questions = litmus::sched::questions(job.parsed, expand);
    if (!questions) return std::nullopt;
    return *questions.value().at(property).program;
}

std::uint64_t unit_of(const model::Region& region, const model::HardwareParameters& hardware) {
    const model::Geometry geometry(hardware);
    return region.contiguous ? geometry.contiguous_bytes(region.level) : geometry.entry_bytes(region.level);
}

}  // namespace

AnySize any_size_of(const ScheduleJob& job, const litmus::sched::Question& question,
                    const ScheduleOptions& options, const QuestionAnswer& answer) {
    if (answer.slicing && answer.slicing->whole) {
        const std::string& why = answer.slicing->why_whole;
        return {false,
                why.empty() ? "the schedule was solved whole" : "the schedule could not be sliced: " + why};
    }
    const model::Property& property = question.program->properties[question.property];
    const std::vector<model::Region>& regions = question.program->regions;
    AnySize result{true, {}};
    for (std::uint32_t r = 0; r < regions.size(); ++r) {
        if (about_region(property.kind) && property.region && *property.region != r) continue;
        const model::AnySize found = model::any_size(
            [&](std::uint64_t size) {
                return expand_for(job, question.property, options, regions[r].name, size);
            },
            property, regions[r].size, unit_of(regions[r], property.hardware), largest);
        result.holds = result.holds && found.dependence == model::SizeDependence::absorbed;
        if (!result.why.empty()) result.why += "; ";
        if (regions.size() > 1) result.why += fmt::format("region {}: ", regions[r].name);
        result.why += found.text;
    }
    return result;
}

}  // namespace tlbcheck::checker
