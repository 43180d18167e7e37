// SPDX-License-Identifier: Apache-2.0
//
// The JSON document of `explain` (docs/reports.md, docs/schema/explain-1.schema.json). The HTML page carries
// the same document.
#pragma once

#include <string>

#include "checker/report/explanation.hpp"

namespace tlbcheck::checker {

/// Schema "tlbcheck.explain/1".
std::string explain_json(const Explanation& explanation);
/// The same on one line, for the page.
std::string explain_json_compact(const Explanation& explanation);

}  // namespace tlbcheck::checker
