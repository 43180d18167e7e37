// SPDX-License-Identifier: Apache-2.0
//
// Checks of a whole syntax tree before anything is evaluated: calls of unknown helpers or with a wrong number
// of arguments, recursion, names that mean nothing. Dead branches are checked too.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "litmus/sched/builtins.hpp"
#include "litmus/sched/declared_once.hpp"
#include "litmus/sched/judging.hpp"
#include "litmus/sched/syntax_tree.hpp"

namespace tlbcheck::litmus::sched {
namespace {

class NameCheck {
  public:
    explicit NameCheck(const SyntaxTree& tree) : tree_(tree) {}

    void run() {
        for (const ParamItem& param : tree_.params) {
            expression(*param.value);
            known_.push_back(param.name);  // a param sees those before it
        }
        for (const auto& settings : tree_.machines) check_settings(settings);
        for (const SpaceItem& space : tree_.spaces) spaces_.push_back(space.name);
        known_.insert(known_.end(), spaces_.begin(), spaces_.end());
        for (const SpaceItem& space : tree_.spaces) check_settings(space.settings);
        for (const RegionItem& region : tree_.regions) check_settings(region.settings);
        for (const PropertyItem& property : tree_.properties) check_property(property);
        for (const RegionItem& region : tree_.regions) known_.push_back(region.name);
        for (const FlagItem& flag : tree_.flags) known_.push_back(flag.name);
        check_kernel();
        for (const DefItem& def : tree_.defs) {
            const std::size_t scope = known_.size();
            known_.insert(known_.end(), def.parameters.begin(), def.parameters.end());
            caller_ = &def;
            statement(*def.body);
            known_.resize(scope);
        }
        caller_ = nullptr;
        check_contexts();
        for (const ThreadItem& thread : tree_.threads) statement(*thread.body);
        for (const DefItem& def : tree_.defs) find_recursion(def);
        check_implicit_flags();
    }

  private:
    struct ImplicitFlag {
        bool read = false;
        bool written = false;
        Spot spot;
    };
    struct Call {
        const DefItem* callee;
        Spot spot;
    };

    /// Spaces that threads start in; `cpus` names every thread.
    void check_contexts() {
        for (const ThreadItem& thread : tree_.threads) {
            for (const SpaceName& in : thread.in) {
                if (in.name != "none" && in.name != "host" &&
                    std::find(spaces_.begin(), spaces_.end(), in.name) == spaces_.end())
                    unknown(in.spot, "space", in.name, spaces_);
            }
        }
        if (tree_.cpus.empty()) return;
        for (const ThreadItem& thread : tree_.threads) {
            if (std::ranges::find(tree_.cpus, thread.name, &CpuItem::name) != tree_.cpus.end()) continue;
            fail(tree_.where(thread.spot), fmt::format("thread {} is none of the cpus", thread.name),
                 "cpus names every PE there is");
        }
    }

    void check_settings(const std::vector<Setting>& settings) {
        for (const Setting& setting : settings) expression(*setting.value);
    }

    void check_kernel() {
        for (const KernelObjectItem& object : tree_.kernel.objects) {
            if (object.at) expression(*object.at);
            for (const KernelSetItem& field : object.fields) expression(*field.value);
            known_.push_back(object.name);  // an object sees those before it
        }
        for (const KernelSetItem& item : tree_.kernel.sets) expression(*item.value);
        for (const KernelStubItem& item : tree_.kernel.stubs)
            if (item.value) expression(*item.value);
    }

    void check_kernel_call(const Expression& item) {
        for (const Argument& argument : item.arguments) {
            if (!argument.name.empty())
                fail(tree_.where(argument.spot), "a function takes its arguments by position");
            expression(*argument.value);
        }
    }

    void check_property(const PropertyItem& item) {
        static const std::vector<std::string> names = {"no_stale_entry",   "no_use_after_free",
                                                       "no_bbm_violation", "no_tlb_conflict",
                                                       "never_invalid",    "no_lost_update"};
        if (std::find(names.begin(), names.end(), item.name) == names.end()) {
            fail(tree_.where(item.name_spot), fmt::format("'{}' is no property", item.name),
                 did_you_mean(
                     item.name, names,
                     "the properties are no_stale_entry(region), no_use_after_free, no_bbm_violation, "
                     "no_tlb_conflict, never_invalid(region), no_lost_update(region)"));
        }
        const bool wants_region =
            item.name == "no_stale_entry" || item.name == "never_invalid" || item.name == "no_lost_update";
        if (wants_region && !item.region) {
            fail(tree_.where(item.name_spot), fmt::format("{} needs a region", item.name),
                 fmt::format("write {}(R)", item.name));
        }
        if (!wants_region && item.region) {
            fail(tree_.where(item.region_spot),
                 fmt::format("{} is about the whole schedule and takes no region", item.name));
        }
        check_settings(item.with);
        if (!item.region) return;
        std::vector<std::string> regions;
        for (const RegionItem& region : tree_.regions) regions.push_back(region.name);
        if (std::find(regions.begin(), regions.end(), *item.region) != regions.end()) return;
        unknown(item.region_spot, "region", *item.region, regions);
    }

    [[noreturn]] void unknown(const Spot& spot, std::string_view what, const std::string& name,
                              const std::vector<std::string>& candidates) const {
        fail(tree_.where(spot), fmt::format("there is no {} '{}'", what, printable(name, 60)),
             did_you_mean(name, candidates));
    }

    void statement(const Statement& item) {
        const std::size_t scope = known_.size();
        if (item.kind == StatementKind::call) {
            call(*item.expression, true);
            return;
        }
        if (item.kind == StatementKind::kernel_call) {
            check_kernel_call(*item.expression);
            return;
        }
        if (item.expression) expression(*item.expression);
        if (item.kind == StatementKind::let) {
            known_.push_back(item.name);
            return;  // stays known to the end of the block around
        }
        if (item.kind == StatementKind::loop) known_.push_back(item.name);
        for (const StatementPtr& part : item.body) {
            const std::size_t inner = known_.size();
            statement(*part);
            if (item.kind != StatementKind::block) known_.resize(inner);
        }
        known_.resize(scope);
    }

    void call(const Expression& item, bool as_statement) {
        if (const BuiltinSpec* spec = find_builtin(item.text)) {
            check_builtin(item, *spec, as_statement);
            return;
        }
        for (const Argument& argument : item.arguments) {
            if (!argument.name.empty())
                fail(tree_.where(argument.spot), "a def takes its arguments by position");
            expression(*argument.value);
        }
        const DefItem* def = tree_.find_def(item.text, item.arguments.size());
        if (def == nullptr) unknown_call(item);
        if (!as_statement)
            fail(tree_.where(item.spot), fmt::format("'{}' is a helper and has no value", item.text));
        calls_[caller_].push_back({def, item.spot});
    }

    [[noreturn]] void unknown_call(const Expression& item) const {
        std::vector<std::string> names;
        std::string counts;
        for (const DefItem& def : tree_.defs) {
            names.push_back(def.name);
            if (def.name == item.text)
                counts += fmt::format("{}{}", counts.empty() ? "" : " or ", def.parameters.size());
        }
        if (!counts.empty()) {
            fail(tree_.where(item.spot), fmt::format("'{}' takes {} argument(s), {} given", item.text, counts,
                                                     item.arguments.size()));
        }
        for (const BuiltinSpec& spec : builtins()) names.emplace_back(spec.name);
        const bool without_helpers =
            tree_.sources.size() == 1 && item.text.find("flush") != std::string::npos;
        fail(tree_.where(item.spot), fmt::format("there is no helper '{}'", printable(item.text, 60)),
             did_you_mean(item.text, names,
                          without_helpers ? "the kernel's helpers come with: include \"linux.sched\";" : ""));
    }

    void check_builtin(const Expression& item, const BuiltinSpec& spec, bool as_statement) {
        const Where where = tree_.where(item.spot);
        if (as_statement && spec.is_function)
            fail(where, fmt::format("'{}' is a value, not a statement", spec.name));
        if (!as_statement && !spec.is_function)
            fail(where, fmt::format("'{}' is a statement and has no value", spec.name));
        std::size_t positional = 0;
        for (std::size_t k = 0; k < item.arguments.size(); ++k) {
            const Argument& argument = item.arguments[k];
            if (argument.name.empty()) {
                ++positional;
            } else if (std::find(spec.named.begin(), spec.named.end(), argument.name) == spec.named.end()) {
                fail(tree_.where(argument.spot),
                     fmt::format("'{}' has no argument '{}'", spec.name, printable(argument.name, 40)),
                     did_you_mean(argument.name, spec.named, fmt::format("write {}", spec.usage)));
            }
            if (k == 0 && may_name_a_flag(spec.builtin))
                flag_argument(*argument.value, spec.builtin);
            else if (takes_word(spec.builtin, k))
                continue;  // judged where it is evaluated
            else
                expression(*argument.value);
        }
        if (positional < spec.least || positional > spec.most) {
            fail(where,
                 fmt::format("'{}' takes {} argument(s), {} given", spec.name,
                             spec.least == spec.most ? fmt::format("{}", spec.least)
                                                     : fmt::format("{} to {}", spec.least, spec.most),
                             positional),
                 fmt::format("write {}", spec.usage));
        }
    }

    static bool may_name_a_flag(Builtin builtin) {
        return builtin == Builtin::load || builtin == Builtin::store || builtin == Builtin::load_acquire ||
               builtin == Builtin::store_release || builtin == Builtin::await || builtin == Builtin::read;
    }
    /// As that argument, counted from 0.
    static bool takes_word(Builtin builtin, std::size_t argument) {
        if (argument != 0) return argument == 1 && builtin == Builtin::field_address;
        return builtin == Builtin::dsb || builtin == Builtin::dmb || builtin == Builtin::tlbi ||
               builtin == Builtin::tlbi_pages || builtin == Builtin::tlbi_range ||
               builtin == Builtin::object || builtin == Builtin::symbol || builtin == Builtin::switch_space;
    }

    void flag_argument(const Expression& item, Builtin builtin) {
        if (builtin == Builtin::await) {
            if (item.kind != ExpressionKind::binary || item.text != "==") {
                fail(tree_.where(item.spot), "await takes a comparison", "write await(flag == 1)");
            }
            expression(*item.operands[1]);
            flag_argument(*item.operands[0], Builtin::load);
            return;
        }
        if (item.kind != ExpressionKind::name) {
            expression(item);
            return;
        }
        if (std::find(known_.begin(), known_.end(), item.text) != known_.end()) return;
        ImplicitFlag& flag = implicit_flags_[item.text];
        const bool writes = builtin == Builtin::store || builtin == Builtin::store_release;
        if (!flag.read && !flag.written) flag.spot = item.spot;
        (writes ? flag.written : flag.read) = true;
    }

    /// A name that nothing declares may be a flag, or a slip of the pen: somebody must store what is read.
    void check_implicit_flags() const {
        std::vector<std::string> names;
        for (const ParamItem& param : tree_.params) names.push_back(param.name);
        for (const RegionItem& region : tree_.regions) names.push_back(region.name);
        for (const FlagItem& flag : tree_.flags) names.push_back(flag.name);
        for (const auto& [name, flag] : implicit_flags_) {
            if (flag.written && (flag.read || !nearest(name, names))) continue;
            fail(tree_.where(flag.spot),
                 fmt::format("'{}' is not declared, and no flag that is {}", printable(name, 60),
                             flag.written ? "read" : "stored"),
                 did_you_mean(
                     name, names,
                     "a flag is stored by one statement and read by another; flag NAME; declares one"));
        }
    }

    void expression(const Expression& item) {
        if (item.kind == ExpressionKind::call) {
            call(item, false);
            return;
        }
        if (item.kind == ExpressionKind::name) {
            name(item);
            return;
        }
        if (item.kind == ExpressionKind::member) {
            const Expression& of = *item.operands[0];
            if (of.kind == ExpressionKind::name && of.text == "machine") {
                check_machine_member(item);
                return;
            }
        }
        for (const ExpressionPtr& operand : item.operands) expression(*operand);
    }

    void check_machine_member(const Expression& item) const {
        const auto& keys = hardware_keys();
        if (std::find(keys.begin(), keys.end(), item.text) != keys.end()) return;
        unknown(item.spot, "hardware parameter", item.text, keys);
    }

    void name(const Expression& item) const {
        if (std::find(known_.begin(), known_.end(), item.text) != known_.end() || is_word(item.text)) return;
        if (item.text == "machine")
            fail(tree_.where(item.spot), "'machine' needs a parameter", "such as machine.granule");
        std::vector<std::string> candidates = known_;
        fail(tree_.where(item.spot), fmt::format("'{}' is not declared", printable(item.text, 60)),
             did_you_mean(item.text, candidates));
    }

    /// Depth-first over the calls, without recursion of our own: a chain of defs may be long.
    void find_recursion(const DefItem& root) {
        struct Frame {
            const DefItem* def;
            std::size_t next;
        };
        if (done_.count(&root) != 0) return;
        std::vector<Frame> path = {{&root, 0}};
        std::set<const DefItem*> on_path = {&root};
        while (!path.empty()) {
            const DefItem* const def = path.back().def;
            const std::vector<Call>& calls = calls_[def];
            if (path.back().next == calls.size()) {
                done_.insert(def);
                on_path.erase(def);
                path.pop_back();
                continue;
            }
            const Call& call = calls[path.back().next++];
            if (on_path.count(call.callee) != 0) {
                fail(tree_.where(call.spot), fmt::format("'{}' calls itself", call.callee->name),
                     "helpers are expanded where they are called; recursion has no end");
            }
            if (done_.count(call.callee) != 0) continue;
            on_path.insert(call.callee);
            path.push_back({call.callee, 0});
        }
    }

    const SyntaxTree& tree_;
    std::map<std::string, ImplicitFlag> implicit_flags_;
    std::vector<std::string> known_;
    std::vector<std::string> spaces_;
    const DefItem* caller_ = nullptr;
    std::map<const DefItem*, std::vector<Call>> calls_;  // only looked up, never iterated
    std::set<const DefItem*> done_;
};

}  // namespace

const DefItem* SyntaxTree::find_def(const std::string& name, std::size_t parameters) const {
    const auto found = def_index.find({name, parameters});
    return found == def_index.end() ? nullptr : &defs[found->second];
}

void SyntaxTree::index_defs() {
    for (std::size_t k = 0; k < defs.size(); ++k)
        def_index.emplace(std::pair(defs[k].name, defs[k].parameters.size()), k);
}

void check_names(const SyntaxTree& tree) {
    check_declared_once(tree);
    NameCheck(tree).run();
    check_judging(tree);
}

}  // namespace tlbcheck::litmus::sched
