// SPDX-License-Identifier: Apache-2.0
// TLBI operands as register values (formal-model.md): fields, sign extension, encodings that name nothing.
#include "model/arch/tlbi.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {

Geometry of_granule(Granule granule) {
    HardwareParameters hardware;
    hardware.granule = granule;
    return Geometry(hardware);
}

TlbiScope decode_operand(const char* name, std::uint64_t operand, Granule granule = Granule::k4) {
    const auto op = parse_tlbi(name);
    REQUIRE(op);
    return decode_tlbi(*op, operand, of_granule(granule));
}

}  // namespace

TEST_CASE("VA form: ASID, TTL and VA lie where the Arm ARM puts them") {
    const TlbiScope scope = decode_operand("VAE1IS", 0x1234'7000'0008'0012);
    CHECK(scope.asid == 0x1234);
    CHECK(scope.level_hint == 3);
    CHECK(scope.first == 0x80012000);
    CHECK(scope.last == 0x80012fff);
    CHECK_FALSE(scope.nothing);
}

TEST_CASE("VA form: bit 55 is extended, so that kernel addresses match") {
    const std::uint64_t operand = encode_va_operand(0xffff800080012000, 0, 0, Granule::k4);
    CHECK(operand == 0x0000'0ff8'0008'0012);
    CHECK(decode_operand("VAAE1IS", operand).first == 0xffff800080012000);
    CHECK(decode_operand("VAAE1IS", encode_va_operand(0x0000800080012000, 0, 0, Granule::k4)).first ==
          0x0000800080012000);
    CHECK(decode_operand("VAAE1IS", encode_va_operand(~std::uint64_t{0xfff}, 0, 0, Granule::k4)).last ==
          ~std::uint64_t{0});
}

TEST_CASE("VA form: address bits below the granule are ignored") {
    const TlbiScope scope = decode_operand("VAAE1IS", 0x80013, Granule::k16);
    CHECK(scope.first == 0x80010000);
    CHECK(scope.last == 0x80013fff);
}

TEST_CASE("VA form: ASID bits of an operation without ASID name none") {
    CHECK_FALSE(decode_operand("VAAE1IS", encode_va_operand(0x1000, 9, 0, Granule::k4)).asid);
}

TEST_CASE("TTL 0 leaves the level open; any other must name the granule in use and a level that has leaves") {
    for (unsigned ttl = 0; ttl < 16; ++ttl) {
        CAPTURE(ttl);
        const TlbiScope scope = decode_operand("VAAE1IS", std::uint64_t{ttl} << 44 | 0x80012);
        const bool any = ttl == 0, right = ttl >= 5 && ttl <= 7;
        CHECK(scope.nothing == !(any || right));
        CHECK(scope.why_nothing.empty() == !scope.nothing);
        if (any) CHECK_FALSE(scope.level_hint);
        if (right) CHECK(scope.level_hint == static_cast<int>(ttl & 3U));
    }
    CHECK(decode_operand("VAAE1IS", std::uint64_t{0x7} << 44, Granule::k64).nothing);
    CHECK_FALSE(decode_operand("VAAE1IS", std::uint64_t{0xf} << 44, Granule::k64).nothing);
    CHECK_FALSE(decode_operand("VAAE1IS", std::uint64_t{0xb} << 44, Granule::k16).nothing);
}

TEST_CASE("an operand that names nothing removes nothing") {
    const TlbiScope scope = decode_operand("VAAE1IS", std::uint64_t{0xf} << 44 | 0x80012);
    CHECK_FALSE(in_scope(scope, {0x80012000, 0x80012fff, 3, true, true, 0, Regime::el10}));
    CHECK(scope.why_nothing == "TTL names granule 64K, but 4K is in use");
}

TEST_CASE("range form: NUM and SCALE give the number of granules") {
    for (const Granule granule : {Granule::k4, Granule::k16, Granule::k64}) {
        for (int scale = 0; scale < 4; ++scale) {
            for (const int num : {0, 1, 30, 31}) {
                CAPTURE(granule_name(granule), scale, num);
                const std::uint64_t va = 0xffff800080000000;
                const TlbiScope scope =
                    decode_operand("RVAAE1IS", encode_range_operand(va, 0, scale, num, 0, granule), granule);
                const std::uint64_t pages = static_cast<std::uint64_t>(num + 1) << (5 * scale + 1);
                CHECK(scope.first == va);
                CHECK(*scope.last - va + 1 == pages * granule_bytes(granule));
                CHECK_FALSE(scope.nothing);
            }
        }
    }
}

TEST_CASE("range form: fields lie where the Arm ARM puts them") {
    // ASID 0xabcd, TG 01, SCALE 2, NUM 5, TTL 3, BaseADDR 0x80012
    const std::uint64_t operand =
        0xabcd'0000'0000'0000 | 1ULL << 46 | 2ULL << 44 | 5ULL << 39 | 3ULL << 37 | 0x80012;
    CHECK(encode_range_operand(0x80012000, 0xabcd, 2, 5, 3, Granule::k4) == operand);
    const TlbiScope scope = decode_operand("RVALE1IS", operand);
    CHECK(scope.asid == 0xabcd);
    CHECK(scope.level_hint == 3);
    CHECK(scope.first == 0x80012000);
    CHECK(*scope.last == 0x80012000 + (std::uint64_t{6} << 11 << 12) - 1);
    CHECK(scope.last_level_only);
}

TEST_CASE("range form: TG 0 or of another granule names nothing") {
    const std::uint64_t right = encode_range_operand(0x80000000, 0, 0, 0, 0, Granule::k4);
    CHECK_FALSE(decode_operand("RVAAE1IS", right).nothing);
    CHECK(decode_operand("RVAAE1IS", right & ~(3ULL << 46)).nothing);
    CHECK(decode_operand("RVAAE1IS", right | 3ULL << 46).nothing);
    CHECK(decode_operand("RVAAE1IS", right, Granule::k16).nothing);
}

TEST_CASE("range form: TTL 1 or 2 with a base not aligned to that level names nothing") {
    CHECK(decode_operand("RVAAE1IS", encode_range_operand(0x80001000, 0, 0, 0, 2, Granule::k4)).nothing);
    CHECK_FALSE(
        decode_operand("RVAAE1IS", encode_range_operand(0x80200000, 0, 0, 0, 2, Granule::k4)).nothing);
    CHECK(decode_operand("RVAAE1IS", encode_range_operand(0x80200000, 0, 0, 0, 1, Granule::k4)).nothing);
    CHECK_FALSE(
        decode_operand("RVAAE1IS", encode_range_operand(0x80000000, 0, 0, 0, 1, Granule::k4)).nothing);
    CHECK_FALSE(
        decode_operand("RVAAE1IS", encode_range_operand(0x80001000, 0, 0, 0, 3, Granule::k4)).nothing);
}

TEST_CASE("range form: BaseADDR is sign-extended from its top bit by granule") {
    CHECK(decode_operand("RVAAE1IS", encode_range_operand(0xffff800000010000, 0, 0, 0, 0, Granule::k64),
                         Granule::k64)
              .first == 0xffff800000010000);
    CHECK(
        decode_operand("RVAAE1IS", encode_range_operand(0x0000800000000000, 0, 0, 0, 0, Granule::k4)).first ==
        0x0000800000000000);
    const TlbiScope top =
        decode_operand("RVAAE1IS", encode_range_operand(0xfffffffffffff000, 0, 3, 31, 0, Granule::k4));
    CHECK(top.first == 0xfffffffffffff000);
    CHECK(top.last == ~std::uint64_t{0});
}
