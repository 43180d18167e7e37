// SPDX-License-Identifier: Apache-2.0
// Benchmark rows as text and JSON.

#include "tests/bench/table.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

namespace tlbcheck::bench {
namespace {

std::string instructions_text(const Measurement& measured) {
    if (!measured.instructions) return "-";
    return fmt::format("{:.1f}M", static_cast<double>(*measured.instructions) / 1e6);
}

constexpr int name_width = 56;

std::string ratio_text(const Row& row) {
    std::string text = "         ";
    if (row.peer_seconds && *row.peer_seconds > 0)
        text = fmt::format("{:9.3f} {:8.3f}", *row.peer_seconds, row.measured.seconds / *row.peer_seconds);
    if (row.growth) text += fmt::format("{:9} {:7.3f}", "", *row.growth);
    return text;
}

}  // namespace

void print_header() {
    fmt::print("{:<{}}  {:>9} {:>9} {:>9} {:>4}  {:>9} {:>8} {:>7}\n", "", name_width, "seconds", "peak MiB",
               "instr", "exit", "peer s", "ratio", "growth");
}

void print_group(const std::string& title, const std::vector<Row>& rows) {
    if (rows.empty()) return;
    fmt::print("{}\n", title);
    for (const Row& row : rows) {
        fmt::print("  {:<{}}  {:9.3f} {:9.1f} {:>9} {:>4}  {}\n", row.name, name_width - 2,
                   row.measured.seconds, static_cast<double>(row.measured.peak_kib) / 1024,
                   instructions_text(row.measured), row.measured.status, ratio_text(row));
    }
}

void write_json(const std::string& file, const std::vector<Row>& rows) {
    nlohmann::ordered_json document;
    document["version"] = 1;
    document["rows"] = nlohmann::ordered_json::array();
    for (const Row& row : rows) {
        nlohmann::ordered_json entry = {{"group", row.group},
                                        {"name", row.name},
                                        {"seconds", row.measured.seconds},
                                        {"peak_kib", row.measured.peak_kib},
                                        {"exit", row.measured.status}};
        if (row.measured.instructions) entry["instructions"] = *row.measured.instructions;
        if (row.peer_seconds) entry["peer_seconds"] = *row.peer_seconds;
        if (row.growth) entry["growth_exponent"] = *row.growth;
        document["rows"].push_back(std::move(entry));
    }
    const std::string temporary = file + ".part";
    std::ofstream stream(temporary);
    stream << document.dump(2) << '\n';
    if (!stream.flush()) throw std::runtime_error("cannot write " + temporary);
    std::filesystem::rename(temporary, file);
}

}  // namespace tlbcheck::bench
