// SPDX-License-Identifier: Apache-2.0

#include "checker/gate/config.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck;           // NOLINT(google-build-using-namespace)
using namespace tlbcheck::checker;  // NOLINT(google-build-using-namespace)

namespace {

litmus::Result<GateConfig> parse(const std::string& text) {
    return parse_gate_config(litmus::make_source("suite/tlbcheck.toml", text));
}

std::string error_of(const std::string& text) {
    const auto result = parse(text);
    REQUIRE_FALSE(result.ok());
    return litmus::render(result.diagnostics());
}

}  // namespace

TEST_CASE("a configuration file says what to run and what to expect", "[config]") {
    const auto result = parse(R"(
timeout = 60
exclude = ["drafts/**"]
baseline = "known.json"
kinds = "herd/kinds.txt"

[[file]]
match = ["a.sched", "b/*.sched"]
expect = "unsafe"
timeout = 2.5
defines = { free_mapped = true, n = 4 }

[[file]]
match = "c.sched"
matrix = { contiguous_fill = ["any", "coalesced"], bbm_level = [0, 2], granule = "16K" }
[file.expect]
no_stale_entry = "safe"
"no_use_after_free" = "unsafe"
)");
    REQUIRE(result.ok());
    const GateConfig& config = result.value();
    CHECK(config.folder == "suite");
    CHECK(config.timeout == 60.0);
    CHECK(config.exclude == std::vector<std::string>{"drafts/**"});
    CHECK(config.baseline == "suite/known.json");
    CHECK(config.kinds == std::vector<std::string>{"suite/herd/kinds.txt"});
    REQUIRE(config.entries.size() == 2);
    CHECK(config.entries[0].match.size() == 2);
    CHECK(config.entries[0].expected.all == Verdict::unsafe);
    CHECK(config.entries[0].options.timeout == 2.5);
    CHECK(config.entries[0].options.defines ==
          std::vector<std::pair<std::string, std::string>>{{"free_mapped", "true"}, {"n", "4"}});
    CHECK(config.entries[0].configurations.size() == 1);
    REQUIRE(config.entries[1].configurations.size() == 4);
    for (const auto& hardware : config.entries[1].configurations)
        CHECK(apply({}, hardware).granule == model::Granule::k16);
    CHECK(config.entries[1].expected.each.size() == 2);
}

TEST_CASE("an unknown key is an error with its place, a caret and a suggestion", "[config]") {
    const std::string error = error_of("[[file]]\nmatch = \"a\"\nexpekt = \"safe\"\n");
    CHECK(error.find("suite/tlbcheck.toml:3:1: error: unknown key 'expekt'") != std::string::npos);
    CHECK(error.find("expekt = \"safe\"") != std::string::npos);
    CHECK(error.find('^') != std::string::npos);
    CHECK(error.find("did you mean 'expect'?") != std::string::npos);
    CHECK(error_of("[[files]]\nmatch = \"a\"\n").find("did you mean 'file'?") != std::string::npos);
}

TEST_CASE("wrong values are errors where they stand", "[config]") {
    CHECK(error_of("timeout = -1\n").find(":1:11: error:") != std::string::npos);
    CHECK(error_of("timeout = \"2s\"\n").find("positive number of seconds") != std::string::npos);
    CHECK(error_of("[[file]]\nmatch = \"a\"\nexpect = \"sound\"\n")
              .find(":3:10: error: 'sound' is no verdict") != std::string::npos);
    CHECK(error_of("[[file]]\nmatch = \"a\"\nmatrix = { bbm_level = [0, 7] }\n").find(":3:28: error:") !=
          std::string::npos);
    CHECK(error_of("[[file]]\nmatch = \"a\"\nmatrix = { bbm = 1 }\n").find("unknown key 'bbm' in matrix") !=
          std::string::npos);
    CHECK(error_of("[[file]]\nmatch = \"a\"\nmatrix = { ets = [] }\n").find("leaves nothing to run") !=
          std::string::npos);
    CHECK(error_of("[[file]]\nexpect = \"safe\"\n").find("needs match") != std::string::npos);
    CHECK(error_of("file = 3\n").find("[[file]]") != std::string::npos);
}

TEST_CASE("text that is no TOML is an error with its place", "[config]") {
    const std::string error = error_of("timeout = 1\nexclude = [\n");
    CHECK(error.find("suite/tlbcheck.toml:") == 0);
    CHECK(error.find("error:") != std::string::npos);
    CHECK(error_of("[)[file]]\n").find("suite/tlbcheck.toml:1:2: error:") == 0);
    CHECK(error_of("timeout = 1\n\xCE\xAB = 2\n").find("suite/tlbcheck.toml:2:1: error:") == 0);
    CHECK(error_of("timeout = 1\n\"a\" = \xCE\xAB\n")
              .find("suite/tlbcheck.toml:2:7: error: a character beyond ASCII") == 0);
    // The parser's tables of letters have no answer for this one, wherever it takes it for the start of a
    // key.
    for (const char* text : {"timeout = 5.\"\"\"\"\xCE\xAB\n", "timeout = [5\"\xCE\xAB\"]\n",
                             "timeout = 2[\"\xCE\xAB\"]\n", "a = \"\"\"\"\"\"\"\"\xCE\xAB\"\n"})
        CHECK(error_of(text).find("suite/tlbcheck.toml:1:") == 0);
    CHECK(error_of("# \xFF\n").find("suite/tlbcheck.toml:1:3: error: not UTF-8") == 0);
    CHECK(parse("baseline = \"\xCE\xAB.json\"  # \xCE\xAB\n").ok());
}

TEST_CASE("a matrix may not explode", "[config]") {
    CHECK(error_of("[[file]]\nmatch = \"a\"\nmatrix = { bbm_level = [0,1,2,3], ets = [0,2,3], granule = "
                   "[\"4K\",\"16K\",\"64K\"], "
                   "contiguous_fill = [\"any\",\"none\",\"coalesced\",\"shattered\"], walk_cache = "
                   "[\"per_entry\",\"per_page\"]}\n")
              .find("more than 256") != std::string::npos);
}
