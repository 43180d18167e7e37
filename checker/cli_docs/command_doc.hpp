// SPDX-License-Identifier: Apache-2.0
//
// A command-line program as data: what shell completions and man pages are made from. Its options are those
// that the command line is parsed by (checker/cli/options.hpp), so that documents cannot fall behind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace tlbcheck::checker {

/// What an option's value or a positional is, for completion.
enum class ValueKind : std::uint8_t { none, word, number, file, folder };

struct OptionDoc {
    std::vector<std::string> short_names, long_names;  ///< without dashes; both empty for a positional
    std::string value_name;                            ///< "FILE", "N", "4K|16K|64K"; empty for a flag
    std::string help;
    ValueKind kind = ValueKind::none;
    std::vector<std::string> choices;  ///< all values, where they are few and known
    bool many = false;                 ///< may be given several times, or takes several values
    bool required = false;
};

struct CommandDoc {
    std::string name, help;
    std::string footer;  ///< examples and the like, as --help prints them
    std::vector<OptionDoc> options, positionals;
    std::vector<CommandDoc> commands;
};

}  // namespace tlbcheck::checker
