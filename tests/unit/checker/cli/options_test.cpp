// SPDX-License-Identifier: Apache-2.0
//
// The kinds of options: what each takes, and what it says of anything else.
#include "checker/cli/options.hpp"

#include "checker/cli/command_line.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::checker::cli;  // NOLINT(google-build-using-namespace)

namespace {

struct Taken {
    bool quiet = false;
    std::string color = "auto";
    std::optional<std::string> config;
    std::vector<std::string> kinds, files;
    unsigned jobs = 1;
    std::optional<int> unroll;
};

/// The program's exit code; 100 when its command was to be run.
int parse(Taken& taken, const std::vector<const char*>& words) {
    const Program program{
        "tool",
        "",
        "",
        "1.2",
        {{"work",
          "",
          "",
          {flag("-q,--quiet", taken.quiet, ""), choice("--color", taken.color, {"auto", "never"}, ""),
           text("--config", taken.config, "FILE", ""), texts("--kinds", taken.kinds, "FILE", ""),
           number("-j,--jobs", taken.jobs, 1, 256, "N", ""), number("--unroll", taken.unroll, 1, 64, "N", ""),
           texts("FILE", taken.files, "", "").must_be_given()},
          [] { return 100; }}}};
    std::vector<const char*> argv{"tool", "work"};
    argv.insert(argv.end(), words.begin(), words.end());
    const auto parsed = parse_command_line(program, static_cast<int>(argv.size()), argv.data());
    if (const int* done = std::get_if<int>(&parsed)) return *done;
    return std::get<std::function<int()>>(parsed)();
}

}  // namespace

TEST_CASE("options are taken in any order, one value each time") {
    Taken taken;
    CHECK(parse(taken, {"--kinds", "k1", "a", "-q", "--kinds=k2", "b", "-j4", "--unroll", "7", "--config",
                        "c", "--color", "never"}) == 100);
    CHECK(taken.quiet);
    CHECK(taken.kinds == std::vector<std::string>{"k1", "k2"});
    CHECK(taken.files == std::vector<std::string>{"a", "b"});
    CHECK(taken.jobs == 4);
    CHECK(taken.unroll == 7);
    CHECK(taken.config == "c");
    CHECK(taken.color == "never");
}

TEST_CASE("bad usage is exit code 2") {
    for (const std::vector<const char*>& words :
         std::vector<std::vector<const char*>>{{},
                                               {"a", "--nope"},
                                               {"a", "--jobs", "0"},
                                               {"a", "--jobs", "257"},
                                               {"a", "--jobs", "-1"},
                                               {"a", "--jobs", "2x"},
                                               {"a", "--jobs", ""},
                                               {"a", "--unroll", "1e1"},
                                               {"a", "--color", "red"},
                                               {"a", "--config"}}) {
        Taken taken;
        CHECK(parse(taken, words) == 2);
    }
    Taken taken;
    CHECK(parse(taken, {"--help"}) == 0);
}

TEST_CASE("numbers are whole and within their bounds") {
    CHECK(number_in("16", 16, 64) == 16);
    CHECK(number_in("64", 16, 64) == 64);
    CHECK(number_in("18446744073709551615", 0, ~std::uint64_t{0}) == ~std::uint64_t{0});
    for (const char* text : {"", "15", "65", "+20", " 20", "20 ", "0x20", "2e1", "18446744073709551616"}) {
        INFO(text);
        CHECK_FALSE(number_in(text, 16, 64).has_value());
    }
}
