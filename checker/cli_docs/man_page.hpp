// SPDX-License-Identifier: Apache-2.0
//
// Man pages in roff: one for the program, one for each command.
#pragma once

#include <map>
#include <string>

#include "checker/cli_docs/command_doc.hpp"

namespace tlbcheck::checker {

/// By file name: "tlbcheck.1", "tlbcheck-check.1", ... Without a date, so that builds are reproducible.
std::map<std::string, std::string> man_pages(const CommandDoc& program, const std::string& version);

}  // namespace tlbcheck::checker
