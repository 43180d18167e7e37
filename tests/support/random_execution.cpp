// SPDX-License-Identifier: Apache-2.0
#include "tests/support/random_execution.hpp"

#include <algorithm>
#include <array>

namespace tlbcheck::tests {

using model::BitMatrix;
using model::BitRow;
using model::EventId;

void Primitives::add(const model::NodePointer& node) {
    if (!seen_.insert(node.get()).second) return;
    kept_.push_back(node);
    if (node->op == model::Op::set_primitive) sets.insert(node->name);
    if (node->op == model::Op::rel_primitive) relations.insert(node->name);
    for (const model::NodePointer& operand : node->operands) add(operand);
}

void Primitives::add(const model::MemoryModel& model) {
    for (const auto& c : model.choices) {
        add(c.pairs.node());
        add(c.forced.node());
        relations.insert(c.name);
    }
    for (const auto& c : model.checks) add(c.relation.node());
    for (const auto& f : model.flags) add(f.relation.node());
}

std::uint64_t fingerprint(std::string_view bytes, std::uint64_t start) {
    std::uint64_t hash = start;
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    return hash;
}

namespace {

/// Takes the events that do not execute out of everything.
void mask(model::Execution& x) {
    const std::size_t size = x.executed.size();
    const auto mask_relation = [&](BitMatrix& r) {
        for (std::size_t i = 0; i < size; ++i) {
            if (!x.executed.test(i)) std::ranges::fill(r.row(i), 0);
            model::and_into(r.row(i), x.executed.words());
        }
    };
    for (auto& [name, r] : x.edges) mask_relation(r);
    for (auto& [name, r] : x.chosen) mask_relation(r);
    for (auto& [name, s] : x.sets) model::and_into(s.words(), x.executed.words());
    mask_relation(x.co);
    for (std::size_t i = 0; i < size; ++i) {
        if (!x.executed.test(i)) x.location[i].reset();
        if (x.reads_from[i] && (!x.executed.test(i) || !x.executed.test(*x.reads_from[i])))
            x.reads_from[i].reset();
    }
}

void size_execution(model::Execution& x, std::size_t size) {
    x.executed = BitRow(size);
    x.executed.fill();
    x.location.resize(size);
    x.value.resize(size);
    x.reads_from.resize(size);
    x.co = BitMatrix(size);
}

BitMatrix random_matrix(std::size_t size, Dice& dice) {
    static constexpr std::array<double, 5> degrees = {0.3, 0.7, 1.5, 3.0, 6.0};
    const double density = degrees[dice.below(degrees.size())] / static_cast<double>(size);
    BitMatrix r(size);
    for (std::size_t i = 0; i < size; ++i) {
        for (std::size_t j = 0; j < size; ++j) {
            if (dice.chance(density)) r.set(i, j);
        }
    }
    return r;
}

}  // namespace

std::vector<std::set<std::string>> model_variants() {
    return {{"vmsa"},        {"vmsa", "ETS2"},       {"vmsa", "ETS3"},       {"vmsa", "ETS2", "ETS3"},
            {"vmsa", "ExS"}, {"vmsa", "ExS", "EIS"}, {"vmsa", "ExS", "EOS"}, {},
            {"ifetch"},      {"ifetch", "DIC"},      {"ifetch", "IDC"},      {"ifetch", "DIC", "IDC"}};
}

RandomExecution random_unconstrained(const Primitives& primitives, Dice& dice) {
    RandomExecution result{std::make_unique<model::EventGraph>(), {}};
    model::EventGraph& graph = *result.graph;
    model::Execution& x = result.execution;
    const std::size_t size = 3 + dice.below(12);
    size_execution(x, size);
    const std::size_t locations = 1 + dice.below(4);
    for (std::size_t l = 0; l < locations; ++l) {
        graph.add_location({"x" + std::to_string(l), true, static_cast<std::uint32_t>(dice.below(2))});
    }
    const int threads = 1 + static_cast<int>(dice.below(3));
    std::vector<int> instruction(static_cast<std::size_t>(threads), 0);
    const bool initial = dice.chance(0.5);
    for (std::size_t i = 0; i < size; ++i) {
        model::Event e;
        e.thread = initial && dice.chance(0.15)
                       ? model::initial_thread
                       : static_cast<int>(dice.below(static_cast<std::size_t>(threads)));
        if (e.thread != model::initial_thread) {
            int& next = instruction[static_cast<std::size_t>(e.thread)];
            if (dice.chance(0.7)) ++next;
            e.instruction = next;
        }
        graph.add(std::move(e));
        if (dice.chance(0.85)) x.location[i] = static_cast<model::LocationId>(dice.below(locations));
        if (dice.chance(0.6)) x.reads_from[i] = static_cast<EventId>(dice.below(size));
    }
    // Each primitive has its own numbers, so that it is the same whatever other primitives there are.
    const std::uint64_t seed = dice.number();
    const auto own = [seed](const std::string& name) { return Dice(seed ^ fingerprint(name)); };
    static constexpr std::array<double, 5> shares = {0.15, 0.3, 0.5, 0.75, 0.95};
    for (const std::string& name : primitives.sets) {
        Dice mine = own(name);
        const double share = shares[mine.below(shares.size())];
        BitRow s(size);
        for (std::size_t i = 0; i < size; ++i) {
            if (mine.chance(share)) s.set(i);
        }
        x.sets.emplace(name, s);
    }
    for (const std::string& name : primitives.relations) {
        Dice mine = own(name);
        x.edges.emplace(name, random_matrix(size, mine));
    }
    for (const char* name : {"TLBI-after", "DC-after", "IC-after"}) {
        Dice mine = own(name);
        x.chosen.emplace(name, random_matrix(size, mine));
    }
    x.co = random_matrix(size, dice);
    if (dice.chance(0.3)) x.executed.reset(dice.below(size));
    mask(x);
    return result;
}

}  // namespace tlbcheck::tests
