// SPDX-License-Identifier: Apache-2.0
//
// Values (params, regions, flags, spaces, kernel objects) share one set of names; threads, cpus and defs have
// their own, and defs may differ in their parameters only.
#include "litmus/sched/declared_once.hpp"

#include <fmt/format.h>

#include <map>
#include <string>

#include "litmus/sched/builtins.hpp"

namespace tlbcheck::litmus::sched {
namespace {

[[noreturn]] void duplicate(const SyntaxTree& tree, const std::string& name, const Spot& spot,
                            const Spot& first) {
    Diagnostic diagnostic{Severity::error,
                          fmt::format("'{}' is declared twice", name),
                          tree.sources[spot.file],
                          spot.place,
                          {},
                          {}};
    diagnostic.notes.push_back({"the first is here", tree.sources[first.file], first.place});
    throw InputError(diagnostic);
}

void declare(const SyntaxTree& tree, std::map<std::string, Spot>& names, const std::string& name,
             const Spot& spot) {
    const auto [at, fresh] = names.emplace(name, spot);
    if (!fresh) duplicate(tree, name, spot, at->second);
}

}  // namespace

void check_declared_once(const SyntaxTree& tree) {
    std::map<std::string, Spot> values;
    for (const ParamItem& item : tree.params) declare(tree, values, item.name, item.spot);
    for (const RegionItem& item : tree.regions) declare(tree, values, item.name, item.spot);
    for (const FlagItem& item : tree.flags) declare(tree, values, item.name, item.spot);
    for (const SpaceItem& item : tree.spaces) declare(tree, values, item.name, item.spot);
    for (const KernelObjectItem& item : tree.kernel.objects) declare(tree, values, item.name, item.spot);
    std::map<std::string, Spot> threads;
    for (const ThreadItem& item : tree.threads) declare(tree, threads, item.name, item.spot);
    std::map<std::string, Spot> defs;
    for (const DefItem& item : tree.defs) {
        if (find_builtin(item.name) != nullptr) {
            fail(tree.where(item.spot), fmt::format("'{}' is built into the language", item.name),
                 "give the def another name");
        }
        const std::string key = fmt::format("{}/{}", item.name, item.parameters.size());
        const auto [at, fresh] = defs.emplace(key, item.spot);
        if (!fresh) duplicate(tree, item.name, item.spot, at->second);
    }
    std::map<std::string, Spot> cpus;
    for (const CpuItem& item : tree.cpus) declare(tree, cpus, item.name, item.spot);
}

}  // namespace tlbcheck::litmus::sched
