// SPDX-License-Identifier: Apache-2.0
//
// The JSON document of `check` (docs/reports.md, docs/schema/check-1.schema.json). No timings: the same input
// gives the same bytes.
#pragma once

#include <string>
#include <vector>

#include "checker/report/answer.hpp"

namespace tlbcheck::checker {

/// Schema "tlbcheck.check/1".
std::string check_json(const std::vector<FileReport>& files);

}  // namespace tlbcheck::checker
