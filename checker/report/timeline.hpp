// SPDX-License-Identifier: Apache-2.0
//
// What writers of timelines share: what is folded, and the flow of steps by places. The timeline itself is
// the machine's (model/machine/timeline.hpp). Writers: trace_text, explain_json, svg, html.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "checker/report/answer.hpp"
#include "model/axioms/rules.hpp"
#include "model/machine/timeline.hpp"

namespace tlbcheck::checker {

using model::CachedEntry;
using model::EntrySpan;
using model::EntryTags;
using model::Lane;
using model::MemoryDescriptor;
using model::PeState;
using model::StepKind;
using model::Timeline;
using model::TimelineArrow;
using model::TimelineStep;
using model::axioms::RuleName;

/// "TLBI-ca, RNGLXZ".
std::string text_of(const std::vector<RuleName>& rules);
/// "invalid", "0x80000000 C rw", "table 1".
std::string value_text(const MemoryDescriptor& descriptor);

/// Steps that stand as one in whatever shows the timeline: indices in Timeline::steps, both inclusive.
struct Fold {
    std::uint32_t first = 0, last = 0;
    friend bool operator==(const Fold&, const Fold&) = default;
};
/// The runs of at least two minor steps, those with arrows left out; ascending. What text, pictures, the page
/// and JSON fold is decided here and nowhere else.
std::vector<Fold> folds_of(const Timeline& timeline);
/// What is shown in the place of a fold: a step of kind `folded`, which says how many it stands for and
/// carries their changes to memory.
TimelineStep step_of(const Timeline& timeline, const Fold& fold);
/// The timeline with each of its folds replaced by that step.
Timeline folded(const Timeline& timeline);
/// For each PE, whether its walk cache is shown in short: it holds entries, and none of them is ever stale.
std::vector<bool> idle_walk_caches(const Timeline& timeline);

/// The steps that matter, each at its place. A step that the hardware takes by itself stands where its PE is
/// in the text by then; before the first statement, and for the judged access, at `stated`, the question's
/// place.
std::vector<FlowStep> flow_of(const Timeline& timeline, const Place& stated);

}  // namespace tlbcheck::checker
