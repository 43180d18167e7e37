// SPDX-License-Identifier: Apache-2.0
//
// The document of `check --json`.

#include "checker/report/check_json.hpp"

#include "checker/report/json_parts.hpp"

namespace tlbcheck::checker {

std::string check_json(const std::vector<FileReport>& files) {
    Json document = document_head("tlbcheck.check/1");
    document["summary"] = summary_of(files);
    document["exit_code"] = static_cast<int>(exit_code(files));
    document["files"] = Json::array();
    for (const FileReport& file : files) document["files"].push_back(json_of(file));
    return dumped(document);
}

}  // namespace tlbcheck::checker
