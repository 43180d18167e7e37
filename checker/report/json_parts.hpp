// SPDX-License-Identifier: Apache-2.0
//
// Pieces that several JSON documents share. Addresses are hexadecimal strings: a JSON number cannot hold 64
// bits. Included by writers only: the JSON library is no part of the checker's interface.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "checker/report/answer.hpp"
#include "checker/report/comparison.hpp"

namespace tlbcheck::checker {

using Json = nlohmann::ordered_json;

/// {"schema", "tool", "model"}: how every document starts.
Json document_head(std::string_view schema);
Json json_of(const Place& place);  ///< null when the file is unknown
Json json_of(const AddressRange& range);
Json json_of(const model::HardwareParameters& hardware);
Json json_of(const QuestionReport& question);
Json json_of(const FileReport& file);
Json json_of(const std::vector<model::KernelFrame>& stack);
Json json_of(const ScheduleCost& cost);
/// {"files": n, "pass": ..., "fail": ..., "undecided": ..., "error": ...}
Json summary_of(const std::vector<FileReport>& files);
std::string hex(std::uint64_t value);
/// Indented by two, bytes that are not UTF-8 replaced, with a newline at the end.
std::string dumped(const Json& document);

}  // namespace tlbcheck::checker
