// SPDX-License-Identifier: Apache-2.0
//
// A parsed schedule: the items of the main file and of all it includes, in order of appearance.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "litmus/sched/ast.hpp"
#include "litmus/sched/schedule.hpp"

namespace tlbcheck::litmus::sched {

/// What a file says about compiled kernel code.
struct KernelItems {
    std::vector<KernelFileItem> files;
    std::vector<KernelFileItem> capability_files;
    std::vector<Setting> capabilities;
    std::vector<Setting> layout;
    std::vector<KernelSetItem> sets;
    std::vector<KernelStubItem> stubs;
    std::vector<KernelObjectItem> objects;
};

/// What was read of a kernel's files, for all expansions of one file (expand_kernel.cpp).
struct KernelFiles;

struct SyntaxTree {
    std::vector<Source> sources;
    std::string title;
    std::vector<std::vector<Setting>> machines;  ///< one per `machine` block
    std::vector<ParamItem> params;
    std::vector<RegionItem> regions;
    std::vector<DefItem> defs;
    std::vector<ThreadItem> threads;
    std::vector<FlagItem> flags;
    std::vector<SpaceItem> spaces;  ///< and VMs
    std::vector<CpuItem> cpus;      ///< empty: there may be any number of other PEs
    /// The threads' PEs are all there are.
    bool closed() const { return !cpus.empty() && cpus.size() == threads.size(); }
    std::vector<PropertyItem> properties;
    KernelItems kernel;
    mutable std::shared_ptr<KernelFiles> kernel_files;

    Where where(const Spot& spot) const { return {sources.at(spot.file), spot.place}; }
    /// The def of that name and number of parameters; nullptr when there is none.
    const DefItem* find_def(const std::string& name, std::size_t parameters) const;
    /// To be called once all items are there, before find_def.
    void index_defs();
    std::map<std::pair<std::string, std::size_t>, std::size_t> def_index;
};

/// Throws InputError for calls of unknown helpers, recursion, names that mean nothing, and names declared
/// twice.
void check_names(const SyntaxTree& tree);

/// Parses one expression, e.g. the value of a -D option. Throws InputError.
ExpressionPtr parse_expression_text(const Source& source);

}  // namespace tlbcheck::litmus::sched
