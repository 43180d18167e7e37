// SPDX-License-Identifier: Apache-2.0
// The speed of litmus tests as a ratio to herd7's: both programs on the same list of tests.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "tests/bench/table.hpp"

namespace tlbcheck::bench {

/// How to start herd7: the one built in the checkout that TLBCHECK_HERDTOOLS7 names, else `herd7` of PATH;
/// empty where there is none. Throws std::runtime_error where the checkout has not been built.
std::vector<std::string> herd7_command();

struct LitmusComparison {
    std::string program;  ///< tlbcheck
    std::vector<std::string> herd7;
    std::filesystem::path folder;    ///< of the tests
    std::vector<std::string> tests;  ///< files in it
    int runs = 3;
};

/// Processor time, of the fastest of the runs: all tests in one process each; the sum of a process a test;
/// then the tests that herd7 was faster with, slowest first. The peer is herd7; the names of the first two
/// rows say how many times as long it takes.
std::vector<Row> compare_with_herd7(const LitmusComparison& comparison);

/// One file name a line; empty lines and those that begin with # are skipped. Throws std::runtime_error.
std::vector<std::string> read_test_list(const std::filesystem::path& file);

}  // namespace tlbcheck::bench
