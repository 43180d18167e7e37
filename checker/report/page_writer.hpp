// SPDX-License-Identifier: Apache-2.0
//
// `explain --html`: one self-contained page (template in checker/report/page/) that carries the explain
// document.
#pragma once

#include <string>

#include "checker/report/explanation.hpp"

namespace tlbcheck::checker {

/// The whole page. It loads nothing: a Content-Security-Policy in it forbids every network access.
std::string explain_html(const Explanation& explanation);

}  // namespace tlbcheck::checker
