// SPDX-License-Identifier: Apache-2.0
//
// A small validator for the JSON schemas in docs/schema/: the keywords they use, and an error for any other.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace tlbcheck::tests {

/// An empty string, or where and how `document` breaks `schema`.
std::string schema_violation(const nlohmann::json& schema, const nlohmann::json& document);
/// docs/schema/NAME of the source tree.
nlohmann::json schema_file(const std::string& name);

}  // namespace tlbcheck::tests
