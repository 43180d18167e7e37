// SPDX-License-Identifier: Apache-2.0
#include "tests/conformance/agreement.hpp"
#include "tests/support/catch.hpp"

TEST_CASE("aarch64-BBM answers as herd7 does") {
    for (const std::string& why : tlbcheck::tests::run_catalogue("bbm", 0, 1)) FAIL_CHECK(why);
}

TEST_CASE("aarch64-ETS2 answers as herd7 does") {
    for (const std::string& why : tlbcheck::tests::run_catalogue("ets2", 0, 1)) FAIL_CHECK(why);
}
