// SPDX-License-Identifier: Apache-2.0
//
// Depth-first search over closed states, each met once.
#include "model/machine/search.hpp"

#include <string>
#include <unordered_set>
#include <utility>

#include "model/limits/budget.hpp"

namespace tlbcheck::model {

namespace {

struct Frame {
    MachineState state;
    std::vector<MachineAction> actions;
    std::size_t next = 0;
};

}  // namespace

SearchResult search(const Machine& machine, std::uint64_t limit) {
    SearchResult result;
    std::unordered_set<std::string> met;
    std::vector<Frame> stack;
    std::vector<MachineAction> path;
    bool found = false;
    const auto enter = [&](MachineState state) {
        if (!met.insert(state.key()).second) return false;
        if (machine.finished(state) && machine.violates(state)) {
            found = true;
            return false;
        }
        std::vector<MachineAction> actions = machine.actions(state);
        stack.push_back({std::move(state), std::move(actions), 0});
        return true;
    };
    enter(machine.initial());
    while (!stack.empty() && !found) {
        Frame& frame = stack.back();
        if (frame.next == frame.actions.size()) {
            stack.pop_back();
            if (!path.empty()) path.pop_back();
            continue;
        }
        if (met.size() >= limit) {
            result.exhausted = false;
            break;
        }
        poll();
        const MachineAction action = frame.actions[frame.next++];
        MachineState state = frame.state;
        machine.apply(state, action);
        path.push_back(action);
        if (!enter(std::move(state)) && !found) path.pop_back();
    }
    result.states = met.size();
    if (found) {
        result.exhausted = false;
        result.path = std::move(path);
    }
    return result;
}

}  // namespace tlbcheck::model
