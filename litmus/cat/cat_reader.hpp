// SPDX-License-Identifier: Apache-2.0
//
// Reads a memory model written in cat, herd's language, into the relational vocabulary of model/: what Arm's
// aarch64.cat and the files it includes use. docs/cat.md lists what is read, and what has a meaning of its
// own here.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "litmus/diagnostics.hpp"
#include "litmus/source_file.hpp"
#include "model/relations/memory_model.hpp"

namespace tlbcheck::litmus::cat {

/// Finds the text of `include "name"`; nullptr (and `why` set) when there is none.
using IncludeResolver = std::function<Source(const std::string& name, std::string& why)>;

/// Looks for an included file in the folder of `path`, as far as `root` allows.
IncludeResolver files_beside(const std::string& path, IncludeRoot root);
IncludeResolver files_beside(const std::string& path);

/// A name bound at the top level of the text (the last binding where a name is bound again).
struct Definition {
    std::string name;
    model::NodePointer node;  ///< a set or a relation, see model::is_set
};

/// A fact the text asserts of every execution (cat `assert`); it restricts nothing.
struct Assertion {
    model::Check check;
};

struct CatModel {
    model::MemoryModel model;
    std::vector<Definition> definitions;  ///< in the order of first binding
    std::vector<Assertion> assertions;
};

/// Reads the model of `path` with `variants` on (herd's names, case does not matter). Unknown names, and what
/// the reader does not support, are errors with their place.
Result<model::MemoryModel> read_cat(const std::string& path, const IncludeResolver& includes,
                                    const std::set<std::string>& variants);

/// The same with all named relations, from a text at hand.
Result<CatModel> read_cat_text(const Source& text, const IncludeResolver& includes,
                               const std::set<std::string>& variants);
Result<CatModel> read_cat_model(const std::string& path, const IncludeResolver& includes,
                                const std::set<std::string>& variants);

/// True iff the two expressions are the same term, names of subterms aside.
bool same_expression(const model::NodePointer& a, const model::NodePointer& b);

}  // namespace tlbcheck::litmus::cat
