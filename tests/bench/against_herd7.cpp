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

/// `name` with how often ours goes into herd7's time.
void tell_ratio(Row& row) {
    if (row.measured.seconds > 0)
        row.name += fmt::format(" (herd7: {:.1f} times)", *row.peer_seconds / row.measured.seconds);
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
    tell_ratio(rows.front());
    Row total{"litmus", fmt::format("a process for each of the {} tests", c.tests.size()), {}, 0.0};
    total.measured.status = 0;
    std::vector<Row> slower;
    for (const std::string& test : c.tests) {
        Row row = compared("slower: " + test, own({test}), peer({test}), c.runs, c.folder);
        total.measured.seconds += row.measured.seconds;
        total.measured.peak_kib = std::max(total.measured.peak_kib, row.measured.peak_kib);
        *total.peer_seconds += *row.peer_seconds;
        if (row.measured.status != 0) total.measured.status = row.measured.status;
        if (row.measured.seconds > *row.peer_seconds) slower.push_back(std::move(row));
    }
    std::ranges::sort(slower, [](const Row& a, const Row& b) {
        return a.measured.seconds / *a.peer_seconds > b.measured.seconds / *b.peer_seconds;
    });
    tell_ratio(total);
    rows.push_back(std::move(total));
    rows.insert(rows.end(), slower.begin(), slower.end());
    return rows;
}

}  // namespace tlbcheck::bench
