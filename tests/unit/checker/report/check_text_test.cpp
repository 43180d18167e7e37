// SPDX-License-Identifier: Apache-2.0

#include "checker/report/check_text.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/checker/report/sample.hpp"

using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)
namespace tests = tlbcheck::tests;

TEST_CASE("check prints a line a file and, indented, a line a question", "[check_text]") {
    CHECK(check_text(tests::sample_file({tests::unsafe_question(), tests::safe_question()}), {}) ==
          "examples/unmap_hotplug/per_leaf.sched: pass\n"
          "  no_stale_entry(linear) {contiguous_entries = 4}: unsafe\n"
          "  no_stale_entry(linear) {contiguous_fill = coalesced, contiguous_entries = 4}: safe\n");
}

TEST_CASE("a verdict that is not the expected one says so, and why", "[check_text]") {
    const std::string text = check_text(tests::sample_file({tests::failed_question()}), {});
    CHECK(text.find("per_leaf.sched: fail\n") != std::string::npos);
    CHECK(text.find("{contiguous_entries = 4}: unsafe (expected safe)\n") != std::string::npos);
    CHECK(text.find("    because: PE1 keeps an entry") != std::string::npos);
    CHECK(text.find("    at: examples/unmap_hotplug/per_leaf.sched:15:9: flush_tlb_kernel_range(leaf)\n") !=
          std::string::npos);
    CHECK(text.find("    addresses: 0xffff000080000000-0xffff000080003fff (16K)\n") != std::string::npos);
}

TEST_CASE("--quiet leaves the line a file, --verbose tells everything", "[check_text]") {
    const FileReport file = tests::sample_file({tests::unsafe_question()});
    CHECK(check_text(file, {Detail::quiet, Painter(false)}) ==
          "examples/unmap_hotplug/per_leaf.sched: pass\n");
    CHECK(check_text(file, {Detail::verbose, Painter(false)})
              .find("slices: 1 slice of 4 leaves: unsafe, the first at 0xffff000080000000\n") !=
          std::string::npos);
}

TEST_CASE("warnings are always shown", "[check_text]") {
    QuestionReport question = tests::safe_question();
    question.warnings = {"it stays safe with every TLBI taken out"};
    CHECK(check_text(tests::sample_file({question}), {}).find("    warning: it stays safe") !=
          std::string::npos);
}

TEST_CASE("colour changes nothing but colour", "[check_text]") {
    const FileReport file = tests::sample_file({tests::failed_question()});
    std::string colored = check_text(file, {Detail::normal, Painter(true)});
    CHECK(colored.find("\x1b[31mfail\x1b[0m") != std::string::npos);
    std::string plain;
    for (std::size_t i = 0; i < colored.size(); ++i) {
        if (colored[i] == '\x1b')
            i = colored.find('m', i);
        else
            plain += colored[i];
    }
    CHECK(plain == check_text(file, {}));
}
