// SPDX-License-Identifier: Apache-2.0
//
// Catalogues of litmus tests with the answers of the tool that defines them: records of herd7 runs
// (conformance/herd of the shared folder) or the kinds.txt files of a herdtools7 checkout.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "checker/kinds.hpp"

namespace tlbcheck::tests {

/// What herd7 printed for a test.
struct HerdAnswer {
    std::vector<std::string> states;
    std::vector<std::string> flags;
    std::string observation;  ///< "Never", "Sometimes", "Always"
    bool condition_holds = false;
    bool loop = false;  ///< "Loop": some executions were cut off by the unrolling limit
};

struct CatalogueTest {
    std::string name;
    std::filesystem::path file;
    std::optional<HerdAnswer> herd7;    ///< none: herd7 gave up, or was not run
    std::optional<checker::Kind> kind;  ///< of the catalogue
};

struct Catalogue {
    std::string name;
    std::vector<std::string> variants;
    std::vector<CatalogueTest> tests;
};

/// The catalogues there are, in a fixed order: "vmsa", "vmsa-ets2", "bbm", "ets2".
/// From the records (TLBCHECK_SHARED), and from a checkout (TLBCHECK_HERDTOOLS7) the tests that have no record;
/// empty without either. Throws std::runtime_error when a file there is not what it should be.
std::vector<Catalogue> catalogues();

/// Says how to point the suite at a checkout.
std::string how_to_get_catalogues();

}  // namespace tlbcheck::tests
