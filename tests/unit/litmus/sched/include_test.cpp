// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/include.cpp on files: what stands beside the including file comes first; every
// example expands.

#include <filesystem>

#include "litmus/sched/schedule.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace tlbcheck::litmus;
using tlbcheck::tests::TemporaryFolder;

namespace {

std::string errors_of(const std::string& path) {
    std::string why;
    const Source source = read_source(path, why);
    if (!source) return why;
    const auto file = sched::parse_schedule(source);
    if (!file) return render(file.diagnostics());
    const auto asked = sched::questions(file.value());
    return asked ? (asked.value().empty() ? "no question" : "") : render(asked.diagnostics());
}

}  // namespace

TEST_CASE("a file beside the including one wins over the built-in one") {
    const TemporaryFolder folder;
    folder.write("linux.sched", "def mine() isb();");
    const auto main =
        folder.write("main.sched", "include \"linux.sched\"; thread P0 mine(); assert no_tlb_conflict;");
    CHECK(errors_of(main.string()).empty());
}

TEST_CASE("includes are relative to the file that includes") {
    const TemporaryFolder folder;
    folder.write("sub/a.sched", "include \"b.sched\";");
    folder.write("sub/b.sched", "def mine() isb();");
    const auto main = folder.write(
        "main.sched",
        "include \"sub/a.sched\"; include \"sub/../sub/b.sched\"; thread P0 mine(); assert no_tlb_conflict;");
    CHECK(errors_of(main.string()).empty());
}

TEST_CASE("files that include each other are read once each") {
    const TemporaryFolder folder;
    folder.write("a.sched", "include \"b.sched\"; def a() isb();");
    folder.write("b.sched", "include \"a.sched\"; def b() isb();");
    const auto main =
        folder.write("main.sched", "include \"a.sched\"; thread P0 { a(); b(); } assert no_tlb_conflict;");
    CHECK(errors_of(main.string()).empty());
}

TEST_CASE("every example expands for all the hardware it asks about") {
    int count = 0;
    for (const auto& entry :
         std::filesystem::recursive_directory_iterator(tlbcheck::tests::source_dir() / "examples")) {
        if (entry.path().extension() != ".sched") continue;
        INFO(entry.path().string());
        CHECK(errors_of(entry.path().string()).empty());
        ++count;
    }
    CHECK(count >= 50);
}
