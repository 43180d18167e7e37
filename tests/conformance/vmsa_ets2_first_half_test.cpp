// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/agreement.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("aarch64-VMSA with ets2 answers as herd7 does: every other test, from the first") {
    const auto disagreements = tlbcheck::tests::run_catalogue("vmsa-ets2", 0, 2);
    for (const std::string& why : disagreements) FAIL_CHECK(why);
    CHECK(disagreements.empty());
}
