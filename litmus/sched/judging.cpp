// SPDX-License-Identifier: Apache-2.0
//
// Labels and the properties judged at them.
#include "litmus/sched/judging.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace tlbcheck::litmus::sched {
namespace {

class Labels {
  public:
    explicit Labels(const SyntaxTree& tree) : tree_(tree) {}

    void collect() {
        for (const DefItem& def : tree_.defs) visit(*def.body, false);
        for (const ThreadItem& thread : tree_.threads) visit(*thread.body, false);
    }

    std::vector<std::string> names() const {
        std::vector<std::string> result;
        for (const auto& [name, spot] : labels_) result.push_back(name);
        return result;
    }

  private:
    void visit(const Statement& item, bool in_loop) {
        if (item.kind == StatementKind::label) add(item, in_loop);
        for (const StatementPtr& part : item.body) visit(*part, in_loop || item.kind == StatementKind::loop);
    }

    void add(const Statement& item, bool in_loop) {
        if (in_loop) {
            fail(tree_.where(item.spot), "a label may not stand in a loop",
                 "it would name as many moments as the loop has iterations");
        }
        const auto [at, fresh] = labels_.emplace(item.name, item.spot);
        if (fresh) return;
        Diagnostic diagnostic{Severity::error,
                              fmt::format("the label '{}' is there twice", item.name),
                              tree_.sources[item.spot.file],
                              item.spot.place,
                              {},
                              {}};
        diagnostic.notes.push_back({"the first is here", tree_.sources[at->second.file], at->second.place});
        throw InputError(diagnostic);
    }

    const SyntaxTree& tree_;
    std::map<std::string, Spot> labels_;
};

[[noreturn]] void unknown(const SyntaxTree& tree, const Spot& spot, std::string_view what,
                          const std::string& name, const std::vector<std::string>& candidates) {
    fail(tree.where(spot), fmt::format("there is no {} '{}'", what, printable(name, 60)),
         did_you_mean(name, candidates));
}

std::vector<std::string> thread_names(const SyntaxTree& tree) {
    std::vector<std::string> names;
    for (const ThreadItem& thread : tree.threads) names.push_back(thread.name);
    return names;
}

void check_property(const SyntaxTree& tree, const PropertyItem& item,
                    const std::vector<std::string>& labels) {
    const auto only_stale = [&](const Spot& spot, std::string_view what) {
        if (item.name == "no_stale_entry") return;
        fail(tree.where(spot), fmt::format("'{}' goes with no_stale_entry, not with {}", what, item.name));
    };
    if (item.tolerate) {
        only_stale(item.tolerate_spot, "tolerate");
        if (*item.tolerate != "restrictive")
            fail(tree.where(item.tolerate_spot), "what is tolerated is 'restrictive'");
    }
    if (item.label) {
        only_stale(item.label_spot, "at");
        if (std::ranges::find(labels, *item.label) == labels.end())
            unknown(tree, item.label_spot, "label", *item.label, labels);
    }
    const std::vector<std::string> threads = thread_names(tree);
    for (const auto& [name, spot] : item.by) {
        only_stale(spot, "by");
        if (name == other_pe && tree.closed())
            fail(tree.where(spot), "there is no other PE",
                 "cpus names every PE there is, and each has a thread");
        if (name != other_pe && std::ranges::find(threads, name) == threads.end())
            unknown(tree, spot, "thread", name, threads);
    }
}

}  // namespace

void check_judging(const SyntaxTree& tree) {
    Labels labels(tree);
    labels.collect();
    for (const PropertyItem& item : tree.properties) check_property(tree, item, labels.names());
}

void set_judging(model::Property& property, const SyntaxTree& tree, const PropertyItem& item,
                 const model::ScheduleProgram& program) {
    if (item.tolerate) property.text.insert(property.text.size() - 1, ", tolerate = " + *item.tolerate);
    property.judging.restrictive = item.tolerate.has_value();
    if (item.label) {
        property.text += " at " + *item.label;
        const auto label = std::ranges::find(program.labels, *item.label, &model::Label::name);
        if (label == program.labels.end()) {
            fail(tree.where(item.label_spot),
                 fmt::format("no thread comes to the label '{}'", printable(*item.label, 60)),
                 "the helper that it stands in is not called, or a condition leaves it out");
        }
        if (tree.threads.size() > 1 && (!program.spaces.empty() || program.closed))
            fail(tree.where(item.label_spot),
                 "a question at a label is not supported in a schedule of several threads with spaces, VMs "
                 "or cpus",
                 "ask it at the end of a schedule that ends there");
        // Of one thread alone the moment is the end of the program that is cut there.
        if (tree.threads.size() > 1) property.judging.moment = label->thread;
    }
    const std::vector<std::string> threads = thread_names(tree);
    for (const auto& [name, spot] : item.by) {
        property.text += (&name == &item.by.front().first ? " by " : ", ") + name;
        const auto thread = std::ranges::find(threads, name);
        property.judging.only_named = true;
        if (thread == threads.end()) {
            property.judging.other_pe = true;
        } else {
            property.judging.threads.push_back(static_cast<std::uint32_t>(thread - threads.begin()));
        }
    }
    property.label = item.label;
}

model::ScheduleProgram cut_at_label(model::ScheduleProgram program, std::size_t property) {
    const auto& name = program.properties[property].label;
    const auto label = std::ranges::find(program.labels, *name, &model::Label::name);
    std::vector<model::Run>& code = program.threads[label->thread].code;
    std::uint64_t left = label->before;
    for (std::size_t r = 0; r < code.size(); ++r) {
        const std::uint64_t count = code[r].count * code[r].body.size();
        if (count <= left) {
            left -= count;
            continue;
        }
        // Where a label stands no loop is open, so that it is between runs or within a straight one.
        code[r].body.erase(code[r].body.begin() + static_cast<std::ptrdiff_t>(left), code[r].body.end());
        code.erase(code.begin() + static_cast<std::ptrdiff_t>(left == 0 ? r : r + 1), code.end());
        break;
    }
    return program;
}

}  // namespace tlbcheck::litmus::sched
