// SPDX-License-Identifier: Apache-2.0
//
// The table of options as CLI11 has it: usage errors and --help are its own.

#include "checker/cli/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>

#include "litmus/diagnostics.hpp"

namespace tlbcheck::checker::cli {

namespace {

std::string names_of(const Option& option) {
    std::string names;
    const auto add = [&](const std::string& name) { names += (names.empty() ? "" : ",") + name; };
    for (const std::string& name : option.short_names) add("-" + name);
    for (const std::string& name : option.long_names) add("--" + name);
    return names.empty() ? option.value_name : names;
}

std::string shown_value(const Option& option) {
    if (option.choices.empty()) return option.value_name;
    std::string list;
    for (const std::string& one : option.choices) list += (list.empty() ? "" : ",") + one;
    return "{" + list + "}";
}

void take_value(const Option& option, const std::string& name, const std::string& value) {
    const std::string wrong = option.take(value);
    if (!wrong.empty()) throw CLI::ValidationError(name, wrong + ", not " + litmus::printable(value));
}

void add(CLI::App& command, const Option& option) {
    const std::string names = names_of(option);
    const bool positional = option.short_names.empty() && option.long_names.empty();
    const std::string name = option.long_names.empty() ? names : "--" + option.long_names.front();
    CLI::Option* added = nullptr;
    if (option.value_name.empty()) {
        added = command.add_flag_function(
            names,
            [&option](std::int64_t given) {
                if (given > 0) option.take("");
            },
            option.help);
    } else if (option.many) {
        added = command.add_option_function<std::vector<std::string>>(
            names,
            [&option, name](const std::vector<std::string>& values) {
                for (const std::string& value : values) take_value(option, name, value);
            },
            option.help);
        // One each time: what follows is a file to check.
        if (!positional) added->allow_extra_args(false);
    } else {
        added = command.add_option_function<std::string>(
            names, [&option, name](const std::string& value) { take_value(option, name, value); },
            option.help);
    }
    if (option.exactly > 0) added->expected(static_cast<int>(option.exactly));
    if (option.required) added->required();
    if (!option.value_name.empty()) added->type_name(positional ? "" : shown_value(option));
    if (!option.fallback.empty()) added->default_str(option.fallback);
    if (!option.group.empty()) added->group(option.group);
}

}  // namespace

std::variant<std::function<int()>, int> parse_command_line(const Program& program, int argc,
                                                           const char* const* argv) {
    CLI::App app(program.help, program.name);
    app.require_subcommand(1);
    app.set_help_flag("-h,--help", "print this help");
    app.set_version_flag("--version", program.version, "print version, model and solver");
    app.footer(program.footer);
    std::function<int()> chosen;
    for (const Command& command : program.commands) {
        CLI::App* added = app.add_subcommand(command.name, command.help);
        if (command.hidden) added->group("");
        // Hundreds of options take a millisecond to set up; only a command that is named is asked for its
        // own.
        const bool named =
            std::any_of(argv, argv + argc, [&](const char* word) { return command.name == word; });
        if (!named) continue;
        for (const Option& option : command.options) add(*added, option);
        added->footer(command.footer);
        added->callback([&chosen, &command] { chosen = command.run; });
    }
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        const bool fine = app.exit(e) == 0;
        std::cout.flush();
        return fine ? 0 : 2;
    }
    return chosen;
}

}  // namespace tlbcheck::checker::cli
