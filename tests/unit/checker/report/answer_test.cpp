// SPDX-License-Identifier: Apache-2.0

#include "checker/report/answer.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

namespace {

FileReport file_with(Verdict verdict) {
    QuestionReport question = tests::failed_question();
    question.verdict = verdict;
    return tests::sample_file({question});
}

}  // namespace

TEST_CASE("a witness met by unsafe passes, an assertion does not", "[answer]") {
    CHECK(outcome_of(tests::unsafe_question()) == Outcome::met);
    CHECK(outcome_of(tests::failed_question()) == Outcome::failed);
    QuestionReport free = tests::failed_question();
    free.expected.reset();
    CHECK(outcome_of(free) == Outcome::no_expectation);
}

TEST_CASE("a file fails before it is undecided", "[answer]") {
    CHECK(verdict_of(file_with(Verdict::safe)) == FileVerdict::pass);
    CHECK(verdict_of(file_with(Verdict::unsafe)) == FileVerdict::fail);
    CHECK(verdict_of(file_with(Verdict::undecided)) == FileVerdict::undecided);
    FileReport both = file_with(Verdict::undecided);
    both.questions.push_back(tests::failed_question());
    CHECK(verdict_of(both) == FileVerdict::fail);
}

TEST_CASE("exit codes: bad input, internal disagreement, failed, undecided, fine", "[answer]") {
    FileReport input = file_with(Verdict::safe), internal = input;
    input.error = "a.sched:1:1: error";
    internal.internal_error = "the evaluator rejects the witness";
    const FileReport failed = file_with(Verdict::unsafe), undecided = file_with(Verdict::undecided);
    CHECK(exit_code({input, internal, failed}) == ExitCode::bad_input);
    CHECK(exit_code({internal, failed, undecided}) == ExitCode::internal_error);
    CHECK(exit_code({failed, undecided}) == ExitCode::failed);
    CHECK(exit_code({undecided, file_with(Verdict::safe)}) == ExitCode::undecided);
    CHECK(exit_code({file_with(Verdict::safe)}) == ExitCode::ok);
    CHECK(exit_code(std::vector<FileReport>{}) == ExitCode::ok);
}

TEST_CASE("verdict words are read back", "[answer]") {
    for (const Verdict verdict : {Verdict::safe, Verdict::unsafe, Verdict::allowed, Verdict::forbidden,
                                  Verdict::required, Verdict::undecided}) {
        CHECK(parse_verdict(to_string(verdict)) == verdict);
    }
    CHECK_FALSE(parse_verdict("fine").has_value());
}

TEST_CASE("hardware parameters say which are not the default", "[answer]") {
    tlbcheck::model::HardwareParameters hardware;
    for (const HardwareItem& item : hardware_items(hardware)) CHECK(item.is_default);
    hardware.granule = tlbcheck::model::Granule::k64;
    const auto items = hardware_items(hardware);
    CHECK_FALSE(items[0].is_default);
    CHECK(items[6].value == "3");  // The 64K granule walks three levels.
    CHECK(items[6].is_default);
}

TEST_CASE("places and ranges as text", "[answer]") {
    CHECK(to_string(Place{"a", 2, 3}) == "a:2:3");
    CHECK(to_string(Place{"a", 2, 0}) == "a:2");
    CHECK(to_string(Place{"a", 0, 0}) == "a");
    CHECK(to_string(AddressRange{0x1000, 0x1fff}) == "0x1000-0x1fff (4K)");
    CHECK(to_string(AddressRange{0x10000, 0x1efff, 0x10000, 32}) ==
          "0x10000-0x1efff (60K) and so on every 64K, 32 in all");
    CHECK(to_string(AddressRange{0, ~0ULL}) == "0x0-0xffffffffffffffff (all)");
}
