// SPDX-License-Identifier: Apache-2.0
// Printing of descriptor values.
#include "model/arch/descriptor.hpp"

#include "tests/support/catch.hpp"

using namespace tlbcheck::model;

TEST_CASE("a descriptor prints what distinguishes it") {
    CHECK(to_string(Descriptor{}) == "invalid");
    Descriptor leaf;
    leaf.kind = DescriptorKind::leaf;
    leaf.oa = 0x80001000;
    CHECK(to_string(leaf) == "0x80001000 rw");
    leaf.contiguous = true;
    leaf.db = false;
    leaf.attributes = Attr::onc | Attr::inc;
    CHECK(to_string(leaf) == "0x80001000 ro cont iNC oNC");
    leaf.af = false;
    leaf.not_global = true;
    leaf.nt = true;
    leaf.dbm = true;
    leaf.attributes = Attr::device_ngnre | Attr::xs;
    CHECK(to_string(leaf) == "0x80001000 ro cont af=0 dbm nG nT Device-nGnRE XS");
    Descriptor table;
    table.kind = DescriptorKind::table;
    table.oa = 1;
    CHECK(to_string(table) == "new table 1");
    table.oa = 0;
    CHECK(to_string(table) == "table");
    CHECK(written_text(table, false) == "table");
    CHECK(written_text(table, true) == "what the new owner wrote");
}

TEST_CASE("what a leaf permits is told in short words") {
    Descriptor value;
    value.kind = DescriptorKind::leaf;
    CHECK(attribute_text(value) == "rw");
    value.db = false;
    value.attributes = Attr::device_ngnre;
    CHECK(attribute_text(value) == "ro, Device-nGnRE");
    CHECK(attribute_text({}).empty());
    CHECK(to_string(value.kind) == "leaf");
}
