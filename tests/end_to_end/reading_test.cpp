// SPDX-License-Identifier: Apache-2.0
//
// What the program reads, seen from outside: no more than the limit, nothing without an end, nothing that an
// input names elsewhere.
#include <sys/stat.h>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t small = 200 * 1024;  ///< KiB of a run that read nothing large

/// Refused as bad input, within the memory and with this in its complaint.
void check_refused(const std::vector<std::string>& arguments, const fs::path& folder, const char* complaint) {
    const ProgramResult result = run_tlbcheck(arguments, {}, folder);
    INFO(arguments[0] << " " << arguments.back() << ": " << result.err);
    CHECK(result.status == 2);
    CHECK(result.out.empty());
    CHECK(result.err.find(complaint) != std::string::npos);
    CHECK(result.peak_kib < small);
}

}  // namespace

TEST_CASE("endless and overlong inputs are refused before they are read") {
    const TemporaryFolder folder;
    REQUIRE(::mkfifo((folder.path() / "fifo.sched").c_str(), 0600) == 0);
    REQUIRE(::mkfifo((folder.path() / "fifo.litmus").c_str(), 0600) == 0);
    fs::resize_file(folder.write("large.sched", ""), std::uintmax_t{1} << 33);
    fs::resize_file(folder.write("large.litmus", ""), std::uintmax_t{1} << 33);
    folder.write("a.sched", "thread P0 { isb(); } assert no_tlb_conflict;");
    folder.write("a.litmus", "AArch64 a\n{}\nP0;\nNOP;\nexists(true)\n");
    for (const char* command : {"check", "explain"}) {
        check_refused({command, "/dev/zero"}, folder.path(), "is no regular file");
        check_refused({command, "fifo.sched"}, folder.path(), "is no regular file");
        check_refused({command, "fifo.litmus"}, folder.path(), "is no regular file");
        check_refused({command, "large.sched"}, folder.path(), "is larger than 1 MiB");
        check_refused({command, "large.litmus"}, folder.path(), "is larger than 1 MiB");
    }
    check_refused({"states", "/dev/zero"}, folder.path(), "is no regular file");
    check_refused({"compare", "a.sched", "fifo.sched"}, folder.path(), "is no regular file");
    check_refused({"check", "--kinds", "/dev/zero", "a.litmus"}, folder.path(), "is no regular file");
    check_refused({"check", "--model", "/dev/zero", "a.litmus"}, folder.path(), "is no regular file");
    check_refused({"gate", "--config", "/dev/zero", "a.sched"}, folder.path(), "is no regular file");
    check_refused({"gate", "--baseline", "/dev/zero", "a.sched"}, folder.path(), "is no regular file");
    check_refused({"gate", "large.sched"}, folder.path(), "is larger than 1 MiB");
}

TEST_CASE("standard input is named '-' and read to the limit") {
    const std::string text = read_text(source_dir() / "examples" / "unmap_hotplug" / "batched.sched");
    const ProgramResult fine = run_tlbcheck({"check", "-"}, text);
    CHECK(fine.status == 0);
    CHECK(fine.out.find("<stdin>: pass\n") == 0);
    CHECK(run_tlbcheck({"explain", "-"}, text).status == 0);
    const std::string test = "AArch64 a\n{}\nP0;\nNOP;\nexists(true)\n";
    CHECK(run_tlbcheck({"states", "-"}, test).out.find("Test a ") == 0);
    const ProgramResult large = run_tlbcheck({"check", "-"}, std::string((std::size_t{1} << 20) + 1, ' '));
    CHECK(large.status == 2);
    CHECK(large.err.find("is larger than 1 MiB") != std::string::npos);
}

TEST_CASE("nothing of a file that lies elsewhere is shown") {
    const TemporaryFolder folder;
    folder.write("secret.txt", "TOKEN=hunter2\n");
    folder.write("a/include.sched",
                 "include \"../secret.txt\"; thread P0 { isb(); } assert no_tlb_conflict;");
    folder.write("a/absolute.sched",
                 "include \"" + (folder.path() / "secret.txt").string() + "\"; thread P0 { isb(); }");
    folder.write("a/linked.sched", "include \"link.txt\"; thread P0 { isb(); } assert no_tlb_conflict;");
    fs::create_symlink("../secret.txt", folder.path() / "a" / "link.txt");
    folder.write("b/ok.sched", "thread P0 { isb(); } assert no_tlb_conflict;");
    fs::create_symlink("../secret.txt", folder.path() / "b" / "found.sched");
    folder.write("c/ok.sched", "thread P0 { isb(); } assert no_tlb_conflict;");
    folder.write("c/tlbcheck.toml", "kinds = \"../secret.txt\"\n");
    folder.write("d/ok.sched", "thread P0 { isb(); } assert no_tlb_conflict;");
    folder.write("d/tlbcheck.toml", "baseline = \"../secret.txt\"\n");
    folder.write("e/ok.sched", "thread P0 { isb(); } assert no_tlb_conflict;");
    fs::create_symlink("../secret.txt", folder.path() / "e" / "tlbcheck.toml");
    folder.write("a.litmus", "AArch64 a\n{}\nP0;\nNOP;\nexists(true)\n");
    folder.write("a/m.cat", "include \"../secret.txt\"\n");
    for (const std::vector<std::string>& arguments :
         std::vector<std::vector<std::string>>{{"check", "a/include.sched"},
                                               {"check", "a/absolute.sched"},
                                               {"explain", "a/linked.sched"},
                                               {"check", "--model", "a/m.cat", "a.litmus"},
                                               {"gate", "a"},
                                               {"gate", "b"},
                                               {"gate", "c"},
                                               {"gate", "d"},
                                               {"gate", "e"}}) {
        const ProgramResult result = run_tlbcheck(arguments, {}, folder.path());
        INFO(arguments.front() << " " << arguments.back() << ": " << result.err);
        CHECK(result.status == 2);
        CHECK((result.out + result.err).find("hunter2") == std::string::npos);
        CHECK(result.err.find("--include-root") != std::string::npos);
    }
}

TEST_CASE("--include-root allows one folder more") {
    const TemporaryFolder folder;
    folder.write("common/helpers.sched", "def mine() isb();");
    folder.write("a/main.sched",
                 "include \"../common/helpers.sched\"; thread P0 mine(); assert no_tlb_conflict;");
    CHECK(run_tlbcheck({"check", "a/main.sched"}, {}, folder.path()).status == 2);
    CHECK(run_tlbcheck({"check", "--include-root", "common", "a/main.sched"}, {}, folder.path()).status == 0);
    CHECK(run_tlbcheck({"gate", "--include-root", ".", "a"}, {}, folder.path()).status == 0);
    CHECK(run_tlbcheck({"check", "--include-root", "none", "a/main.sched"}, {}, folder.path()).status == 2);
}

TEST_CASE("a time limit is a positive number") {
    for (const char* value : {"nan", "NaN", "inf", "-inf", "-1", "0", "-0.0", "1s", "1e999"}) {
        const ProgramResult result =
            run_tlbcheck({"check", "--timeout", value, "examples/unmap_hotplug/batched.sched"});
        INFO(value << ": " << result.err);
        CHECK(result.status == 2);
        CHECK(result.err.find("--timeout") != std::string::npos);
    }
    CHECK(run_tlbcheck({"check", "--timeout", "1e9", "examples/unmap_hotplug/batched.sched"}).status == 0);
}
