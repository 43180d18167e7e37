// SPDX-License-Identifier: Apache-2.0
//
// tlbcheck completions SHELL: a completion script. And, hidden, tlbcheck write-docs FOLDER: what the build
// installs beside the program, made from the same description of the command line as --help.
#include "checker/cli_docs/completions.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <memory>

#include "checker/cli/common.hpp"
#include "checker/cli/program.hpp"
#include "checker/cli_docs/man_page.hpp"

namespace tlbcheck::checker::cli {

namespace {

CommandDoc program_doc() {
    Runner unused;
    return command_doc(*make_program(unused));
}

int print_script(const std::string& shell) {
    print(completion_script(program_doc(), *parse_shell(shell)));
    return 0;
}

int write_docs(const std::filesystem::path& folder) {
    const CommandDoc program = program_doc();
    std::map<std::string, std::string> files{{"bash/tlbcheck", completion_script(program, Shell::bash)},
                                             {"zsh/_tlbcheck", completion_script(program, Shell::zsh)},
                                             {"fish/tlbcheck.fish", completion_script(program, Shell::fish)}};
    for (auto& [name, text] : man_pages(program, model_identity().version))
        files.emplace("man1/" + name, std::move(text));
    for (const auto& [name, text] : files) {
        const std::filesystem::path path = folder / name;
        std::error_code ignored;  // write_output says what is wrong
        std::filesystem::create_directories(path.parent_path(), ignored);
        if (!write_output(path.string(), text)) return bad_input;
    }
    return 0;
}

}  // namespace

void add_completions(CLI::App& program, Runner& runner) {
    auto shell = std::make_shared<std::string>();
    CLI::App* command = program.add_subcommand("completions", "prints a completion script for a shell");
    command->add_option("SHELL", *shell, "the shell")
        ->required()
        ->check(CLI::IsMember({"bash", "zsh", "fish"}));
    command->footer("Example: source <(tlbcheck completions bash)");
    command->callback([shell, &runner] { runner = [shell] { return print_script(*shell); }; });

    auto folder = std::make_shared<std::string>();
    CLI::App* hidden =
        program.add_subcommand("write-docs", "man pages and completion scripts, for the build");
    hidden->group("");
    hidden->add_option("FOLDER", *folder, "where to")->required();
    hidden->callback([folder, &runner] { runner = [folder] { return write_docs(*folder); }; });
}

}  // namespace tlbcheck::checker::cli
