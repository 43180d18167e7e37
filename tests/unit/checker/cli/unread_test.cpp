// SPDX-License-Identifier: Apache-2.0
//
// A file that ran out of its limits while it was read: undecided in every report, exit 3.
#include "checker/cli/common.hpp"
#include "checker/report/check_json.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/schema_check.hpp"

using namespace tlbcheck;           // NOLINT(google-build-using-namespace)
using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

TEST_CASE("a file that cannot be read in its time is one undecided question") {
    const tests::TemporaryFolder folder;
    const auto file = folder.write("a.sched", "thread P0 { dsb(ish); }\nassert no_tlb_conflict;\n").string();
    cli::EngineOptions options;
    options.schedule.limits.milliseconds = 0;
    const auto job = cli::load(file, options);
    REQUIRE(job.ok());
    const FileReport report = cli::check(job.value(), options);
    REQUIRE(report.questions.size() == 1);
    CHECK(report.questions[0].verdict == Verdict::undecided);
    CHECK(report.questions[0].reason == "out of time (limit: 0 s)");
    CHECK(exit_code({report}) == ExitCode::undecided);
    const auto document = nlohmann::json::parse(check_json({report}));
    CHECK(tests::schema_violation(tests::schema_file("check-1.schema.json"), document).empty());
}

TEST_CASE("seconds become milliseconds, at least one") {
    CHECK(cli::milliseconds_of(1) == 1000);
    CHECK(cli::milliseconds_of(0.0001) == 1);
    CHECK(cli::milliseconds_of(1e300) == 1'000'000'000'000);
}
