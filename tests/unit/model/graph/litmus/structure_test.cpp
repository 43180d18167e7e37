// SPDX-License-Identifier: Apache-2.0
#include "model/graph/litmus/structure.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {
EventStructure single(LocalEventId id, bool commit = false) {
    EventStructure s;
    s.events = {id};
    if (commit) s.commits = {id};
    return s;
}
using Edges = LocalEdges;
}  // namespace

TEST_CASE("data goes from the last events to the first ones; parallel parts have no edges") {
    const EventStructure s = data_sequence(parallel(single(0), single(1)), single(2));
    CHECK(s.data == Edges{{0, 2}, {1, 2}});
    CHECK(s.minimal() == LocalEvents{0, 1});
    CHECK(s.maximal() == LocalEvents{2});
}

TEST_CASE("outputs may stay with the first part") {
    const EventStructure kept = data_sequence_keep_output(single(0), single(1));
    CHECK(data_sequence(kept, single(2)).data == Edges{{0, 1}, {0, 2}});
    const EventStructure after_empty = data_sequence(data_sequence(single(0), EventStructure{}), single(1));
    CHECK(after_empty.data == Edges{{0, 1}});
}

TEST_CASE("a translated access has data from the TTD read and control from its branch") {
    const EventStructure checked = data_sequence_keep_output(single(0), single(1, true));
    const EventStructure s = control_data(checked, single(2));
    CHECK(s.data == Edges{{0, 1}, {0, 2}});
    CHECK(s.control == Edges{{1, 2}});
}

TEST_CASE("a hardware update hangs on the branch and leaves the outputs where they were") {
    const EventStructure checked = data_sequence_keep_output(single(0), single(1, true));
    const EventStructure update = control_sequence(single(2, true), single(3));
    const EventStructure s = control_data(control_data_keep_outputs(checked, update), single(4));
    CHECK(s.data == Edges{{0, 1}, {0, 2}, {0, 3}, {0, 4}});
    CHECK(s.control == Edges{{1, 2}, {1, 4}, {2, 3}});
}

TEST_CASE("an exchange orders read and write, an operation makes them depend") {
    const auto make = [](bool operation) {
        return read_modify_write(false, operation, single(0), single(1), single(2), single(3), single(4));
    };
    CHECK(make(false).data == Edges{{0, 1}, {0, 3}, {1, 4}, {2, 3}});
    CHECK(make(false).order == Edges{{1, 3}});
    CHECK(make(true).data == Edges{{0, 1}, {0, 3}, {1, 3}, {1, 4}, {2, 3}});
    CHECK(make(true).order.empty());
}

TEST_CASE(
    "a compare-and-swap's result depends on the compared register and the branch, or on the read alone") {
    CompareParts p{single(0), single(1), single(2), single(3), single(4), single(5), single(6, true)};
    const EventStructure reg = compare_and_swap(false, CompareMode::success_from_register, p);
    CHECK(reg.data == Edges{{0, 4}, {0, 5}, {1, 3}, {1, 6}, {2, 5}, {4, 6}});
    CHECK(reg.control == Edges{{6, 3}, {6, 5}});
    const EventStructure memory = compare_and_swap(false, CompareMode::success_from_memory, p);
    CHECK(memory.data == Edges{{0, 4}, {0, 5}, {1, 6}, {2, 5}, {4, 3}, {4, 6}});
    CHECK(memory.control == Edges{{6, 5}});
    p.desired = p.write = {};
    const EventStructure failure = compare_and_swap(false, CompareMode::failure, p);
    CHECK(failure.data == Edges{{0, 4}, {1, 6}, {4, 3}, {4, 6}});
    CHECK(failure.control.empty());
}

TEST_CASE("a store-exclusive's write depends on address, data and reservation, its status on nothing") {
    const EventStructure s =
        store_exclusive({single(0), single(1), single(2), single(3), single(4), single(5)});
    CHECK(s.data == Edges{{1, 5}, {2, 5}});
    CHECK(s.control == Edges{{0, 3}, {0, 5}});
}
