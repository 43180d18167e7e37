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
    std::optional<double> peer_seconds;  ///< the same job by the peer that the group names
};

/// Prints one group under `title`; `peer` names what peer_seconds is ("" when the group has none).
void print_group(const std::string& title, const std::string& peer, const std::vector<Row>& rows);

/// Writes all rows as one JSON document, by way of a temporary file. Throws std::runtime_error.
void write_json(const std::string& file, const std::vector<Row>& rows);

}  // namespace tlbcheck::bench
