// SPDX-License-Identifier: Apache-2.0
//
// Reading cat models from texts at hand, for the tests of the reader.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>

#include "litmus/cat/cat_reader.hpp"

namespace tlbcheck::tests {

using Files = std::map<std::string, std::string>;

inline litmus::Result<litmus::cat::CatModel> read(const std::string& text,
                                                  const std::set<std::string>& variants = {},
                                                  const Files& files = {}) {
    const auto includes = [files](const std::string& name, std::string& why) -> litmus::Source {
        const auto it = files.find(name);
        if (it != files.end()) return litmus::make_source(name, it->second);
        why = "no such file";
        return nullptr;
    };
    return litmus::cat::read_cat_text(litmus::make_source("model.cat", text), includes, variants);
}

/// The text of a definition, or of the first error.
inline std::string definition(const std::string& name, const std::string& text,
                              const std::set<std::string>& variants = {}, const Files& files = {}) {
    const auto result = read(text, variants, files);
    if (!result) return litmus::render(result.diagnostics());
    const auto& all = result.value().definitions;
    const auto it = std::find_if(all.begin(), all.end(), [&](const auto& d) { return d.name == name; });
    if (it == all.end()) return "not defined";
    if (model::is_set(it->node->op)) return model::to_string(model::Set(it->node));
    return model::to_string(model::Rel(it->node));
}

inline std::string error(const std::string& text, const Files& files = {}) {
    const auto result = read(text, {}, files);
    return result ? "no error" : litmus::render(result.diagnostics());
}

}  // namespace tlbcheck::tests
