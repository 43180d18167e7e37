// SPDX-License-Identifier: Apache-2.0
//
// Files and includes, parsed and run.
#include "litmus/cat/cat_reader.hpp"

#include <set>

#include <fmt/format.h>

#include "litmus/cat/interpreter.hpp"

namespace tlbcheck::litmus::cat {

namespace {

using NodePair = std::pair<const model::Node*, const model::Node*>;

bool is_named_leaf(model::Op op) {
    return op == model::Op::set_primitive || op == model::Op::rel_primitive || op == model::Op::rel_variable;
}

/// A name on a primitive takes a node of its own, a union with nothing: looks through it.
const model::NodePointer& without_alias(const model::NodePointer& n) {
    const model::NodePointer* at = &n;
    while (((*at)->op == model::Op::rel_union && (*at)->operands[1]->op == model::Op::rel_empty) ||
           ((*at)->op == model::Op::set_union && (*at)->operands[1]->op == model::Op::set_empty)) {
        at = &(*at)->operands[0];
    }
    return *at;
}

bool same(const model::NodePointer& first, const model::NodePointer& second, std::set<NodePair>& equal) {
    const model::NodePointer& a = without_alias(first);
    const model::NodePointer& b = without_alias(second);
    if (a == b || equal.contains({a.get(), b.get()})) return true;
    if (a->op != b->op || a->operands.size() != b->operands.size() || a->index != b->index) return false;
    if (is_named_leaf(a->op) && a->name != b->name) return false;
    for (std::size_t i = 0; i < a->operands.size(); ++i) {
        if (!same(a->operands[i], b->operands[i], equal)) return false;
    }
    equal.insert({a.get(), b.get()});
    return true;
}

}  // namespace

bool same_expression(const model::NodePointer& a, const model::NodePointer& b) {
    std::set<NodePair> equal;
    return same(a, b, equal);
}

IncludeResolver files_beside(const std::string& path, IncludeRoot root) {
    const std::size_t slash = path.find_last_of('/');
    const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash + 1);
    return [folder, root = std::move(root)](const std::string& name, std::string& why) {
        return root.read(folder + name, why);
    };
}

IncludeResolver files_beside(const std::string& path) {
    return files_beside(path, IncludeRoot(path));
}

Result<CatModel> read_cat_text(const Source& text, const IncludeResolver& includes,
                               const std::set<std::string>& variants) {
    return collect([&] { return Interpreter(includes, variants).run(text); });
}

Result<CatModel> read_cat_model(const std::string& path, const IncludeResolver& includes,
                                const std::set<std::string>& variants) {
    std::string why;
    const Source text = read_source(path, why);
    if (!text) {
        Diagnostic diagnostic;
        diagnostic.message = "cannot read '" + printable(path) + "': " + why;
        return Result<CatModel>::failure({diagnostic});
    }
    return read_cat_text(text, includes, variants);
}

Result<model::MemoryModel> read_cat(const std::string& path, const IncludeResolver& includes,
                                    const std::set<std::string>& variants) {
    Result<CatModel> result = read_cat_model(path, includes, variants);
    if (!result) return Result<model::MemoryModel>::failure(result.diagnostics());
    return {std::move(result.value().model), result.diagnostics()};
}

}  // namespace tlbcheck::litmus::cat
