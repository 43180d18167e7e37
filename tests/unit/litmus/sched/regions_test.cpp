// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/sched/regions.cpp and declarations.cpp: what a region may be.

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/sched/sched_support.hpp"

using tlbcheck::litmus::sched::ExpandOptions;
using tlbcheck::tests::says;
using tlbcheck::tests::sched_errors;
using tlbcheck::tests::sched_program;

namespace {

std::string region(const std::string& settings, const std::string& before = "") {
    return before + "region r { " + settings + " } thread P0 isb();";
}
}  // namespace

TEST_CASE("a region has the values written, and defaults") {
    const auto plain = sched_program(region("va = 64K; pa = 0x10000; size = 8K;")).regions.at(0);
    CHECK(plain.name == "r");
    CHECK(plain.va == 0x10000);
    CHECK(plain.pa == 0x10000);
    CHECK(plain.size == 0x2000);
    CHECK(plain.level == 3);
    CHECK_FALSE(plain.contiguous);
    CHECK(plain.writable);
    CHECK(plain.global);
    CHECK(plain.mapped);
    CHECK(plain.attributes == tlbcheck::model::Attr::none);
    const auto full =
        sched_program(
            region(
                "va = 0; pa = 2M; size = 2M; level = 2; ap = ro; attr = device; asid = 7; mapped = false;"))
            .regions.at(0);
    CHECK(full.level == 2);
    CHECK_FALSE(full.writable);
    CHECK_FALSE(full.global);
    CHECK(full.asid == 7);
    CHECK_FALSE(full.mapped);
    CHECK(full.attributes == (tlbcheck::model::Attr::device_ngnre | tlbcheck::model::Attr::xs));
    CHECK(sched_program(region("va = 0; pa = 0; size = 4K; attr = normal_nc")).regions.at(0).attributes ==
          (tlbcheck::model::Attr::onc | tlbcheck::model::Attr::inc | tlbcheck::model::Attr::xs));
}

TEST_CASE("a misaligned region names the alignment, at the key that is wrong") {
    CHECK(says(region("va = 0x800; pa = 0; size = 4K;"),
               "test.sched:1:17: error: va 0x800 is not aligned to a leaf at level 3 (4K with granule 4K)"));
    CHECK(says(region("va = 0; pa = 4K; size = 2M; level = 2;"),
               "pa 0x1000 is not aligned to a leaf at level 2 (2M with granule 4K)"));
    CHECK(says(region("va = 0; pa = 0; size = 5K;"), "size 5K is not a multiple of a leaf at level 3"));
    CHECK(says(region("va = 4K; pa = 0; size = 64K; contiguous = true;"),
               "va 0x1000 is not aligned to whole contiguous sets of 64K"));
    CHECK(says(region("va = 0; pa = 4K; size = 64K; contiguous = true;"),
               "pa 0x1000 is not aligned to whole contiguous sets of 64K"));
    CHECK(says(region("va = 0; pa = 0; size = 96K; contiguous = true;"),
               "size 96K is not made of whole contiguous sets of 64K"));
    CHECK(says(region("va = 0; pa = 0; size = 64K; contiguous = true;", "machine { granule = 16K; }"),
               "whole contiguous sets of 2M"));
    CHECK(sched_errors(region("va = 16K; pa = 32K; size = 16K; contiguous = true;",
                              "machine { contiguous_entries = 4; }")) == "");
}

TEST_CASE("another granule on the command line works while the region stays aligned, else it is an error") {
    ExpandOptions options;
    REQUIRE(set_hardware(options.hardware, "granule", "64K").empty());
    const std::string text = region("va = 0; pa = 0; size = 2M; contiguous = true;");
    CHECK(sched_program(text, options).hardware.granule == tlbcheck::model::Granule::k64);
    CHECK(says(region("va = 0; pa = 0; size = 64K; contiguous = true;"),
               "size 64K is not made of whole contiguous sets of 2M", options));
}

TEST_CASE("levels without leaves are errors") {
    CHECK(says(region("va = 0; pa = 0; size = 512G; level = 0;"),
               "there are no leaves at level 0 with granule 4K"));
    CHECK(says(region("va = 0; pa = 0; size = 64G; level = 1;", "machine { granule = 16K; }"),
               "there are no leaves at level 1"));
    CHECK(says(region("va = 0; pa = 0; size = 1G; level = 1;", "machine { levels = 2; }"),
               "there are no leaves at level 1"));
    CHECK(says(region("va = 0; pa = 0; size = 4K; level = 4;"), "level is 0 to 3, not 4"));
    CHECK(says(region("va = 0; pa = 0; size = 64K;", "machine { granule = 64K; levels = 4; }"),
               "at most 3 levels with granule 64K"));
}

TEST_CASE("a region stays within one half of the address space and 48 bits of PA") {
    CHECK(sched_errors(region("va = 0; pa = 0; size = 256T;")) == "");
    CHECK(sched_errors(region("va = 0xffff000000000000; pa = 0; size = 256T;")) == "");
    CHECK(sched_errors(region("va = 0xfffffffffffff000; pa = 0; size = 4K;")) == "");
    CHECK(says(region("va = 0x1000000000000; pa = 0; size = 4K;"), "is not within one half of 48-bit VA"));
    CHECK(says(region("va = 0xfffefffffffff000; pa = 0; size = 8K;"), "is not within one half"));
    CHECK(says(region("va = 0xfffffffffffff000; pa = 0; size = 8K;"), "is not within one half"));
    CHECK(says(region("va = 0; pa = 0; size = 1048576T;"), "is more than 48 bits of VA hold"));
    CHECK(says(region("va = 0; pa = 0xfffffffff000; size = 8K;"), "is past 48 bits"));
    CHECK(says(region("va = 0x8000000000; pa = 0; size = 4K;", "machine { levels = 3; }"),
               "one half of 39-bit VA"));
}

TEST_CASE("regions that overlap in VA are an error that shows both; aliases in PA are legal") {
    const std::string a = "region a { va = 0; pa = 0; size = 64K; }\n";
    CHECK(says(a + "region b { va = 60K; pa = 1M; size = 4K; } thread P0 isb();",
               "test.sched:2:8: error: regions 'a' and 'b' overlap from VA 0xf000"));
    CHECK(says(a + "region b { va = 60K; pa = 1M; size = 4K; } thread P0 isb();",
               "test.sched:1:8: note: 'a' is here"));
    CHECK(sched_errors(a + "region b { va = 64K; pa = 0; size = 64K; } thread P0 isb();") == "");
}

TEST_CASE("unknown and missing keys, and values that are none, are errors") {
    CHECK(says(region("va = 0; pa = 0; size = 4K; contigous = true;"), "hint: did you mean 'contiguous'?"));
    CHECK(says(region("va = 0; size = 4K;"), "region 'r' has no pa"));
    CHECK(says(region("va = 0; pa = 0; size = 0;"), "size is 1 to"));
    CHECK(says(region("va = 0; pa = 0; size = 4K; ap = rx;"), "'rx' is not declared"));
    CHECK(says(region("va = 0; pa = 0; size = 4K; ap = device;"), "ap is rw or ro"));
    CHECK(says(region("va = 0; pa = 0; size = 4K; asid = 65536;"), "asid is 0 to 65535"));
    CHECK(says(region("va = 0; pa = 0; size = 4K; asid = 5; global = true;"), "a global region has no ASID"));
    CHECK(says(region("va = 0 - 4K; pa = 0; size = 4K;"), "va is 0 to 0xffffffffffffffff, not -4096"));
}

TEST_CASE("params may depend on params before them and on the machine; -D overrides") {
    const std::string text =
        "machine { granule = 16K; } param n = 2; param size = n * machine.granule; region r { va = 0; pa = "
        "0; size = size; } thread P0 isb();";
    CHECK(sched_program(text).regions.at(0).size == 32768);
    ExpandOptions options;
    options.defines = {{"n", "4"}};
    CHECK(sched_program(text, options).regions.at(0).size == 65536);
    options.defines = {{"n", "true + 0x1"}};
    CHECK(sched_program(text, options).regions.at(0).size == 32768);
    options.defines = {{"m", "4"}};
    CHECK(says(text, "-D m: error: test.sched has no param 'm'", options));
    options.defines = {{"siz", "4"}};
    CHECK(says(text, "hint: did you mean 'size'?", options));
    options.defines = {{"n", "4 +"}};
    CHECK(says(text, "-D n:1:4: error: expected a value, found the end of the file", options));
    options.defines = {{"n", "size"}};
    CHECK(says(text, "the value of a param given by -D is", options));
}

TEST_CASE("the machine may use params that do not depend on it") {
    CHECK(sched_program("param level = 2; machine { bbm_level = level; } thread P0 isb();")
              .hardware.bbm_level == 2);
    CHECK(says("param level = machine.ets; machine { bbm_level = level; } thread P0 isb();",
               "the machine block cannot depend on the machine"));
    CHECK(says("machine { granule = 5; } thread P0 isb();", "granule is 4K, 16K or 64K"));
    CHECK(says("machine { granul = 4K; } thread P0 isb();", "hint: did you mean 'granule'?"));
}
