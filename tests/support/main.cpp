// SPDX-License-Identifier: Apache-2.0
// The main program of every test executable. A test case without any assertion fails: it has tested nothing.

#ifdef TLBCHECK_CATCH2_V2
#define CATCH_CONFIG_RUNNER
#endif
#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"

int main(int argc, char** argv) {
    Catch::Session session;
    // Version 2 takes one -w only, which its CTest entries need for NoTests.
    auto& warnings = session.configData().warnings;
    warnings = static_cast<Catch::WarnAbout::What>(warnings | Catch::WarnAbout::NoAssertions);
    const int status = session.run(argc, argv);
    return status == 0 && tlbcheck::tests::something_was_skipped() ? tlbcheck::tests::skipped_exit_code
                                                                   : status;
}
