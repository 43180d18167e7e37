// SPDX-License-Identifier: Apache-2.0
#include "model/program/litmus_value.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {
const LitmusValue x = LitmusValue::address(ValueKind::address, "x");
LitmusValue number(std::uint64_t n) {
    return LitmusValue::of(n);
}
LitmusValue descriptor(int valid, int af, int db) {
    LitmusDescriptor d;
    d.oa = "x";
    d.valid = valid;
    d.af = af;
    d.db = db;
    return LitmusValue::of(d);
}
}  // namespace

TEST_CASE("an address shifted by 12 is the page's TLBI operand, by anything else an error") {
    CHECK(apply(ValueOp::lsr, x, number(12)) == LitmusValue::address(ValueKind::tlb, "x"));
    CHECK_FALSE(apply(ValueOp::lsr, x, number(3)).has_value());
    CHECK_FALSE(apply(ValueOp::lsr, LitmusValue::address(ValueKind::pte, "x"), number(12)).has_value());
}

TEST_CASE("addresses move by integers and vanish in exclusive or with themselves") {
    CHECK(apply(ValueOp::add, x, number(8)) == LitmusValue::address(ValueKind::address, "x", 8));
    CHECK(apply(ValueOp::sub, *apply(ValueOp::add, x, number(8)), number(8)) == x);
    CHECK(apply(ValueOp::lxor, x, x) == number(0));
    CHECK_FALSE(apply(ValueOp::add, x, x).has_value());
    CHECK(apply(ValueOp::eq, x, number(0)) == number(0));
}

TEST_CASE("bits of a descriptor are tested, set and cleared; AP[2] and XN count the other way") {
    const LitmusValue d = descriptor(1, 0, 0);
    CHECK(apply(ValueOp::land, d, number(1)) == number(1));
    CHECK(apply(ValueOp::land, d, number(128)) == number(128));
    CHECK(apply(ValueOp::land, d, number(1024)) == number(0));
    CHECK(apply(ValueOp::lor, d, number(1024)) == descriptor(1, 1, 0));
    CHECK(apply(ValueOp::andnot, d, number(128 + 1)) == descriptor(0, 0, 1));
    CHECK_FALSE(apply(ValueOp::lor, d, number(2)).has_value());
}

TEST_CASE("only whole registers hold addresses and descriptors") {
    CHECK(zero_extend(x, 64) == x);
    CHECK_FALSE(zero_extend(x, 32).has_value());
    CHECK(zero_extend(number(0x1ffffffff), 32) == number(0xffffffff));
    CHECK(sign_extend(number(0xff), 8) == number(~std::uint64_t{0}));
}

TEST_CASE("order of final states: integers as signed numbers, then labels, addresses, descriptors") {
    CHECK(number(~std::uint64_t{0}) < number(0));
    CHECK(number(5) < LitmusValue::label(0, "L0"));
    CHECK(LitmusValue::label(0, "L0") < x);
    CHECK(x < LitmusValue::address(ValueKind::physical, "a"));
    CHECK(LitmusValue::address(ValueKind::pte, "x") < descriptor(0, 0, 0));
    CHECK(descriptor(1, 0, 1) < descriptor(0, 1, 1));
}

TEST_CASE("a descriptor is writable by software's bits or by what hardware would set") {
    LitmusDescriptor d;
    d.db = 0;
    d.dbm = 1;
    CHECK_FALSE(writable(d, true, false));
    CHECK(writable(d, true, true));
    d.af = 0;
    CHECK_FALSE(writable(d, false, true));
}
