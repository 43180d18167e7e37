// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/source_file.cpp: limits, what is no regular file, and where includes may be.
#include "litmus/source_file.hpp"

#include <sys/stat.h>

#include "litmus/cat/cat_reader.hpp"
#include "litmus/sched/schedule.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

using namespace tlbcheck::litmus;
using tlbcheck::tests::TemporaryFolder;
namespace fs = std::filesystem;

TEST_CASE("a file is read to the limit and no further") {
    const TemporaryFolder folder;
    std::string why;
    const std::string whole(most_source_bytes, 'x');
    const Source source = read_source(folder.write("whole", whole).string(), why);
    REQUIRE(source);
    CHECK(source->text == whole);
    const fs::path more = folder.write("more", whole + "y");
    CHECK(read_source(more.string(), why) == nullptr);
    CHECK(why == "is larger than 1 MiB");
    CHECK(read_list(more.string(), why) != nullptr);
    fs::resize_file(more, most_list_bytes + 1);
    CHECK(read_list(more.string(), why) == nullptr);
    CHECK(why == "is larger than 16 MiB");
}

TEST_CASE("what is no regular file is refused at once") {
    const TemporaryFolder folder;
    const std::string fifo = (folder.path() / "fifo").string();
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    for (const std::string& path : {fifo, std::string("/dev/zero"), std::string("/dev/null")}) {
        std::string why;
        INFO(path);
        CHECK(read_source(path, why) == nullptr);
        CHECK(why == "is no regular file ('-' reads standard input)");
    }
}

TEST_CASE("an include root holds what lies below its folder when links are resolved") {
    const TemporaryFolder folder;
    const fs::path& top = folder.path();
    folder.write("a/main.sched", "");
    folder.write("a/sub/in.sched", "");
    folder.write("ab/out.sched", "");
    fs::create_symlink("../ab/out.sched", top / "a" / "link.sched");
    fs::create_directory_symlink("sub", top / "a" / "inner");
    const IncludeRoot root((top / "a" / "main.sched").string());
    const auto holds = [&](const char* path) { return root.holds((top / path).string()); };
    CHECK(holds("a/sub/in.sched"));
    CHECK(holds("a/inner/in.sched"));
    CHECK(holds("a/sub/../main.sched"));
    CHECK(holds("a/not/yet/there"));
    CHECK_FALSE(holds("ab/out.sched"));  // a prefix of the name is no folder
    CHECK_FALSE(holds("a/../ab/out.sched"));
    CHECK_FALSE(holds("a/link.sched"));
    CHECK_FALSE(root.holds("/proc/self/environ"));
    const IncludeRoot wider((top / "a" / "main.sched").string(), top.string() + "/");
    CHECK(wider.holds((top / "ab" / "out.sched").string()));
    CHECK_FALSE(wider.holds("/proc/self/environ"));
    CHECK(IncludeRoot((top / "main.sched").string(), "/").holds("/proc/self/environ"));
}

TEST_CASE("the root of a file without a folder is the working folder") {
    const IncludeRoot root("main.sched");
    CHECK(root.holds("sub/other.sched"));
    CHECK_FALSE(root.holds("../other.sched"));
}

TEST_CASE("a schedule's and a model's includes keep to their root") {
    const TemporaryFolder folder;
    folder.write("common.sched", "def mine() isb();");
    const std::string main =
        folder.write("a/main.sched", "include \"../common.sched\"; thread P0 mine(); assert no_tlb_conflict;")
            .string();
    std::string why;
    const Source source = read_source(main, why);
    const auto refused = sched::parse_schedule(source);
    REQUIRE_FALSE(refused);
    CHECK(refused.diagnostics()[0].message.find("--include-root") != std::string::npos);
    CHECK(sched::parse_schedule(source, sched::include_resolver(IncludeRoot(main, folder.path().string()))));

    folder.write("common.cat", "empty 0 as nothing");
    const std::string model = folder.write("a/model.cat", "include \"../common.cat\"").string();
    CHECK_FALSE(cat::read_cat(model, cat::files_beside(model), {}));
    CHECK(cat::read_cat(model, cat::files_beside(model, IncludeRoot(model, folder.path().string())), {}));
}
