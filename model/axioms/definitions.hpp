// SPDX-License-Identifier: Apache-2.0
//
// The named sets and relations of a model under construction, by their cat names. A name that is not defined
// stands for the primitive of that name in the event graph, as in cat.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "model/relations/expr.hpp"
#include "model/relations/memory_model.hpp"

namespace tlbcheck::model::axioms {

/// Variants that change the model, by herd7's names: "vmsa", "ETS2", "ETS3", "DIC", "IDC", "ExS", "EIS",
/// "EOS".
using Variants = std::set<std::string, std::less<>>;

class Definitions {
  public:
    explicit Definitions(Variants variants) : variants_(std::move(variants)) {}

    bool variant(std::string_view name) const { return variants_.contains(name); }
    Set s(std::string_view cat_name) const;
    Rel r(std::string_view cat_name) const;
    /// Defines a name; returns the expression under it.
    Set define(std::string_view cat_name, const Set& set);
    Rel define(std::string_view cat_name, const Rel& relation);
    const std::map<std::string, Rel, std::less<>>& relations() const { return relations_; }
    const std::map<std::string, Set, std::less<>>& sets() const { return sets_; }

    MemoryModel model;

  private:
    Variants variants_;
    std::map<std::string, Set, std::less<>> sets_;
    std::map<std::string, Rel, std::less<>> relations_;
};

}  // namespace tlbcheck::model::axioms
