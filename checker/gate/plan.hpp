// SPDX-License-Identifier: Apache-2.0
//
// What a gate run will do: the files found below the folders given, each with the configurations that
// tlbcheck.toml asks for.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "checker/gate/baseline.hpp"
#include "checker/gate/config.hpp"

namespace tlbcheck::checker {

struct GateRequest {
    std::vector<std::string> paths;     ///< folders and files; empty: the working folder
    std::optional<std::string> config;  ///< default: tlbcheck.toml in the first folder given, if there is one
    std::optional<std::string> baseline;  ///< default: the configuration's
    bool update_baseline = false;         ///< the baseline need not exist
    /// What the configuration names, and where links lead, may also lie below this folder.
    std::optional<std::string> include_root;
    RunOptions options;                 ///< from the command line; these win over the configuration file
    std::size_t shard = 1, shards = 1;  ///< run part `shard` (from 1) of `shards`: every shards-th file
};

/// One file in one configuration.
struct GateJob {
    std::string file;
    RunOptions options;
    ExpectedVerdicts expected;
    litmus::Place config_place;  ///< of the [[file]] entry; line 0 when there is none
};

struct GatePlan {
    GateConfig config;
    std::vector<GateJob> jobs;  ///< by file in byte order, then as in the configuration file
    std::optional<Baseline> baseline;
    std::string baseline_path;  ///< "" when there is none
};

/// Fails for paths that do not exist, a folder with nothing to check, an unreadable or malformed
/// configuration or baseline, a link or a file named in the configuration that leads out of the folder, and a
/// [[file]] entry that matches nothing in a run over the whole folder of the
/// configuration file.
litmus::Result<GatePlan> plan_gate(const GateRequest& request);

/// The *.sched, *.litmus and *.litmus.toml files below `folder`, in byte order; hidden folders and what
/// `exclude` names are left out. Symbolic links to folders are not followed.
std::vector<std::string> files_below(const std::string& folder);

}  // namespace tlbcheck::checker
