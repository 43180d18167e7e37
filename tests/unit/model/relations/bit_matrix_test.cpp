// SPDX-License-Identifier: Apache-2.0
//
// Rows and matrices of more than one word against sets of pairs.
#include "model/relations/bit_matrix.hpp"

#include <random>
#include <set>

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {

using Edge = std::pair<std::size_t, std::size_t>;
using Edges = std::set<Edge>;

Edges edges_of(const BitMatrix& m) {
    Edges result;
    for (std::size_t i = 0; i < m.size(); ++i) {
        for (std::size_t j = 0; j < m.size(); ++j) {
            if (m.test(i, j)) result.insert({i, j});
        }
    }
    return result;
}

BitMatrix random_matrix(std::size_t size, std::size_t count, std::mt19937& random) {
    BitMatrix m(size);
    for (std::size_t n = 0; n < count; ++n) m.set(random() % size, random() % size);
    return m;
}

BitRow random_row(std::size_t size, std::mt19937& random) {
    BitRow row(size);
    for (std::size_t i = 0; i < size; ++i) {
        if (random() % 3 == 0) row.set(i);
    }
    return row;
}

Edges composed(const Edges& a, const Edges& b) {
    Edges result;
    for (const auto& [i, k] : a) {
        for (auto it = b.lower_bound({k, 0}); it != b.end() && it->first == k; ++it)
            result.insert({i, it->second});
    }
    return result;
}

}  // namespace

TEST_CASE("operations on matrices are those on sets of pairs") {
    std::mt19937 random(1);
    for (const std::size_t size : {1U, 5U, 63U, 64U, 65U, 130U}) {
        CAPTURE(size);
        const BitMatrix a = random_matrix(size, size, random);
        const BitMatrix b = random_matrix(size, size, random);
        const BitRow s = random_row(size, random), t = random_row(size, random);
        const Edges of_a = edges_of(a);
        CHECK(a.count() == of_a.size());
        CHECK(edges_of(compose(a, b)) == composed(of_a, edges_of(b)));
        Edges turned, from, to, all, same;
        for (const auto& [i, j] : of_a) {
            turned.insert({j, i});
            if (s.test(i)) from.insert({i, j});
            if (s.test(j)) to.insert({i, j});
        }
        for (std::size_t i = 0; i < size; ++i) {
            if (s.test(i)) same.insert({i, i});
            for (std::size_t j = 0; j < size; ++j) {
                if (s.test(i) && t.test(j)) all.insert({i, j});
            }
        }
        CHECK(edges_of(a.transposed()) == turned);
        CHECK(edges_of(restrict_domain(s, a)) == from);
        CHECK(edges_of(restrict_range(a, s)) == to);
        CHECK(edges_of(product(s, t)) == all);
        CHECK(edges_of(identity(s)) == same);
    }
}

TEST_CASE("the closure is the least transitive relation") {
    std::mt19937 random(2);
    for (const std::size_t size : {2U, 7U, 64U, 70U}) {
        CAPTURE(size);
        const BitMatrix a = random_matrix(size, size, random);
        Edges expected = edges_of(a);
        for (std::size_t before = 0; before != expected.size();) {
            before = expected.size();
            expected.merge(composed(expected, edges_of(a)));
        }
        BitMatrix closed = a;
        closed.close();
        CHECK(edges_of(closed) == expected);
    }
}

TEST_CASE("a row knows its events, and none beyond its size") {
    for (const std::size_t size : {1U, 64U, 65U, 128U, 200U}) {
        BitRow row(size);
        CHECK_FALSE(row.any());
        row.set(size - 1);
        CHECK(row.any());
        CHECK(row.count() == 1);
        row.reset(size - 1);
        CHECK_FALSE(row.any());
        row.fill();
        CHECK(row.count() == size);
        std::size_t next = 0;
        for_each_bit(std::as_const(row).words(), [&](std::size_t i) { CHECK(i == next++); });
        CHECK(next == size);
    }
}

TEST_CASE("words are combined bit by bit") {
    BitRow a(70), b(70);
    a.set(1);
    a.set(69);
    b.set(69);
    b.set(2);
    BitRow united = a, common = a, rest = a, added(70);
    or_into(united.words(), b.words());
    and_into(common.words(), b.words());
    remove_from(rest.words(), b.words());
    added.set(5);
    or_common(added.words(), a.words(), b.words());
    const auto bits = [](const BitRow& row) {
        std::set<std::size_t> result;
        for_each_bit(row.words(), [&](std::size_t i) { result.insert(i); });
        return result;
    };
    CHECK(bits(united) == std::set<std::size_t>{1, 2, 69});
    CHECK(bits(common) == std::set<std::size_t>{69});
    CHECK(bits(rest) == std::set<std::size_t>{1});
    CHECK(bits(added) == std::set<std::size_t>{5, 69});
}

TEST_CASE("an edge can be taken out again") {
    BitMatrix m(66);
    m.set(65, 64);
    m.set(65, 65);
    m.reset(65, 64);
    CHECK(edges_of(m) == Edges{{65, 65}});
    m.reset(65, 65);
    CHECK_FALSE(m.any());
}
