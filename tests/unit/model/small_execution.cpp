// SPDX-License-Identifier: Apache-2.0
//
// Everything executes; values are all alike.
#include "tests/unit/model/small_execution.hpp"

#include "model/execution/concrete_evaluator.hpp"

namespace tlbcheck::tests {

using model::EventId;

EventId SmallExecution::also(int thread, Sets sets, int place) {
    model::Event event;
    event.thread = thread;
    if (thread != model::initial_thread) event.instruction = instruction_[thread];
    if (place >= 0) {
        while (graph.location_count() <= static_cast<std::size_t>(place)) {
            const auto number = static_cast<std::uint32_t>(graph.location_count());
            graph.add_location({"place " + std::to_string(number), true, number});
        }
        event.location = {{static_cast<model::LocationId>(place), model::logic::true_formula}};
        event.value = {{0, model::logic::true_formula}};
    }
    const EventId id = graph.add(std::move(event));
    for (const char* name : sets) graph.add_to(name, id);
    return id;
}

EventId SmallExecution::add(int thread, Sets sets, int place) {
    ++instruction_[thread];
    return also(thread, sets, place);
}

SmallExecution::Walked SmallExecution::walked(int thread, Sets access_sets, int descriptor, int page) {
    const EventId walk = add(thread, {"NExp", "PTE", "D-PTE", "R"}, descriptor);
    const EventId branch = also(thread, {"B"});
    const EventId access = also(thread, access_sets, page);
    edge("iico_data", walk, branch);
    edge("iico_ctrl", branch, access);
    return {walk, branch, access};
}

void SmallExecution::edge(const std::string& relation, EventId from, EventId to) {
    graph.add_edge(relation, from, to);
}

void SmallExecution::choose(const std::string& choice, EventId first, EventId second) {
    chosen_[choice].insert({first, second});
}

model::Execution SmallExecution::execution() const {
    model::logic::Assignment nothing(graph.pool(), {});
    model::Execution x = model::concretise(graph, nothing);
    for (const auto& [read, write] : reads_) x.reads_from[read] = write;
    for (const auto& [first, second] : co_) x.co.set(first, second);
    for (const auto& [name, pairs] : chosen_) {
        model::BitMatrix matrix(graph.size());
        for (const auto& [first, second] : pairs) matrix.set(first, second);
        x.chosen.emplace(name, std::move(matrix));
    }
    return x;
}

Pairs SmallExecution::pairs(const model::Rel& r) const {
    const model::Execution x = execution();
    model::ConcreteEvaluator evaluator(graph, x);
    const model::BitMatrix& matrix = evaluator.evaluate(r);
    Pairs result;
    for (std::size_t i = 0; i < matrix.size(); ++i) {
        model::for_each_bit(matrix.row(i), [&](std::size_t j) {
            result.insert({static_cast<EventId>(i), static_cast<EventId>(j)});
        });
    }
    return result;
}

Events SmallExecution::events(const model::Set& s) const {
    const model::Execution x = execution();
    model::ConcreteEvaluator evaluator(graph, x);
    Events result;
    model::for_each_bit(evaluator.evaluate(s).words(),
                        [&](std::size_t i) { result.insert(static_cast<EventId>(i)); });
    return result;
}

}  // namespace tlbcheck::tests
