// SPDX-License-Identifier: Apache-2.0
//
// The Cambridge page-table tests against their published answers: each difference is written down with the
// clause that decides it (isla_differences.txt), and a clause that forbids is one that the proof cites.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "checker/engine/litmus_engine.hpp"
#include "checker/report/trace_text.hpp"
#include "checker/text/color.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/program.hpp"
#include "tests/support/skip.hpp"

namespace {

using namespace tlbcheck;
namespace fs = std::filesystem;

struct Difference {
    std::string ours, published, clause;
};
using Key = std::pair<std::string, std::string>;  // test and column

struct Written {
    std::map<Key, Difference> differences;
    std::set<std::string> unread;
};

Written written_down() {
    Written result;
    std::istringstream lines(
        tests::read_text(tests::source_dir() / "tests" / "conformance" / "isla_differences.txt"));
    for (std::string line; std::getline(lines, line);) {
        if (line.empty() || line.front() == '#') continue;
        std::istringstream words(line);
        std::string test;
        std::string column;
        words >> test >> column;
        if (column == "error") {
            result.unread.insert(test);
            continue;
        }
        Difference d;
        words >> d.ours >> d.published >> d.clause;
        result.differences[{test, column}] = d;
    }
    return result;
}

checker::LitmusOptions options(bool ets2) {
    checker::LitmusOptions result;
    if (ets2) result.read.variants.emplace_back("ets2");
    return result;
}

std::string verdict(const checker::LitmusJob& job) {
    const checker::FileReport report = checker::check_litmus(job);
    REQUIRE(report.internal_error.empty());
    REQUIRE(report.questions.size() == 1);
    return std::string(checker::to_string(report.questions.front().verdict));
}

bool proof_cites(const fs::path& file, bool ets2, const std::string& clause) {
    const auto job = checker::load_litmus(file.string(), options(ets2));
    REQUIRE(job.ok());
    checker::FileReport report;
    const std::string text =
        checker::trace_text(checker::explain_litmus(job.value(), report), checker::Painter(false));
    return text.find("by " + clause + "\n") != std::string::npos;
}

/// "allowed", "forbidden", or "" where there is no such answer.
std::string published(const nlohmann::json& entry, const char* key) {
    const std::string answer = entry.value(key, "");
    if (answer == "allowed" || answer == "Allow") return "allowed";
    return answer == "forbidden" || answer == "Forbid" ? "forbidden" : "";
}

}  // namespace

TEST_CASE("the Cambridge page-table tests: equal, or different because of a named clause") {
    const auto shared = tests::shared_dir();
    const fs::path folder = shared.value_or("") / "conformance" / "isla";
    if (!shared || !fs::exists(folder / "expected.json")) return tests::skip("no ../shared/conformance/isla");
    const nlohmann::json expected = nlohmann::json::parse(tests::read_text(folder / "expected.json"));
    const Written known = written_down();
    std::map<std::string, std::map<std::string, int>> table;
    std::set<Key> met;
    for (const auto& entry : expected.at("tests")) {
        const std::string name = entry.at("test");
        INFO(name);
        const fs::path file =
            folder / entry.at("dir").get<std::string>() / entry.at("file").get<std::string>();
        const auto base = checker::load_litmus(file.string(), options(false));
        const auto ets2 = checker::load_litmus(file.string(), options(true));
        CHECK(base.ok() == !known.unread.contains(name));
        if (!base.ok() || !ets2.ok()) {
            CHECK_FALSE(litmus::render(base.diagnostics()).find(":") == std::string::npos);
            ++table["all"]["not read"];
            continue;
        }
        const std::string weak_answer = verdict(base.value());
        const std::string strong_answer = verdict(ets2.value());
        ++table["all"]["read"];
        for (const auto& [column, key, ours] : {std::tuple("weak", "esop2022_weak", weak_answer),
                                                std::tuple("strong", "esop2022_strong", strong_answer),
                                                std::tuple("isla", "isla_2022_12_21", strong_answer)}) {
            INFO(column);
            const std::string theirs = published(entry, key);
            const auto difference = known.differences.find({name, column});
            if (theirs.empty() || ours == theirs) {
                CHECK(difference == known.differences.end());
                ++table[column][theirs.empty() ? "no answer" : "equal"];
                continue;
            }
            ++table[column]["different"];
            if (difference == known.differences.end()) {
                FAIL_CHECK(fmt::format("{} {}: {} here, {} published", name, column, ours, theirs));
                continue;
            }
            met.insert({name, column});
            CHECK(difference->second.ours == ours);
            CHECK(difference->second.published == theirs);
            if (ours == "forbidden")
                CHECK(proof_cites(file, std::string(column) != "weak", difference->second.clause));
        }
    }
    CHECK(met.size() == known.differences.size());
    for (const auto& [column, counts] : table) {
        for (const auto& [what, count] : counts)
            std::printf("isla: %s: %s %d\n", column.c_str(), what.c_str(), count);
    }
}
