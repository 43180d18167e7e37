// SPDX-License-Identifier: Apache-2.0
// The main program of every test executable.

#ifdef TLBCHECK_CATCH2_V2
#define CATCH_CONFIG_RUNNER
#endif
#include "tests/support/catch.hpp"
#include "tests/support/skip.hpp"

int main(int argc, char** argv) {
    const int status = Catch::Session().run(argc, argv);
    return status == 0 && tlbcheck::tests::something_was_skipped() ? tlbcheck::tests::skipped_exit_code
                                                                   : status;
}
