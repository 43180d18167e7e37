// SPDX-License-Identifier: Apache-2.0
//
// Holds the program's answers against those of a catalogue, and counts.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/conformance/catalogue.hpp"

namespace tlbcheck::tests {

/// How one test came out. states: as herd7's record; kind: herd7 gave up or was not run, as the catalogue's
/// kind; enumerated: no such answer, but solver and small-case enumerator agree; unconfirmed: too large for
/// that.
enum class Agreement { states, kind, enumerated, unconfirmed, disagree };

struct Comparison {
    Agreement agreement = Agreement::disagree;
    std::string why;  ///< of a disagreement, in one line a difference
    double seconds = 0;
};

/// Answers the test under the catalogue's variants and compares.
Comparison compare(const CatalogueTest& test, const std::vector<std::string>& variants);

/// Compares every `parts`-th test of the catalogue of that name, from `part` on (0 the first); prints the
/// table of agreement; returns one text for each disagreement. Warns where the catalogue is not there.
std::vector<std::string> run_catalogue(const std::string& name, std::size_t part, std::size_t parts);

}  // namespace tlbcheck::tests
