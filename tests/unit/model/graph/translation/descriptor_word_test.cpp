// SPDX-License-Identifier: Apache-2.0
//
// Memory types and leaves as words have them (Arm ARM D8.3, MAIR_EL1, MemAttr).
#include "model/graph/translation/descriptor_word.hpp"

#include "tests/support/catch.hpp"

namespace model = tlbcheck::model;
namespace translation = tlbcheck::model::translation;
using model::Attr;

TEST_CASE("memory types by MAIR") {
    using translation::memory_type_of_mair;
    CHECK(memory_type_of_mair(0xFF) == Attr::none);
    CHECK(memory_type_of_mair(0xF0) == Attr::none);
    CHECK(memory_type_of_mair(0x44) == (Attr::onc | Attr::inc | Attr::xs));
    CHECK(memory_type_of_mair(0x40) == (Attr::onc | Attr::inc));
    CHECK(memory_type_of_mair(0xBB) == (Attr::owt | Attr::iwt | Attr::xs));
    CHECK(memory_type_of_mair(0x4F) == (Attr::onc | Attr::xs));
    CHECK(memory_type_of_mair(0x00) == (Attr::device_ngnrne | Attr::xs));
    CHECK(memory_type_of_mair(0x01) == Attr::device_ngnrne);
    CHECK(memory_type_of_mair(0x0C) == (Attr::device_gre | Attr::xs));
    CHECK_FALSE(memory_type_of_mair(0x02));
    CHECK_FALSE(memory_type_of_mair(0xC0));
}

TEST_CASE("memory types of stage 2, without and with FEAT_S2FWB") {
    using translation::memory_type_of_stage2;
    CHECK(memory_type_of_stage2(15, false) == Attr::none);
    CHECK(memory_type_of_stage2(5, false) == (Attr::onc | Attr::inc | Attr::xs));
    CHECK(memory_type_of_stage2(10, false) == (Attr::owt | Attr::iwt | Attr::xs));
    CHECK(memory_type_of_stage2(1, false) == (Attr::device_ngnre | Attr::xs));
    CHECK_FALSE(memory_type_of_stage2(4, false));
    CHECK(memory_type_of_stage2(6, true) == Attr::none);
    CHECK(memory_type_of_stage2(7, true) == Attr::none);
    CHECK(memory_type_of_stage2(5, true) == (Attr::onc | Attr::inc | Attr::xs));
    CHECK(memory_type_of_stage2(3, true) == (Attr::device_gre | Attr::xs));
    CHECK_FALSE(memory_type_of_stage2(15, true));
}

TEST_CASE("a leaf's bits by what its tables are for") {
    using translation::leaf_descriptor;
    using translation::TableUse;
    const model::Geometry geometry{model::HardwareParameters{}};
    namespace field = translation::field;
    const std::uint64_t plain = 0x8020'0000 | field::valid | field::access_flag;
    const auto el2 = leaf_descriptor(plain | field::uxn | field::n_t, 2, TableUse::el2, geometry);
    CHECK(el2.oa == 0x8020'0000);
    CHECK(el2.not_global);
    CHECK(el2.db);
    CHECK(el2.nt);
    CHECK(el2.attributes == Attr::none);
    CHECK(leaf_descriptor(plain | field::pxn, 2, TableUse::el2, geometry).attributes == Attr::ux);
    const auto el10 = leaf_descriptor(plain | field::uxn | field::ap_read_only, 2, TableUse::el10, geometry);
    CHECK_FALSE(el10.not_global);
    CHECK_FALSE(el10.db);
    CHECK_FALSE(el10.el0);
    CHECK(el10.attributes == Attr::px);
    const std::uint64_t never = std::uint64_t{2} << field::s2_xn_shift;
    const auto stage2 = leaf_descriptor(plain | never | field::s2ap_write, 2, TableUse::stage2, geometry);
    CHECK(stage2.db);
    CHECK_FALSE(stage2.el0);
    CHECK(stage2.attributes == Attr::none);
    CHECK(leaf_descriptor(plain, 2, TableUse::stage2, geometry).attributes == model::execute_rights);
    CHECK_FALSE(leaf_descriptor(plain, 2, TableUse::stage2, geometry).db);
}
