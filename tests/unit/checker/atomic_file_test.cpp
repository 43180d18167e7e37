// SPDX-License-Identifier: Apache-2.0

#include "checker/atomic_file.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"

namespace fs = std::filesystem;
using tlbcheck::checker::write_file_atomically;
using namespace tlbcheck::tests;  // NOLINT(google-build-using-namespace)

TEST_CASE("a file is written whole, and nothing else is left", "[atomic_file]") {
    const TemporaryFolder folder;
    const fs::path file = folder.path() / "out.json";
    CHECK(write_file_atomically(file, "one").empty());
    CHECK(write_file_atomically(file, "two").empty());
    CHECK(read_text(file) == "two");
    CHECK(std::distance(fs::directory_iterator(folder.path()), fs::directory_iterator()) == 1);
}

TEST_CASE("failure leaves the existing file as it was and says why", "[atomic_file]") {
    const TemporaryFolder folder;
    const std::string why = write_file_atomically(folder.path() / "none" / "out.json", "x");
    CHECK(why.find("cannot write ") == 0);
    CHECK(why.find("No such file or directory") != std::string::npos);
    CHECK(write_file_atomically(folder.path(), "x").find("directory") != std::string::npos);
}

TEST_CASE("the mode of an existing file is kept, and a link stays a link", "[atomic_file]") {
    const TemporaryFolder folder;
    const fs::path file = folder.write("real.html", "old");
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
    fs::create_symlink("real.html", folder.path() / "link.html");
    CHECK(write_file_atomically(folder.path() / "link.html", "new").empty());
    CHECK(fs::is_symlink(folder.path() / "link.html"));
    CHECK(read_text(file) == "new");
    CHECK((fs::status(file).permissions() & fs::perms::all) ==
          (fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read));
}

TEST_CASE("what is no regular file is written to directly", "[atomic_file]") {
    CHECK(write_file_atomically("/dev/null", "x").empty());
    CHECK(fs::is_character_file("/dev/null"));
}
