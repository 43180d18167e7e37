// SPDX-License-Identifier: Apache-2.0
//
// An execution written down event by event, and what expressions are on it: for tests of single definitions.
#pragma once

#include <initializer_list>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/execution/execution.hpp"
#include "model/relations/expr.hpp"

namespace tlbcheck::tests {

using Pairs = std::set<std::pair<model::EventId, model::EventId>>;
using Events = std::set<model::EventId>;

class SmallExecution {
  public:
    using Sets = std::initializer_list<const char*>;
    /// An event of the thread's next instruction. `place`: number of its location, none below 0.
    model::EventId add(int thread, Sets sets, int place = -1);
    /// One more event of the thread's last instruction.
    model::EventId also(int thread, Sets sets, int place = -1);
    /// A descriptor's read by the walk of the thread's next instruction, its branch and its access or fault,
    /// with the edges between them.
    struct Walked {
        model::EventId walk, branch, access;
    };
    Walked walked(int thread, Sets access_sets, int descriptor, int page = -1);
    void edge(const std::string& relation, model::EventId from, model::EventId to);
    void reads(model::EventId read, model::EventId write) { reads_[read] = write; }
    void co(model::EventId first, model::EventId second) { co_.insert({first, second}); }
    /// A pair that one of the model's choices ordered.
    void choose(const std::string& choice, model::EventId first, model::EventId second);

    model::Execution execution() const;
    Pairs pairs(const model::Rel& r) const;
    Events events(const model::Set& s) const;

    model::EventGraph graph{model::EventGraph::Names::any};

  private:
    std::map<int, int> instruction_;
    std::map<model::EventId, model::EventId> reads_;
    Pairs co_;
    std::map<std::string, Pairs> chosen_;
};

}  // namespace tlbcheck::tests
