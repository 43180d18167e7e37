// SPDX-License-Identifier: Apache-2.0
// Processor time, not wall time: on a machine that has other work too the ratio stays what it is.

#include "tests/bench/against_herd7.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "tests/support/program.hpp"

namespace tlbcheck::bench {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> joined(std::vector<std::string> command, const std::vector<std::string>& more) {
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

/// The run that took least processor time.
Measurement fastest(const std::vector<std::string>& command, int runs, const fs::path& folder) {
    Measurement best = measure(command, 1, folder);
    for (int i = 1; i < runs; ++i) {
        const Measurement next = measure(command, 1, folder);
        if (next.processor_seconds < best.processor_seconds) best = next;
    }
    best.seconds = best.processor_seconds;
    return best;
}

Row compared(std::string name, const std::vector<std::string>& own, const std::vector<std::string>& peer,
             int runs, const fs::path& folder) {
    Row row{"litmus", std::move(name), fastest(own, runs, folder)};
    row.peer_seconds = fastest(peer, runs, folder).seconds;
    return row;
}

/// How often ours goes into herd7's time. Processor time is counted in ticks: a run takes one at least.
double times(const Row& row) {
    return *row.peer_seconds / std::max(row.measured.seconds, 1e-4);
}

double median(std::vector<double> values) {
    if (values.empty()) return 0;
    std::ranges::sort(values);
    return values[values.size() / 2];
}

}  // namespace

std::vector<std::string> herd7_command() {
    if (const auto checkout = tests::herdtools7_dir()) {
        const fs::path program = *checkout / "_build" / "default" / "herd" / "herd.exe";
        if (!fs::exists(program))
            throw std::runtime_error(program.string() + " is not there: build herdtools7");
        return {program.string(), "-set-libdir", (*checkout / "herd" / "libdir").string()};
    }
    if (tests::run_command({"herd7", "-version"}).status != 0) return {};
    return {"herd7"};
}

std::vector<std::string> read_test_list(const fs::path& file) {
    std::ifstream stream(file);
    if (!stream) throw std::runtime_error("cannot read " + file.string());
    std::vector<std::string> names;
    for (std::string line; std::getline(stream, line);) {
        if (!line.empty() && line.front() != '#') names.push_back(line);
    }
    return names;
}

std::vector<Row> compare_with_herd7(const LitmusComparison& c) {
    const auto own = [&](const std::vector<std::string>& files) {
        return joined({c.program, "states", "-j", "1", "--variant", "vmsa,fatal"}, files);
    };
    const auto peer = [&](const std::vector<std::string>& files) {
        return joined(joined(c.herd7, {"-variant", "vmsa,fatal"}), files);
    };
    std::vector<Row> rows{compared(fmt::format("{} tests in one process", c.tests.size()), own(c.tests),
                                   peer(c.tests), c.runs, c.folder)};
    rows.front().name += fmt::format(" (herd7: {:.1f} times)", times(rows.front()));
    Row total{"litmus", fmt::format("{} processes", c.tests.size()), {}, 0.0};
    total.measured.status = 0;
    std::vector<Row> slower;
    std::vector<double> ratios;
    for (const std::string& test : c.tests) {
        Row row = compared("slower: " + test, own({test}), peer({test}), c.runs, c.folder);
        total.measured.seconds += row.measured.seconds;
        total.measured.peak_kib = std::max(total.measured.peak_kib, row.measured.peak_kib);
        *total.peer_seconds += *row.peer_seconds;
        if (row.measured.status != 0) total.measured.status = row.measured.status;
        ratios.push_back(times(row));
        if (row.measured.seconds > *row.peer_seconds) slower.push_back(std::move(row));
    }
    std::ranges::sort(slower, [](const Row& a, const Row& b) {
        return a.measured.seconds / *a.peer_seconds > b.measured.seconds / *b.peer_seconds;
    });
    total.name += fmt::format(" (herd7: {:.1f} times, median {:.1f})", times(total), median(ratios));
    rows.push_back(std::move(total));
    rows.insert(rows.end(), slower.begin(), slower.end());
    return rows;
}

}  // namespace tlbcheck::bench
