// SPDX-License-Identifier: Apache-2.0
// TLBI names and scope: which cached translations an operation must remove (docs/formal-model.md section 4).
#include "model/arch/tlbi.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

namespace {

constexpr std::uint64_t va = 0xffff800080012000;
const Geometry geometry4{HardwareParameters{}};

TlbiScope decode(const char* name, std::uint64_t operand = 0) {
    const auto op = parse_tlbi(name);
    REQUIRE(op);
    return decode_tlbi(*op, operand, geometry4);
}

CachedTranslation page(std::uint64_t at = va) {
    return {at, at + 0xfff, 3, true, true, 0, Regime::el10};
}

CachedTranslation table(int level) {
    return {geometry4.entry_base(va, level),
            geometry4.entry_base(va, level) + geometry4.entry_bytes(level) - 1,
            level,
            false,
            true,
            0,
            Regime::el10};
}

CachedTranslation owned(CachedTranslation translation, std::uint16_t asid) {
    translation.global = false;
    translation.asid = asid;
    return translation;
}

}  // namespace

TEST_CASE("every operation is read by its name with every suffix and printed back") {
    for (const char* base :
         {"VMALLE1",   "ASIDE1", "VAE1",   "VAAE1", "VALE1", "VAALE1", "VMALLS12E1", "ALLE1",   "IPAS2E1",
          "IPAS2LE1",  "ALLE2",  "VAE2",   "VALE2", "RVAE1", "RVAAE1", "RVALE1",     "RVAALE1", "RIPAS2E1",
          "RIPAS2LE1", "RVAE2",  "RVALE2", "ALLE3", "VAE3",  "VALE3",  "RVAE3",      "RVALE3"}) {
        for (const char* domain : {"", "IS", "OS"}) {
            for (const char* nxs : {"", "NXS"}) {
                const std::string name = std::string(base) + domain + nxs;
                CAPTURE(name);
                const auto op = parse_tlbi(name);
                REQUIRE(op);
                CHECK(to_string(*op) == name);
                CHECK(op->nxs == (*nxs != 0));
                CHECK(op->domain == (*domain == 0     ? TlbiDomain::local
                                     : *domain == 'I' ? TlbiDomain::inner
                                                      : TlbiDomain::outer));
            }
        }
    }
    CHECK(parse_tlbi("vae1isnxs") == parse_tlbi("VAE1ISNXS"));
    CHECK(parse_tlbi("vae1isnXS") == parse_tlbi("VAE1ISNXS"));
}

TEST_CASE("names that are no operation are refused") {
    for (const char* name :
         {"", "IS", "NXS", "VAE", "VAE1ISOS", "VAE1NXSIS", "VAE4", "RVMALLE1", "VAE1 IS"}) {
        CAPTURE(name);
        CHECK_FALSE(parse_tlbi(name));
    }
}

TEST_CASE("properties of operations follow from their names") {
    CHECK_FALSE(takes_operand(TlbiBase::vmalle1));
    CHECK_FALSE(takes_operand(TlbiBase::alle2));
    CHECK(takes_operand(TlbiBase::aside1));
    CHECK(takes_operand(TlbiBase::rvae1));
    CHECK(is_range(TlbiBase::ripas2le1));
    CHECK_FALSE(is_range(TlbiBase::vae1));
    CHECK(is_last_level(TlbiBase::vaale1));
    CHECK(is_last_level(TlbiBase::rvale2));
    CHECK_FALSE(is_last_level(TlbiBase::vaae1));
    CHECK(is_stage2_only(TlbiBase::ipas2e1));
    CHECK_FALSE(is_stage2_only(TlbiBase::vmalls12e1));
}

TEST_CASE("operations on everything match every stage 1 entry of their regime") {
    for (const char* name : {"VMALLE1", "VMALLS12E1IS", "ALLE1OS"}) {
        CAPTURE(name);
        CHECK(in_scope(decode(name), page()));
        CHECK(in_scope(decode(name), table(2)));
        CHECK(in_scope(decode(name), owned(page(), 7)));
    }
    CHECK_FALSE(in_scope(decode("ALLE2"), page()));
    CachedTranslation el2 = page();
    el2.regime = Regime::el2;
    CHECK(in_scope(decode("ALLE2IS"), el2));
    CHECK_FALSE(in_scope(decode("ALLE3IS"), el2));
    CHECK_FALSE(in_scope(decode("VAE3IS", encode_va_operand(va, 0, 0, Granule::k4)), page()));
    CHECK(in_scope(decode("VAE2", encode_va_operand(va, 0, 0, Granule::k4)), el2));
    CHECK_FALSE(in_scope(decode("VAE1", encode_va_operand(va, 0, 0, Granule::k4)), el2));
}

TEST_CASE("stage 2 operations remove no combined entry") {
    const std::uint64_t operand = encode_va_operand(0x80012000, 0, 0, Granule::k4);
    CHECK_FALSE(in_scope(decode("IPAS2E1IS", operand), page(0x80012000)));
    CHECK_FALSE(in_scope(decode("IPAS2LE1IS", operand), page(0x80012000)));
    CHECK(decode("IPAS2E1IS", operand).stage2);
    CHECK_FALSE(decode("IPAS2E1IS", operand).stage1);
    CHECK(decode("VMALLS12E1").stage2);
}

TEST_CASE("by VA: an entry is matched iff its range holds the page named") {
    const TlbiScope scope = decode("VAAE1IS", encode_va_operand(va, 0, 0, Granule::k4));
    CHECK(in_scope(scope, page()));
    CHECK_FALSE(in_scope(scope, page(va + 0x1000)));
    CHECK_FALSE(in_scope(scope, page(va - 0x1000)));
    CachedTranslation coalesced = page(0xffff800080010000);
    coalesced.last = coalesced.first + 0xffff;
    CHECK(in_scope(scope, coalesced));
    CHECK(in_scope(scope, table(2)));
    CHECK(in_scope(scope, table(0)));
}

TEST_CASE("last-level operations leave table descriptors alone") {
    const std::uint64_t operand = encode_va_operand(va, 0, 0, Granule::k4);
    for (const char* name : {"VALE1IS", "VAALE1IS"}) {
        CHECK(in_scope(decode(name, operand), page()));
        CHECK_FALSE(in_scope(decode(name, operand), table(2)));
    }
    const std::uint64_t range = encode_range_operand(va, 0, 0, 0, 0, Granule::k4);
    for (const char* name : {"RVALE1IS", "RVAALE1IS"}) {
        CHECK(in_scope(decode(name, range), page()));
        CHECK_FALSE(in_scope(decode(name, range), table(2)));
    }
    CHECK(in_scope(decode("RVAAE1IS", range), table(2)));
}

TEST_CASE("a TTL hint selects leaves of its level and, for all-level operations, tables above it") {
    const TlbiScope scope = decode("VAAE1IS", encode_va_operand(va, 0, 2, Granule::k4));
    CHECK_FALSE(in_scope(scope, page()));
    CachedTranslation block = table(2);
    block.leaf = true;
    CHECK(in_scope(scope, block));
    CHECK_FALSE(in_scope(scope, table(2)));
    CHECK(in_scope(scope, table(1)));
    CHECK(in_scope(decode("VAAE1IS", encode_va_operand(va, 0, 3, Granule::k4)), table(2)));
    CHECK(in_scope(decode("VAALE1IS", encode_va_operand(va, 0, 3, Granule::k4)), page()));
    CHECK_FALSE(in_scope(decode("VAALE1IS", encode_va_operand(va, 0, 3, Granule::k4)), table(2)));
    CHECK_FALSE(in_scope(decode("VAALE1IS", encode_va_operand(va, 0, 1, Granule::k4)), page()));
}

TEST_CASE(
    "ASID: by VA and ASID spares other ASIDs, not global entries; by ASID alone spares global entries") {
    const TlbiScope by_va = decode("VAE1IS", encode_va_operand(va, 5, 0, Granule::k4));
    CHECK(in_scope(by_va, owned(page(), 5)));
    CHECK_FALSE(in_scope(by_va, owned(page(), 6)));
    CHECK(in_scope(by_va, page()));
    CHECK(in_scope(by_va, owned(table(2), 5)));
    CHECK_FALSE(in_scope(by_va, owned(table(2), 6)));
    const TlbiScope by_asid = decode("ASIDE1IS", std::uint64_t{5} << 48 | 0xfff);
    CHECK(in_scope(by_asid, owned(page(), 5)));
    CHECK(in_scope(by_asid, owned(table(1), 5)));
    CHECK_FALSE(in_scope(by_asid, owned(page(), 6)));
    CHECK_FALSE(in_scope(by_asid, page()));
    const TlbiScope any = decode("VAAE1IS", encode_va_operand(va, 5, 0, Granule::k4));
    CHECK(in_scope(any, owned(page(), 6)));
    const TlbiScope range = decode("RVAE1IS", encode_range_operand(va, 5, 0, 0, 0, Granule::k4));
    CHECK(in_scope(range, owned(page(), 5)));
    CHECK_FALSE(in_scope(range, owned(page(), 6)));
}

TEST_CASE(
    "a table descriptor of a global region is of an unknown ASID: operations that name one may miss it") {
    for (const char* name : {"VAE1IS", "VAE1", "VAE1OS"})
        CHECK_FALSE(in_scope(decode(name, encode_va_operand(va, 0, 0, Granule::k4)), table(2)));
    CHECK_FALSE(in_scope(decode("RVAE1IS", encode_range_operand(va, 0, 0, 0, 0, Granule::k4)), table(2)));
    CHECK_FALSE(in_scope(decode("ASIDE1IS", 0), table(2)));
    CHECK(in_scope(decode("VAAE1IS", encode_va_operand(va, 0, 0, Granule::k4)), table(2)));
    CHECK(in_scope(decode("RVAAE1IS", encode_range_operand(va, 0, 0, 0, 0, Granule::k4)), table(2)));
    CHECK(in_scope(decode("VMALLE1IS"), table(2)));
}

TEST_CASE("entries of stage 2 go by IPA, those that combine both stages with all of stage 1") {
    constexpr std::uint64_t ipa = 0x40000000;
    CachedTranslation stage2{ipa, ipa + 0xfff, 3, true, true, 0, Regime::el10};
    stage2.stage = CachedTranslation::Stage::stage2;
    CachedTranslation combined = stage2;
    combined.stage = CachedTranslation::Stage::combined;
    const std::uint64_t operand = encode_va_operand(ipa, 0, 0, Granule::k4);
    for (const char* name : {"IPAS2E1IS", "IPAS2LE1"}) {
        CHECK(in_scope(decode(name, operand), stage2));
        CHECK_FALSE(in_scope(decode(name, operand + 1), stage2));
        CHECK_FALSE(in_scope(decode(name, operand), combined));
    }
    for (const char* name : {"VMALLS12E1IS", "ALLE1IS"}) {
        CHECK(in_scope(decode(name), stage2));
        CHECK(in_scope(decode(name), combined));
    }
    CHECK_FALSE(in_scope(decode("VMALLE1IS"), stage2));
    CHECK(in_scope(decode("VMALLE1IS"), combined));
    // Whose VA and ASID the entry has only the guest knows.
    for (const char* name : {"VAE1IS", "VAAE1IS", "ASIDE1IS"})
        CHECK_FALSE(in_scope(decode(name, operand), combined));
    CHECK_FALSE(in_scope(decode("ALLE2IS"), stage2));
    CHECK_FALSE(in_scope(decode("ALLE2IS"), combined));
}
