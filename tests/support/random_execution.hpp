// SPDX-License-Identifier: Apache-2.0
//
// Random concrete executions to compare models on: some that look like programs (an access has its walk, its
// registers and its commits), some with any content of any primitive, which tell expressions apart that
// programs cannot.
#pragma once

#include <cstdint>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/execution/execution.hpp"
#include "model/graph/event_graph.hpp"
#include "model/relations/memory_model.hpp"

namespace tlbcheck::tests {

struct RandomExecution {
    std::unique_ptr<model::EventGraph> graph;
    model::Execution execution;
};

/// Names of the primitive sets and relations in some expressions.
struct Primitives {
    std::set<std::string> sets;
    std::set<std::string> relations;
    void add(const model::NodePointer& node);
    void add(const model::MemoryModel& model);

  private:
    std::set<const model::Node*> seen_;
    std::vector<model::NodePointer> kept_;
};

/// A small pseudo-random source with the same numbers everywhere.
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : engine_(seed) {}
    /// A number below `n` (1 at least).
    std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
    std::uint64_t number() { return engine_(); }
    bool chance(double p) { return static_cast<double>(engine_() >> 11U) * 0x1.0p-53 < p; }

  private:
    std::mt19937_64 engine_;
};

/// Sets of variants under which Arm's model differs, by herd's names.
std::vector<std::set<std::string>> model_variants();

/// FNV-1a of some bytes, going on from `start`.
std::uint64_t fingerprint(std::string_view bytes, std::uint64_t start = 0xcbf29ce484222325ULL);

/// Events of any kind with any edges; each primitive with a density of its own.
RandomExecution random_unconstrained(const Primitives& primitives, Dice& dice);
/// Two threads of plausible instructions.
RandomExecution random_program(Dice& dice);

}  // namespace tlbcheck::tests
