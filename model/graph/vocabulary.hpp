// SPDX-License-Identifier: Apache-2.0
//
// The sets and relations that an event graph may hold, by the names that cat models use: herd7's, and what
// schedules add to them. A name that is not among them would be an empty set in silence.
#pragma once

#include <span>
#include <string_view>

namespace tlbcheck::model::vocabulary {

/// herd7's, which a cat model may use without defining them.
std::span<const std::string_view> cat_sets();
std::span<const std::string_view> cat_relations();
/// Relations that herd7 gives as functions which keep the pairs of a relation that are in them, too.
std::span<const std::string_view> cat_filters();

/// True iff a graph may have a set, or a relation, of this name: those above, what is derived from them while
/// a graph is built ("M", "co0"), what schedules add (docs/formal-model.md), "Walk 0", "Walk 1", ...
bool has_set(std::string_view name);
bool has_relation(std::string_view name);

}  // namespace tlbcheck::model::vocabulary
