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
    return command_doc(make_program());
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

Command completions_command() {
    auto shell = std::make_shared<std::string>();
    return {"completions",
            "prints a completion script for a shell",
            "Example: source <(tlbcheck completions bash)",
            {choice("SHELL", *shell, {"bash", "zsh", "fish"}, "the shell").must_be_given()},
            [shell] { return print_script(*shell); }};
}

Command write_docs_command() {
    auto folder = std::make_shared<std::string>();
    return {"write-docs",
            "man pages and completion scripts, for the build",
            "",
            {text("DIR", *folder, "", "where to").must_be_given()},
            [folder] { return write_docs(*folder); },
            true};
}

}  // namespace tlbcheck::checker::cli
