// SPDX-License-Identifier: Apache-2.0
// The rows a benchmark run produces, printed as a table and written as JSON.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/bench/measure.hpp"

namespace tlbcheck::bench {

struct Row {
    std::string group;
    std::string name;
    Measurement measured;
    std::optional<double> peer_seconds = std::nullopt;  ///< the same job by the peer that the group names
    /// Of the last row of a family of sizes: exponent of the instructions (or seconds) in the size.
    std::optional<double> growth = std::nullopt;
};

/// The names of the columns, once.
void print_header();
/// The rows of one group, under its title.
void print_group(const std::string& title, const std::vector<Row>& rows);

/// Writes all rows as one JSON document, by way of a temporary file. Throws std::runtime_error.
void write_json(const std::string& file, const std::vector<Row>& rows);

}  // namespace tlbcheck::bench
