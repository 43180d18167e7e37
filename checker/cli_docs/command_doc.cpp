// SPDX-License-Identifier: Apache-2.0
//
// What the command line parser knows of a command, as plain values.

#include "checker/cli_docs/command_doc.hpp"

#include <CLI/CLI.hpp>

#include <cctype>
#include <string_view>

namespace tlbcheck::checker {
namespace {

/// "{a,b,c}" anywhere in a CLI11 type name lists the values; "{a->1,b->2}" maps them.
std::vector<std::string> choices_in(std::string_view type) {
    std::vector<std::string> choices;
    const std::size_t open = type.find('{'), close = type.find('}');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return choices;
    std::string_view list = type.substr(open + 1, close - open - 1);
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        std::string_view item = list.substr(0, comma);
        item = item.substr(0, item.find("->"));
        if (!item.empty()) choices.emplace_back(item);
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return choices;
}

ValueKind kind_of(std::string_view type) {
    if (type.find("DIR") != std::string_view::npos) return ValueKind::folder;
    if (type.find("FILE") != std::string_view::npos || type.find("PATH") != std::string_view::npos)
        return ValueKind::file;
    if (type.starts_with("INT") || type.starts_with("UINT") || type.starts_with("FLOAT"))
        return ValueKind::number;
    return ValueKind::word;
}

std::string value_name(std::string_view type, const std::vector<std::string>& choices) {
    if (!choices.empty()) {
        std::string names;
        for (const std::string& choice : choices) names += (names.empty() ? "" : "|") + choice;
        return names;
    }
    // What follows a colon or a space describes a check, not the value.
    const std::string_view word = type.substr(0, type.find_first_of(": ["));
    if (word == "TEXT" || word.empty()) return "VALUE";
    return word == "INT" || word == "UINT" || word == "FLOAT" ? "N" : std::string(word);
}

OptionDoc doc_of(const CLI::Option& option) {
    OptionDoc doc;
    doc.short_names = option.get_snames();
    doc.long_names = option.get_lnames();
    doc.help = option.get_description();
    doc.required = option.get_required();
    doc.many = option.get_items_expected_max() > 1;
    if (option.get_items_expected_max() == 0) return doc;
    const std::string type = option.get_type_name();
    doc.choices = choices_in(type);
    doc.kind = doc.choices.empty() ? kind_of(type) : ValueKind::word;
    doc.value_name = value_name(type, doc.choices);
    if (!option.nonpositional() && doc.short_names.empty() && doc.long_names.empty()) {
        const std::string name = option.get_name();
        doc.value_name = name.empty() ? doc.value_name : name;
        if (kind_of(name) != ValueKind::word) doc.kind = kind_of(name);
    }
    return doc;
}

}  // namespace

CommandDoc command_doc(const CLI::App& app) {
    CommandDoc doc;
    doc.name = app.get_name();
    doc.help = app.get_description();
    doc.footer = app.get_footer();
    for (const CLI::Option* option :
         app.get_options([](const CLI::Option* candidate) { return !candidate->get_group().empty(); })) {
        OptionDoc one = doc_of(*option);
        const bool positional = one.short_names.empty() && one.long_names.empty();
        (positional ? doc.positionals : doc.options).push_back(std::move(one));
    }
    for (const CLI::App* command :
         app.get_subcommands([](const CLI::App* candidate) { return !candidate->get_group().empty(); })) {
        doc.commands.push_back(command_doc(*command));
    }
    return doc;
}

}  // namespace tlbcheck::checker
