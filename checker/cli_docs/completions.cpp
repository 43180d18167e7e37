// SPDX-License-Identifier: Apache-2.0
//
// Completion scripts for bash, zsh and fish.

#include "checker/cli_docs/completions.hpp"

#include <fmt/format.h>

#include <vector>

namespace tlbcheck::checker {
namespace {

std::vector<std::string> dashed(const OptionDoc& option) {
    std::vector<std::string> names;
    for (const std::string& name : option.short_names) names.push_back("-" + name);
    for (const std::string& name : option.long_names) names.push_back("--" + name);
    return names;
}

std::string escaped(std::string_view text, std::string_view special, std::string_view with) {
    std::string out;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) out += with;
        out += c == '\n' ? ' ' : c;
    }
    return out;
}

/// Within single quotes of a POSIX shell.
std::string shell_quoted(std::string_view text) {
    std::string out = "'";
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''";
        else
            out += c == '\n' ? ' ' : c;
    }
    return out + "'";
}

std::string command_words(const CommandDoc& program, std::string_view separator) {
    std::string words;
    for (const CommandDoc& command : program.commands)
        words += (words.empty() ? "" : std::string(separator)) + command.name;
    return words;
}

/* bash */

void bash_values(std::string& out, const CommandDoc& command) {
    for (const OptionDoc& option : command.options) {
        if (option.kind == ValueKind::none) continue;
        std::string patterns;
        for (const std::string& name : dashed(option)) {
            patterns += fmt::format("{}{}:{}", patterns.empty() ? "" : "|", command.name, name);
        }
        std::string action = "return";
        if (!option.choices.empty())
            action = fmt::format("mapfile -t COMPREPLY < <(compgen -W {} -- \"$cur\"); return",
                                 shell_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
        else if (option.kind == ValueKind::folder)
            action = "mapfile -t COMPREPLY < <(compgen -d -- \"$cur\"); return";
        else if (option.kind == ValueKind::file)
            action = "mapfile -t COMPREPLY < <(compgen -f -- \"$cur\"); return";
        out += fmt::format("        {}) {} ;;\n", patterns, action);
    }
}

std::string option_words(const CommandDoc& command) {
    std::string words;
    for (const OptionDoc& option : command.options) {
        for (const std::string& name : dashed(option)) words += (words.empty() ? "" : " ") + name;
    }
    return words;
}

/// What a command's positional arguments complete to: choices, commands, else files.
std::string positional_words(const CommandDoc& command) {
    std::string words = command_words(command, " ");
    for (const OptionDoc& positional : command.positionals) {
        for (const std::string& choice : positional.choices) words += (words.empty() ? "" : " ") + choice;
    }
    return words;
}

std::string bash(const CommandDoc& program) {
    std::string values, words;
    CommandDoc top = program;
    top.name.clear();
    bash_values(values, top);
    for (const CommandDoc& command : program.commands) bash_values(values, command);
    for (const CommandDoc& command : program.commands) {
        words += fmt::format("        {}) options={} words={} ;;\n", command.name,
                             shell_quoted(option_words(command)), shell_quoted(positional_words(command)));
    }
    return fmt::format(R"(# bash completion for {0}
_{0}() {{
    local cur=${{COMP_WORDS[COMP_CWORD]}} prev=${{COMP_WORDS[COMP_CWORD - 1]}} command= options words i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case ${{COMP_WORDS[i]}} in
        {1}) command=${{COMP_WORDS[i]}}; break ;;
        esac
    done
    # --option=value arrives as three words.
    if [[ $cur == = ]]; then cur=; elif [[ $prev == = ]]; then prev=${{COMP_WORDS[COMP_CWORD - 2]}}; fi
    COMPREPLY=()
    case $command:$prev in
{2}    esac
    case $command in
{3}        *) options={4} words={5} ;;
    esac
    if [[ $cur == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$options" -- "$cur")
    elif [[ -n $words ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$words" -- "$cur")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$cur")
    fi
}}
complete -o filenames -F _{0} {0}
)",
                       program.name, command_words(program, "|"), values, words,
                       shell_quoted(option_words(program)), shell_quoted(positional_words(program)));
}

/* zsh */

std::string zsh_action(const OptionDoc& option) {
    const std::string name = escaped(option.value_name.empty() ? "value" : option.value_name, ":'\\", "\\");
    if (!option.choices.empty())
        return fmt::format(":{}:({})", option.kind == ValueKind::none ? "value" : "value",
                           fmt::join(option.choices, " "));
    if (option.kind == ValueKind::folder) return fmt::format(":{}:_files -/", name);
    if (option.kind == ValueKind::file) return fmt::format(":{}:_files", name);
    return fmt::format(":{}: ", name);
}

std::string zsh_arguments(const CommandDoc& command, std::string_view indent) {
    std::string out;
    for (const OptionDoc& option : command.options) {
        const std::vector<std::string> names = dashed(option);
        const std::string help = escaped(option.help, "[]:\\", "\\");
        for (const std::string& name : names) {
            const std::string exclusive = option.many ? "*" : fmt::format("({})", fmt::join(names, " "));
            const std::string action = option.kind == ValueKind::none ? "" : zsh_action(option);
            const bool equals = option.kind != ValueKind::none && name.starts_with("--");
            out += fmt::format(
                "{}{} \\\n", indent,
                shell_quoted(fmt::format("{}{}{}[{}]{}", exclusive, name, equals ? "=" : "", help, action)));
        }
    }
    return out;
}

std::string zsh_positionals(const CommandDoc& command, std::string_view indent) {
    std::string out;
    for (const OptionDoc& positional : command.positionals) {
        OptionDoc shown = positional;
        if (shown.choices.empty() && shown.kind != ValueKind::folder) shown.kind = ValueKind::file;
        out +=
            fmt::format("{}{} \\\n", indent, shell_quoted((positional.many ? "*" : "") + zsh_action(shown)));
    }
    return out;
}

std::string zsh(const CommandDoc& program) {
    std::string commands, cases;
    for (const CommandDoc& command : program.commands) {
        commands +=
            fmt::format("        {}\n",
                        shell_quoted(fmt::format("{}:{}", command.name, escaped(command.help, ":\\", "\\"))));
        cases += fmt::format(
            "            {})\n                _arguments -s \\\n{}{}                    && return 0 ;;\n",
            command.name, zsh_arguments(command, "                    "),
            zsh_positionals(command, "                    "));
    }
    return fmt::format(R"(#compdef {0}
# zsh completion for {0}
_{0}() {{
    local state line
    local -a commands=(
{1}    )
    _arguments -C -s \
{2}        '1:command:->command' \
        '*::argument:->argument' && return 0
    case $state in
        command) _describe -t commands command commands ;;
        argument)
            case $line[1] in
{3}            esac ;;
    esac
}}
if [ "$funcstack[1]" = "_{0}" ]; then _{0} "$@"; else compdef _{0} {0}; fi
)",
                       program.name, commands, zsh_arguments(program, "        "), cases);
}

/* fish */

std::string fish_quoted(std::string_view text) {
    return "'" + escaped(text, "'\\", "\\") + "'";
}

void fish_options(std::string& out, const std::string& program, const std::string& condition,
                  const CommandDoc& command) {
    for (const OptionDoc& option : command.options) {
        std::string line = fmt::format("complete -c {} -n {}", program, fish_quoted(condition));
        for (const std::string& name : option.short_names) line += fmt::format(" -s {}", name);
        for (const std::string& name : option.long_names) line += fmt::format(" -l {}", name);
        if (option.kind != ValueKind::none) {
            const bool files = option.choices.empty() &&
                               (option.kind == ValueKind::file || option.kind == ValueKind::folder);
            line += files ? " -r -F" : " -x";
            if (!option.choices.empty())
                line += fmt::format(" -a {}", fish_quoted(fmt::format("{}", fmt::join(option.choices, " "))));
        }
        out += fmt::format("{} -d {}\n", line, fish_quoted(option.help));
    }
}

std::string fish(const CommandDoc& program) {
    const std::string& name = program.name;
    std::string out = fmt::format("# fish completion for {}\ncomplete -c {} -e\n", name, name);
    for (const CommandDoc& command : program.commands) {
        out += fmt::format("complete -c {} -f -n __fish_use_subcommand -a {} -d {}\n", name, command.name,
                           fish_quoted(command.help));
    }
    fish_options(out, name, "__fish_use_subcommand", program);
    for (const CommandDoc& command : program.commands) {
        const std::string condition = fmt::format("__fish_seen_subcommand_from {}", command.name);
        fish_options(out, name, condition, command);
        const std::string words = positional_words(command);
        if (!words.empty())
            out += fmt::format("complete -c {} -f -n {} -a {}\n", name, fish_quoted(condition),
                               fish_quoted(words));
    }
    return out;
}

}  // namespace

std::optional<Shell> parse_shell(std::string_view word) {
    if (word == "bash") return Shell::bash;
    if (word == "zsh") return Shell::zsh;
    if (word == "fish") return Shell::fish;
    return std::nullopt;
}

std::string completion_script(const CommandDoc& program, Shell shell) {
    switch (shell) {
        case Shell::bash:
            return bash(program);
        case Shell::zsh:
            return zsh(program);
        case Shell::fish:
            return fish(program);
    }
    return {};
}

}  // namespace tlbcheck::checker
