// SPDX-License-Identifier: Apache-2.0
#include "tests/enumerator/bounds.hpp"

#include <stdexcept>

#include "model/axioms/arm_model.hpp"
#include "model/execution/concrete_evaluator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/random_execution.hpp"
#include "tests/unit/model/graph/litmus/test_programs.hpp"

using namespace tlbcheck::model;
namespace enumerator = tlbcheck::tests::enumerator;
using enumerator::Bounds;
using enumerator::PartialAssignment;

namespace {

bool within(const BitMatrix& a, const BitMatrix& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        BitMatrix rest = a;
        remove_from(rest.row(i), b.row(i));
        for (const Word w : rest.row(i)) {
            if (w != 0) return false;
        }
    }
    return true;
}

/// Two threads that write x and its descriptor and read x.
LitmusGraph small_test() {
    return build_litmus_graph(program({{wide(access(LitmusOpcode::store, "STR X4,[X3]", 4, 3)),
                                        access(LitmusOpcode::store, "STR W0,[X1]", 0, 1)},
                                       {access(LitmusOpcode::load, "LDR W5,[X1]", 5, 1)}}));
}

/// The expressions that Arm's model is made of, by name.
std::vector<Rel> named_relations() {
    std::vector<Rel> result;
    const axioms::Definitions definitions = axioms::arm_definitions({"vmsa", "ETS2"});
    for (const auto& [name, r] : definitions.relations()) result.push_back(r);
    return result;
}

}  // namespace

TEST_CASE("what is sure is there, and what is there is possible, whatever part is decided") {
    const LitmusGraph built = small_test();
    const std::vector<Rel> relations = named_relations();
    PartialAssignment part(built.graph);
    Bounds bounds(built.graph);
    bounds.provide(bounds.provided("TLBI-after"),
                   {BitMatrix(built.graph.size()), BitMatrix(built.graph.size())});
    tlbcheck::tests::Dice dice(3);
    const FormulaPool& pool = built.graph.pool();
    for (int round = 0; round < 40; ++round) {
        const std::size_t start = part.mark();
        std::vector<std::pair<Rel, enumerator::RelationBounds>> partial;
        const std::size_t early = dice.below(pool.variable_count());
        for (std::size_t k = 0; k < pool.variable_count(); ++k) {
            if (k == early) {
                bounds.refresh(part);
                for (const Rel& r : relations) partial.emplace_back(r, bounds.relation(bounds.compile(r)));
            }
            const Formula v = pool.of_variable(static_cast<logic::Variable>(k));
            const Formula way = dice.chance(0.5) ? v : !v;
            const std::size_t mark = part.mark();
            if (part.assume(way)) continue;
            part.undo(mark);
            if (!part.assume(!way)) break;
        }
        if (part.consistent()) {
            logic::Assignment assignment(pool, part.values());
            const Execution execution = concretise(built.graph, assignment);
            ConcreteEvaluator evaluator(built.graph, execution);
            bounds.refresh(part);
            for (const auto& [r, early_bounds] : partial) {
                INFO(to_string(r));
                const BitMatrix& value = evaluator.evaluate(r);
                CHECK(within(early_bounds.must, value));
                CHECK(within(value, early_bounds.may));
                const auto& now = bounds.relation(bounds.compile(r));
                CHECK(now.must == value);
                CHECK(now.may == value);
            }
        }
        part.undo(start);
    }
}

TEST_CASE("equal expressions are computed once") {
    EventGraph graph;
    Bounds bounds(graph);
    CHECK(bounds.compile(rel("po") >> rel("rf")) == bounds.compile(rel("po") >> rel("rf")));
    CHECK(bounds.compile(rel("po") | rel("rf")) != bounds.compile(rel("rf") | rel("po")));
    CHECK(bounds.compile(set("R")) != bounds.compile(set("W")));
}

TEST_CASE("a recursive definition is refused") {
    EventGraph graph;
    Bounds bounds(graph);
    const Rel v = rel_variable("v");
    const std::vector<Rel> solution = fixpoint({v}, {rel("po") | (v >> v)});
    CHECK_THROWS_AS(bounds.compile(solution.front()), std::invalid_argument);
}
