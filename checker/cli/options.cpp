// SPDX-License-Identifier: Apache-2.0
//
// The kinds of options, and what documents are made of.

#include "checker/cli/options.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

namespace tlbcheck::checker::cli {

namespace {

ValueKind kind_of(std::string_view value) {
    if (value.empty()) return ValueKind::none;
    if (value == "DIR") return ValueKind::folder;
    return value == "FILE" || value == "PATH" ? ValueKind::file : ValueKind::word;
}

void add_name(Option& option, std::string_view name) {
    if (name.starts_with("--"))
        option.long_names.emplace_back(name.substr(2));
    else if (name.starts_with('-'))
        option.short_names.emplace_back(name.substr(1));
    else
        option.value_name = name;
}

OptionDoc help_option() {
    OptionDoc help;
    help.short_names = {"h"};
    help.long_names = {"help"};
    help.help = "print this help";
    return help;
}

std::string joined(const std::vector<std::string>& words, const char* between) {
    std::string result;
    for (const std::string& word : words) result += (result.empty() ? "" : between) + word;
    return result;
}

}  // namespace

Option&& Option::with_values(std::vector<std::string> values) && {
    choices = std::move(values);
    if (!short_names.empty() || !long_names.empty()) value_name = joined(choices, "|");
    kind = ValueKind::word;
    return std::move(*this);
}

Option option(std::string_view names, std::string_view value, std::string help,
              std::function<std::string(const std::string&)> take) {
    Option result;
    result.value_name = value;
    for (std::size_t begin = 0; begin < names.size();) {
        const std::size_t end = std::min(names.find(',', begin), names.size());
        add_name(result, names.substr(begin, end - begin));
        begin = end + 1;
    }
    result.help = std::move(help);
    result.kind = kind_of(result.value_name);
    result.take = std::move(take);
    return result;
}

Option flag(std::string_view names, bool& target, std::string help) {
    return option(names, "", std::move(help), [&target](const std::string& /*value*/) {
        target = true;
        return std::string();
    });
}

Option text(std::string_view names, std::string& target, std::string_view value, std::string help) {
    return option(names, value, std::move(help), [&target](const std::string& given) {
        target = given;
        return std::string();
    });
}

Option text(std::string_view names, std::optional<std::string>& target, std::string_view value,
            std::string help) {
    return option(names, value, std::move(help), [&target](const std::string& given) {
        target = given;
        return std::string();
    });
}

Option texts(std::string_view names, std::vector<std::string>& target, std::string_view value,
             std::string help) {
    Option result = option(names, value, std::move(help), [&target](const std::string& given) {
        target.push_back(given);
        return std::string();
    });
    result.many = true;
    return result;
}

Option folder(std::string_view names, std::optional<std::string>& target, std::string help) {
    return option(names, "DIR", std::move(help), [&target](const std::string& given) -> std::string {
        std::error_code unknown;
        if (!std::filesystem::is_directory(given, unknown)) return "there is no such folder";
        target = given;
        return {};
    });
}

Option choice(std::string_view names, std::string& target, std::vector<std::string> choices,
              std::string help) {
    Option result = option(names, "", std::move(help), [&target, choices](const std::string& given) {
        if (std::ranges::find(choices, given) == choices.end())
            return "one of " + joined(choices, ", ") + " is expected";
        target = given;
        return std::string();
    });
    return std::move(result).with_values(std::move(choices));
}

std::optional<std::uint64_t> number_in(const std::string& text, std::uint64_t low, std::uint64_t high) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < low || number > high)
        return std::nullopt;
    return number;
}

CommandDoc command_doc(const Program& program) {
    CommandDoc doc;
    doc.name = program.name;
    doc.help = program.help;
    doc.footer = program.footer;
    doc.options.push_back(help_option());
    OptionDoc version;
    version.long_names = {"version"};
    version.help = "print version, model and solver";
    doc.options.push_back(version);
    for (const Command& command : program.commands) {
        if (command.hidden) continue;
        CommandDoc one;
        one.name = command.name;
        one.help = command.help;
        one.footer = command.footer;
        one.options.push_back(help_option());
        for (const Option& option : command.options) {
            const bool positional = option.short_names.empty() && option.long_names.empty();
            (positional ? one.positionals : one.options).push_back(option);
        }
        doc.commands.push_back(std::move(one));
    }
    return doc;
}

}  // namespace tlbcheck::checker::cli
