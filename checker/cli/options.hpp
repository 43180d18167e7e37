// SPDX-License-Identifier: Apache-2.0
//
// The command line as data: each subcommand is a table of options. The parser (command_line.hpp), --help, man
// pages and completions are made from it.
#pragma once

#include <charconv>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "checker/cli_docs/command_doc.hpp"

namespace tlbcheck::checker::cli {

struct Option : OptionDoc {
    std::string group;        ///< its heading in --help; empty: with the rest
    std::string fallback;     ///< shown in --help as the default
    std::size_t exactly = 0;  ///< of a positional that takes many: how many; 0: any number
    /// Takes a value ("" for a flag), or returns what is wrong with it.
    std::function<std::string(const std::string& value)> take;

    /// All values there are, for --help and completion; `take` judges.
    Option&& with_values(std::vector<std::string> values) &&;
    Option&& in(std::string heading) && {
        group = std::move(heading);
        return std::move(*this);
    }
    Option&& by_default(std::string value) && {
        fallback = std::move(value);
        return std::move(*this);
    }
    Option&& must_be_given() && {
        required = true;
        return std::move(*this);
    }
    Option&& times(std::size_t number) && {
        exactly = number;
        return std::move(*this);
    }
};

/// `names` as in "-j,--jobs"; for a positional, what it is called: "FILE". `value` names the value; where it
/// is FILE, PATH or DIR the shell completes files or folders.
Option option(std::string_view names, std::string_view value, std::string help,
              std::function<std::string(const std::string&)> take);
/// On when given.
Option flag(std::string_view names, bool& target, std::string help);
Option text(std::string_view names, std::string& target, std::string_view value, std::string help);
Option text(std::string_view names, std::optional<std::string>& target, std::string_view value,
            std::string help);
/// May be given several times, one value each time; a positional takes all that follow.
Option texts(std::string_view names, std::vector<std::string>& target, std::string_view value,
             std::string help);
/// A folder that exists.
Option folder(std::string_view names, std::optional<std::string>& target, std::string help);
Option choice(std::string_view names, std::string& target, std::vector<std::string> choices,
              std::string help);

/// nullopt unless the whole text is a number within the bounds.
std::optional<std::uint64_t> number_in(const std::string& text, std::uint64_t low, std::uint64_t high);

/// A whole number from `low` to `high`; `target` is a number or an optional one.
template <typename Target>
Option number(std::string_view names, Target& target, std::uint64_t low, std::uint64_t high,
              std::string_view value, std::string help) {
    Option result =
        option(names, value, std::move(help), [&target, low, high](const std::string& given) -> std::string {
            const auto parsed = number_in(given, low, high);
            if (!parsed)
                return "a number from " + std::to_string(low) + " to " + std::to_string(high) +
                       " is expected";
            if constexpr (requires { target.value(); })
                target = static_cast<typename Target::value_type>(*parsed);
            else
                target = static_cast<Target>(*parsed);
            return {};
        });
    result.kind = ValueKind::number;
    return result;
}

struct Command {
    std::string name, help;
    std::string footer;  ///< an example
    std::vector<Option> options;
    std::function<int()> run;
    bool hidden = false;  ///< not in --help, man pages and completions
};

struct Program {
    std::string name, help, footer, version;
    std::vector<Command> commands;
};

/// Without what is hidden.
CommandDoc command_doc(const Program& program);

}  // namespace tlbcheck::checker::cli
