// SPDX-License-Identifier: Apache-2.0
//
// The proofs of check --certify, read by DRAT-trim where that is installed (Debian has no package of it).
#include <filesystem>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/skip.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;

TEST_CASE("the proofs' files are read by another checker as well") {
    if (run_command({"sh", "-c", "command -v drat-trim"}).status != 0) {
        skip("no drat-trim here");
        return;
    }
    const TemporaryFolder folder;
    const fs::path certificate = folder.path() / "c";
    REQUIRE(run_tlbcheck({"check", "--certify", certificate.string(), "examples/unmap_hotplug/batched.sched",
                          "examples/break_before_make/fold_with_bbm.sched"})
                .status == 0);
    std::size_t checked = 0;
    for (const auto& entry : fs::directory_iterator(certificate / "proofs")) {
        if (entry.path().extension() != ".cnf") continue;
        fs::path proof = entry.path();
        proof.replace_extension(".drat");
        const ProgramResult result = run_command({"drat-trim", entry.path().string(), proof.string()});
        CAPTURE(entry.path(), result.out);
        // A contradiction that needs no step is another word there.
        CHECK((result.out.find("s VERIFIED") != std::string::npos ||
               result.out.find("trivial UNSAT") != std::string::npos));
        ++checked;
    }
    CHECK(checked > 3);
}
