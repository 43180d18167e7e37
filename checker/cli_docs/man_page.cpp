// SPDX-License-Identifier: Apache-2.0
//
// A command's page in man(7).

#include "checker/cli_docs/man_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

namespace tlbcheck::checker {
namespace {

/// Text that roff prints as it is: no control lines, no escapes, hyphens that can be copied.
std::string roff(std::string_view text) {
    std::string out;
    bool line_start = true;
    for (const char c : text) {
        if (line_start && (c == '.' || c == '\'')) out += "\\&";
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else
            out += c;
        line_start = c == '\n';
    }
    return out;
}

std::string upper(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return text;
}

std::string names_of(const OptionDoc& option) {
    std::string out;
    const auto add = [&](const std::string& name) {
        out += fmt::format("{}\\fB{}\\fR", out.empty() ? "" : ", ", roff(name));
    };
    for (const std::string& name : option.short_names) add("-" + name);
    for (const std::string& name : option.long_names) add("--" + name);
    if (!option.value_name.empty()) out += fmt::format(" \\fI{}\\fR", roff(option.value_name));
    return out;
}

std::string synopsis_of(const std::string& name, const CommandDoc& command) {
    std::string out = fmt::format(".B {}\n", roff(name));
    if (!command.options.empty()) out += "[\\fIOPTION\\fR]...\n";
    if (!command.commands.empty()) out += "\\fICOMMAND\\fR\n";
    for (const OptionDoc& positional : command.positionals) {
        const std::string value =
            fmt::format("\\fI{}\\fR{}", roff(positional.value_name), positional.many ? "..." : "");
        out += (positional.required ? value : fmt::format("[{}]", value)) + "\n";
    }
    return out;
}

std::string options_of(const CommandDoc& command) {
    std::string out;
    for (const OptionDoc& positional : command.positionals) {
        if (positional.help.empty()) continue;
        out += fmt::format(".TP\n\\fI{}\\fR\n{}\n", roff(positional.value_name), roff(positional.help));
    }
    for (const OptionDoc& option : command.options)
        out += fmt::format(".TP\n{}\n{}\n", names_of(option), roff(option.help));
    return out;
}

constexpr std::string_view exit_status = R"(.SH EXIT STATUS
.TP
.B 0
all as expected
.TP
.B 1
an expectation failed
.TP
.B 2
bad usage or bad input
.TP
.B 3
a question stayed undecided, and nothing failed
.TP
.B 4
internal disagreement: please report it
)";

/// Of the version: a build's own date would make builds of one source differ.
constexpr std::string_view version_date = "2026-11-25";

std::string page(const std::string& program, const std::string& name, const CommandDoc& command,
                 const std::string& version) {
    std::string dashed_name = name;
    std::replace(dashed_name.begin(), dashed_name.end(), ' ', '-');
    std::string out = fmt::format(".TH \"{}\" 1 \"{}\" \"{} {}\" \"User Commands\"\n",
                                  upper(roff(dashed_name)), version_date, program, version);
    const std::string brief = command.help.substr(0, command.help.find('\n'));
    out += fmt::format(".SH NAME\n{} \\- {}\n", roff(dashed_name), roff(brief));
    out += fmt::format(".SH SYNOPSIS\n{}", synopsis_of(name, command));
    if (brief != command.help) out += fmt::format(".SH DESCRIPTION\n{}\n", roff(command.help));
    if (!command.commands.empty()) {
        out += ".SH COMMANDS\n";
        for (const CommandDoc& one : command.commands) {
            out += fmt::format(".TP\n.B {}\n{}\n", roff(one.name), roff(one.help));
        }
    }
    const std::string options = options_of(command);
    if (!options.empty()) out += ".SH OPTIONS\n" + options;
    out += exit_status;
    // The exit codes that a footer may start with have a section of their own.
    std::string examples = command.footer;
    if (examples.starts_with("Exit codes:"))
        examples.erase(0, std::min(examples.find('\n'), examples.size() - 1) + 1);
    if (!examples.empty()) out += fmt::format(".SH EXAMPLES\n.nf\n{}\n.fi\n", roff(examples));
    std::string others;
    if (name != program) others = fmt::format(".BR {} (1)", roff(program));
    for (const CommandDoc& one : command.commands) {
        others +=
            fmt::format("{}.BR {} (1)", others.empty() ? "" : ",\n", roff(dashed_name + "-" + one.name));
    }
    if (!others.empty()) out += fmt::format(".SH SEE ALSO\n{}\n", others);
    return out;
}

}  // namespace

std::map<std::string, std::string> man_pages(const CommandDoc& program, const std::string& version) {
    std::map<std::string, std::string> pages;
    pages[program.name + ".1"] = page(program.name, program.name, program, version);
    for (const CommandDoc& command : program.commands) {
        pages[fmt::format("{}-{}.1", program.name, command.name)] =
            page(program.name, program.name + " " + command.name, command, version);
    }
    return pages;
}

}  // namespace tlbcheck::checker
