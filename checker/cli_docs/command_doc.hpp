// SPDX-License-Identifier: Apache-2.0
//
// A command-line program as data, read off its CLI11 description: what shell completions and man pages are
// made from, so that they cannot fall behind --help.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace CLI {
class App;
}

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

/// Options and commands whose group is empty (hidden) are left out. Works with CLI11 2.1 to 2.4.
CommandDoc command_doc(const CLI::App& app);

}  // namespace tlbcheck::checker
