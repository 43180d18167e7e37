// SPDX-License-Identifier: Apache-2.0
//
// Depth-first search; its post-order lists the successors of an event before the event.
#include "tests/enumerator/cycles.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace tlbcheck::tests::enumerator {

namespace {

class DepthFirst {
  public:
    explicit DepthFirst(const BitMatrix& relation) : relation_(relation) { state_.resize(relation.size()); }

    /// None when there is a cycle.
    std::optional<std::vector<std::size_t>> post_order() {
        for (std::size_t start = 0; start < state_.size(); ++start) {
            if (state_[start] != State::unseen) continue;
            if (!visit(start)) return std::nullopt;
        }
        return std::move(order_);
    }

  private:
    enum class State : std::uint8_t { unseen, active, done };

    /// The first successor from number `from` on; size() when there is none.
    std::size_t successor(std::size_t event, std::size_t from) const {
        const auto row = relation_.row(event);
        for (std::size_t w = from / 64; w < row.size(); ++w) {
            const Word rest = w == from / 64 ? row[w] & (~Word{0} << (from % 64)) : row[w];
            if (rest != 0) return w * 64 + static_cast<std::size_t>(std::countr_zero(rest));
        }
        return relation_.size();
    }

    bool visit(std::size_t start) {
        state_[start] = State::active;
        path_.assign(1, {start, 0});
        while (!path_.empty()) {
            auto& [event, from] = path_.back();
            const std::size_t next = successor(event, from);
            from = next + 1;
            if (next >= relation_.size()) {
                state_[event] = State::done;
                order_.push_back(event);
                path_.pop_back();
            } else if (state_[next] == State::active) {
                return false;
            } else if (state_[next] == State::unseen) {
                state_[next] = State::active;
                path_.emplace_back(next, 0);
            }
        }
        return true;
    }

    const BitMatrix& relation_;
    std::vector<State> state_;                               // unseen at first
    std::vector<std::pair<std::size_t, std::size_t>> path_;  // event, where to look for its next successor
    std::vector<std::size_t> order_;
};

}  // namespace

bool has_cycle(const BitMatrix& relation) {
    return !DepthFirst(relation).post_order();
}

BitMatrix closed(BitMatrix relation) {
    const auto order = DepthFirst(relation).post_order();
    if (!order) {
        relation.close();
        return relation;
    }
    for (const std::size_t i : *order) {
        BitRow reached(relation.size());
        for_each_bit(relation.row(i), [&](std::size_t k) { or_into(reached.words(), relation.row(k)); });
        or_into(relation.row(i), reached.words());
    }
    return relation;
}

bool breaks(CheckKind kind, const BitMatrix& relation) {
    switch (kind) {
        case CheckKind::empty:
            return relation.any();
        case CheckKind::acyclic:
            return has_cycle(relation);
        case CheckKind::irreflexive:
            break;
    }
    for (std::size_t i = 0; i < relation.size(); ++i) {
        if (relation.test(i, i)) return true;
    }
    return false;
}

}  // namespace tlbcheck::tests::enumerator
