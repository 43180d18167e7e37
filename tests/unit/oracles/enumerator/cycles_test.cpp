// SPDX-License-Identifier: Apache-2.0
#include "tests/enumerator/cycles.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/random_execution.hpp"

using namespace tlbcheck::model;
namespace enumerator = tlbcheck::tests::enumerator;

TEST_CASE("cycles and closures are those that Warshall's algorithm finds") {
    tlbcheck::tests::Dice dice(7);
    int cyclic = 0;
    for (int round = 0; round < 300; ++round) {
        const std::size_t n = 1 + dice.below(90);
        BitMatrix r(n);
        for (std::size_t k = dice.below(2 * n); k > 0; --k) r.set(dice.below(n), dice.below(n));
        BitMatrix closure = r;
        closure.close();
        bool cycle = false;
        for (std::size_t i = 0; i < n; ++i) cycle = cycle || closure.test(i, i);
        cyclic += static_cast<int>(cycle);
        CHECK(enumerator::has_cycle(r) == cycle);
        CHECK(enumerator::closed(r) == closure);
        CHECK(enumerator::breaks(CheckKind::acyclic, r) == cycle);
        CHECK(enumerator::breaks(CheckKind::irreflexive, closure) == cycle);
        CHECK(enumerator::breaks(CheckKind::empty, r) == r.any());
    }
    CHECK(cyclic > 20);
    CHECK(cyclic < 280);
}
