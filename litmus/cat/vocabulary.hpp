// SPDX-License-Identifier: Apache-2.0
//
// The names that a cat model may use without defining them: primitive sets and relations of the event graph,
// by the names herd gives them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace tlbcheck::litmus::cat {

bool is_primitive_set(std::string_view name);
bool is_primitive_relation(std::string_view name);
/// Functions that keep the pairs of a relation that also are in the primitive relation of the same name:
/// same-oa, at-least-one-writable, different-values.
bool is_filter(std::string_view name);
/// Names that herd knows and this reader does not, for a better message.
bool is_unsupported_name(std::string_view name);
std::vector<std::string> primitive_sets();
std::vector<std::string> primitive_relations();

}  // namespace tlbcheck::litmus::cat
