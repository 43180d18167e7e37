// SPDX-License-Identifier: Apache-2.0
// `./dev bench [GROUP...] [--runs N] [--json FILE]`: one table; groups of rows are startup, examples, herd7,
// litmus, batch and sizes. Times are the fastest of N runs (default 3; herd7: one run a test, against herd7's
// recorded seconds; litmus: processor time, against herd7 run here).

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "tests/bench/against_herd7.hpp"
#include "tests/bench/families.hpp"
#include "tests/bench/measure.hpp"
#include "tests/bench/table.hpp"
#include "tests/support/program.hpp"

namespace {

namespace fs = std::filesystem;
using tlbcheck::bench::measure;
using tlbcheck::bench::Row;

struct Setting {
    std::set<std::string> groups;  // empty: all
    int runs = 3;
    std::string json;
    fs::path source;
    fs::path shared;  // empty when there is none
    std::string program;
    fs::path peer;

    bool wants(const std::string& group) const { return groups.empty() || groups.count(group) != 0; }
};

Row row(const Setting& setting, std::string group, std::string name,
        const std::vector<std::string>& command) {
    return {std::move(group), std::move(name), measure(command, setting.runs, setting.source)};
}

std::vector<fs::path> files_below(const fs::path& folder, const std::string& extension) {
    std::vector<fs::path> files;
    if (!fs::is_directory(folder)) return files;
    for (const auto& entry : fs::recursive_directory_iterator(folder)) {
        if (entry.path().extension() == extension) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

std::vector<Row> startup(const Setting& setting) {
    const std::string group = "startup";
    std::vector<Row> rows = {row(setting, group, "z3 --version", {"z3", "--version"}),
                             row(setting, group, "a program that only loads Z3", {setting.peer.string()}),
                             row(setting, group, "tlbcheck --version", {setting.program, "--version"})};
    std::vector<fs::path> examples = files_below(setting.source / "examples", ".sched");
    const auto smallest = std::min_element(
        examples.begin(), examples.end(),
        [](const fs::path& a, const fs::path& b) { return fs::file_size(a) < fs::file_size(b); });
    if (smallest != examples.end()) {
        const std::string name = smallest->lexically_relative(setting.source).string();
        rows.push_back(row(setting, group, "tlbcheck check " + name, {setting.program, "check", name}));
    }
    for (std::size_t i = 2; i < rows.size(); ++i) rows[i].peer_seconds = rows[1].measured.seconds;
    return rows;
}

std::vector<Row> examples(const Setting& setting) {
    std::vector<Row> rows;
    for (const fs::path& file : files_below(setting.source / "examples", ".sched")) {
        const std::string name = file.lexically_relative(setting.source).string();
        rows.push_back(row(setting, "examples", name, {setting.program, "check", name}));
    }
    return rows;
}

/// Every test that herd7 finished, by `states`; the last row is the total, the ones before it the slowest
/// ten.
std::vector<Row> herd7(const Setting& setting) {
    const fs::path folder = setting.shared / "conformance" / "herd" / "vmsa";
    std::ifstream stream(folder / "expected.json");
    if (setting.shared.empty() || !stream) return {};
    std::vector<Row> rows;
    Row total = {"herd7", "total of those herd7 finished", {}, 0.0};
    total.measured.status = 0;
    const auto expected = nlohmann::json::parse(stream);
    for (const auto& test : expected.at("tests")) {
        const auto file = test.at("file").get<std::string>();
        Row one = {"herd7", file, {}, std::nullopt};
        one.measured =
            measure({setting.program, "states", "--variant", "vmsa,fatal", (folder / file).string()}, 1,
                    setting.source);
        if (test.at("herd7") == "ok") {
            one.peer_seconds = test.at("seconds").get<double>();
            total.measured.seconds += one.measured.seconds;
            total.measured.peak_kib = std::max(total.measured.peak_kib, one.measured.peak_kib);
            *total.peer_seconds += *one.peer_seconds;
        }
        if (one.measured.status != 0) total.measured.status = one.measured.status;
        rows.push_back(std::move(one));
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const Row& a, const Row& b) { return a.measured.seconds > b.measured.seconds; });
    rows.resize(std::min<std::size_t>(rows.size(), 10));
    rows.push_back(std::move(total));
    return rows;
}

/// A fixed list, both programs run here and now.
std::vector<Row> litmus(const Setting& setting) {
    tlbcheck::bench::LitmusComparison comparison;
    comparison.program = setting.program;
    comparison.herd7 = tlbcheck::bench::herd7_command();
    comparison.folder = setting.shared / "conformance" / "herd" / "vmsa";
    comparison.tests = tlbcheck::bench::read_test_list(setting.source / "tests/bench/litmus_tests.txt");
    comparison.runs = setting.runs;
    if (comparison.herd7.empty() || setting.shared.empty()) {
        fmt::print("litmus: left out, {}\n", setting.shared.empty()
                                                 ? "the conformance tests are not there"
                                                 : "there is no herd7 (TLBCHECK_HERDTOOLS7, or PATH)");
        return {};
    }
    return compare_with_herd7(comparison);
}

/// The row of `check` on a text, by way of a temporary file.
Row check_text(const Setting& setting, const std::string& group, const std::string& name,
               const std::string& text, const std::string& extension) {
    const fs::path file =
        fs::temp_directory_path() / fmt::format("tlbcheck_bench_{}{}", ::getpid(), extension);
    std::ofstream(file) << text;
    Row result = row(setting, group, name, {setting.program, "check", file.string()});
    fs::remove(file);
    return result;
}

std::vector<Row> batch(const Setting& setting) {
    std::vector<Row> rows;
    for (const int pages : {1, 2, 4, 8, 16}) {
        rows.push_back(check_text(setting, "batch", fmt::format("{} pages", pages),
                                  tlbcheck::bench::batch_litmus(pages), ".litmus"));
    }
    return rows;
}

/// One shape of schedule at growing sizes. The exponent is over the sizes from 2 GiB on: below, start-up and
/// the one solved slice are all there is.
void add_family(const Setting& setting, tlbcheck::bench::Shape shape, const std::vector<unsigned>& powers,
                std::vector<Row>& rows) {
    std::vector<double> large;
    std::vector<double> costs;
    for (const unsigned power : powers) {
        const std::uint64_t bytes = std::uint64_t{1} << power;
        const std::string name = fmt::format("{} {}", to_string(shape), tlbcheck::bench::size_text(bytes));
        rows.push_back(
            check_text(setting, "sizes", name, tlbcheck::bench::unmap_schedule(bytes, shape), ".sched"));
        if (bytes < std::uint64_t{1} << 31U) continue;
        const auto& instructions = rows.back().measured.instructions;
        large.push_back(static_cast<double>(bytes));
        costs.push_back(instructions ? static_cast<double>(*instructions) : rows.back().measured.seconds);
    }
    if (large.size() > 1) rows.back().growth = tlbcheck::bench::growth_exponent(large, costs);
}

std::vector<Row> sizes(const Setting& setting) {
    using tlbcheck::bench::Shape;
    std::vector<Row> rows;
    const std::vector<unsigned> to_1t = {16, 20, 24, 28, 31, 36, 40};
    for (const Shape shape : {Shape::per_leaf, Shape::batched}) add_family(setting, shape, to_1t, rows);
    // Linear in the number of tables: larger ones would take minutes.
    add_family(setting, Shape::tables_after, {16, 24, 31, 32, 34}, rows);
    add_family(setting, Shape::nested, {31, 32, 33}, rows);
    return rows;
}

bool parse(int argc, char** argv, Setting& setting) {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const std::set<std::string> groups = {"startup", "examples", "herd7", "litmus", "batch", "sizes"};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const bool more = i + 1 < arguments.size();
        if (arguments[i] == "--runs" && more) {
            const std::string& text = arguments[++i];
            const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), setting.runs);
            if (error != std::errc() || end != text.data() + text.size() || setting.runs < 1) return false;
        } else if (arguments[i] == "--json" && more) {
            setting.json = arguments[++i];
        } else if (groups.count(arguments[i]) != 0) {
            setting.groups.insert(arguments[i]);
        } else {
            return false;
        }
    }
    return true;
}

int bench(int argc, char** argv) {
    Setting setting;
    if (!parse(argc, argv, setting)) {
        fmt::print(stderr,
                   "usage: ./dev bench [startup] [examples] [herd7] [litmus] [batch] [sizes] [--runs N] "
                   "[--json FILE]\n");
        return 2;
    }
    setting.source = tlbcheck::tests::source_dir();
    setting.shared = tlbcheck::tests::shared_dir().value_or("");
    setting.program = tlbcheck::tests::program_path().string();
    setting.peer = fs::absolute(argv[0]).parent_path() / "tlbcheck_bench_peer";

    std::vector<Row> all;
    tlbcheck::bench::print_header();
    const auto run = [&](const std::string& group, auto rows_of, const std::string& title) {
        if (!setting.wants(group)) return;
        const std::vector<Row> rows = rows_of(setting);
        tlbcheck::bench::print_group(title, rows);
        std::fflush(stdout);
        all.insert(all.end(), rows.begin(), rows.end());
    };
    run("startup", startup, "Start-up; peer: a program that only loads Z3 and solves a trivial query");
    run("examples", examples, "Examples, by check");
    run("herd7", herd7,
        "Litmus tests by states: the slowest ten, and the total; peer: herd7's recorded seconds");
    run("litmus", litmus,
        "Litmus tests by states against herd7 (tests/bench/litmus_tests.txt), processor time; ratio: ours to "
        "herd7's; then the tests where herd7 is faster");
    run("batch", batch, "P0 invalidates n pages in one batch, P1 after a flag reads all n, by check");
    run("sizes", sizes, "Contiguous 4K pages, unmapped, by check");
    if (!setting.json.empty()) write_json(setting.json, all);
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return bench(argc, argv);
    } catch (const std::exception& error) {
        fmt::print(stderr, "bench: {}\n", error.what());
        return 2;
    }
}
