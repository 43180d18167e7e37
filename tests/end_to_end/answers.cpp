// SPDX-License-Identifier: Apache-2.0
#include "tests/end_to_end/answers.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace tlbcheck::tests {

std::string verdicts(const std::string& file, const std::vector<std::string>& options) {
    std::vector<std::string> command{"check", "--json", file};
    command.insert(command.end(), options.begin(), options.end());
    const ProgramResult run = run_tlbcheck(command);
    const auto document = nlohmann::json::parse(run.out, nullptr, false);
    if (document.is_discarded()) return "exit " + std::to_string(run.status) + ": " + run.err;
    std::string all;
    for (const auto& question : document.at("files").at(0).at("questions")) {
        all += (all.empty() ? "" : " ") + question.at("verdict").get<std::string>();
    }
    return all;
}

std::vector<std::string> examples() {
    std::vector<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(source_dir() / "examples")) {
        if (entry.path().extension() == ".sched") {
            files.push_back(std::filesystem::relative(entry.path(), source_dir()).string());
        }
    }
    std::ranges::sort(files);
    return files;
}

}  // namespace tlbcheck::tests
