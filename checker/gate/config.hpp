// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck.toml: what the gate runs and what it expects (docs/reports.md, "tlbcheck.toml"). Unknown keys,
// wrong types and unknown hardware values are errors with their place.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/report/answer.hpp"
#include "litmus/diagnostics.hpp"
#include "litmus/sched/schedule.hpp"

namespace tlbcheck::checker {

/// How one file is to be judged; what is unset is left to the file and the command line.
struct RunOptions {
    litmus::sched::HardwareOverrides hardware;
    std::vector<std::pair<std::string, std::string>> defines;  ///< as by -D
    std::optional<std::string> variant;                        ///< litmus tests, herd7's names
    std::optional<double> timeout;                             ///< seconds for the file
    std::vector<std::string> kinds;  ///< kinds files, relative to the working folder
};

/// Expected verdicts: one for every question, or by the question's text or rule ("no_stale_entry(linear)",
/// "no_stale_entry").
struct ExpectedVerdicts {
    std::optional<Verdict> all;
    struct One {
        std::string question;
        Verdict verdict = Verdict::safe;
        litmus::Place place;
    };
    std::vector<One> each;
};

/// One [[file]] entry.
struct ConfigEntry {
    std::vector<std::string> match;  ///< patterns, relative to the configuration file's folder
    ExpectedVerdicts expected;
    std::vector<litmus::sched::HardwareOverrides>
        configurations;  ///< the matrix multiplied out; at least one
    RunOptions options;  ///< its hardware is unset
    litmus::Place place;
};

struct GateConfig {
    litmus::Source source;  ///< nullptr: there is no configuration file
    std::string folder;     ///< of the configuration file, "" for the working folder
    std::vector<std::string> exclude;
    std::optional<double> timeout;
    std::optional<std::string> baseline;  ///< relative to the working folder
    std::vector<std::string> kinds;       ///< relative to the working folder
    std::vector<ConfigEntry> entries;
};

/// Reads the text of a configuration file. At most 256 configurations an entry.
litmus::Result<GateConfig> parse_gate_config(const litmus::Source& source);

}  // namespace tlbcheck::checker
