// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/asm/expression.cpp and listing.cpp.

#include "litmus/kernel/asm/listing.hpp"

#include "litmus/kernel/asm/error.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::litmus::kernel::assembly;

namespace {

std::int64_t number(std::string_view text) {
    return evaluate_number(text, [](std::string_view name) -> Value {
        if (name == "four") return {4, {}, {}, {}};
        throw AsmError("unknown");
    });
}

std::string layout_failure(std::string_view text) {
    try {
        lay_out(text);
    } catch (const AsmError& error) {
        return error.what();
    }
    return "";
}

const Section* find(const Listing& listing, std::string_view name, std::size_t which = 0) {
    for (const Section& section : listing.sections)
        if (section.name == name && which-- == 0) return &section;
    return nullptr;
}

}  // namespace

TEST_CASE("expressions have the assembler's operators and their precedence") {
    CHECK(number("1 + 2 * 3") == 7);
    CHECK(number("(3 << 19) | (2 << 5)") == ((3 << 19) | (2 << 5)));
    CHECK(number("1 << 4 | 1") == 17);
    CHECK(number("2 + 1 | 4") == 7);  // | binds tighter than +
    CHECK(number("-four + ~0") == -5);
    CHECK(number("!0 + !7") == 1);
    CHECK(number("1 == 1") == -1);
    CHECK(number("3 > 4 || 2 != 3 && 1") == 1);
    CHECK(number("0x1F + 0b11 + 010 + 'A'") == 31 + 3 + 8 + 65);
    CHECK(number("7 / 2 + 7 % 4") == 6);
    CHECK(number("0xFFFFFFFFFFFFFFFF") == -1);
    CHECK_THROWS_AS(number("1 +"), AsmError);
    CHECK_THROWS_AS(number("(1"), AsmError);
    CHECK_THROWS_AS(number("1 / 0"), AsmError);
    CHECK_THROWS_AS(number("09"), AsmError);
    CHECK_THROWS_AS(number(std::string(500, '(')), AsmError);
}

TEST_CASE("sections are entered, left and gone back to") {
    const Listing listing = lay_out(
        "nop\n.pushsection .data.x, \"aw\"\n.long 1, 2\n.popsection\nisb\n"
        ".subsection 1\nnop\nnop\n.previous\nnop\n.section .text.y\nnop\n.text\nnop");
    REQUIRE(find(listing, "") != nullptr);
    CHECK(find(listing, "")->size == 12);
    CHECK(find(listing, "", 1)->size == 8);
    CHECK(find(listing, "", 1)->executable);
    CHECK(find(listing, ".data.x")->items.size() == 2);
    CHECK_FALSE(find(listing, ".data.x")->executable);
    CHECK(find(listing, ".text.y")->executable);
    CHECK(find(listing, ".text")->size == 4);
    CHECK(layout_failure(".popsection") ==
          "inline assembly '.popsection': there is no '.pushsection' for it");
    CHECK(layout_failure(".previous") == "inline assembly '.previous': there is no section before it");
}

TEST_CASE("local labels are the nearest before and after") {
    const Listing listing =
        lay_out("1: nop\n1: nop\n.pushsection .rodata\n.long 1b - ., 1f - .\n.popsection\n1: isb");
    const Section& data = *find(listing, ".rodata");
    const Value before = listing.evaluate(data.items[0].expression, {1, 0});
    REQUIRE(before.place);
    CHECK(before.place->offset == 4);
    CHECK(before.minus_place == Location{1, 0});
    CHECK(listing.evaluate(data.items[1].expression, {1, 4}).place->offset == 8);
    CHECK(layout_failure("b 1b") == "inline assembly 'b 1b': there is no label '1:' before it");
    CHECK(layout_failure("x: nop\nx: nop") == "inline assembly: the label 'x' is defined twice");
}

TEST_CASE("distances in one section are numbers, others stay addresses") {
    const Listing listing =
        lay_out("1: nop\nnop\n2:\n.pushsection .rodata\n.byte 2b - 1b\n.quad outside + 8 - .\n.popsection");
    const Section& data = *find(listing, ".rodata");
    CHECK(listing.evaluate(data.items[0].expression, {1, 0}).number == 8);
    const Value outside = listing.evaluate(data.items[1].expression, {1, 1});
    CHECK(outside.symbol == "outside");
    CHECK(outside.number == 8);
}

TEST_CASE("bodies that must be equally long are compared") {
    constexpr std::string_view ok =
        "1: nop\nnop\n2:\n.subsection 1\n3: isb\nnop\n4:\n.org . - (4b-3b) + (2b-1b)\n"
        ".org . - (2b-1b) + (4b-3b)\n.previous";
    CHECK(layout_failure(ok) == "");
    constexpr std::string_view longer =
        "1: nop\n2:\n.subsection 1\n3: isb\nnop\n4:\n.org . - (4b-3b) + (2b-1b)\n.previous";
    CHECK(layout_failure(longer).find("one is longer") != std::string::npos);
    constexpr std::string_view shorter =
        "1: nop\nnop\n2:\n.subsection 1\n3: isb\n4:\n.org . - (4b-3b) + (2b-1b)\n.previous";
    CHECK(layout_failure(shorter).find("one is shorter") != std::string::npos);
}

TEST_CASE("data is laid out by size, with padding") {
    const Listing listing = lay_out(
        ".pushsection .rodata.s, \"a\"\n.byte 1\n.align 2\n.hword 2\n.balign 8\n.quad 3\n"
        ".string \"ab\"\n.skip 5\n.popsection");
    const Section& data = *find(listing, ".rodata.s");
    CHECK(data.size == 8 + 8 + 3 + 5);
    CHECK(layout_failure(".align 2\nnop") == "");
}

TEST_CASE("what cannot be laid out is named") {
    CHECK(layout_failure(".frobnicate 3") ==
          "inline assembly '.frobnicate 3': a directive that is not known here");
    CHECK(layout_failure(".word 5") == "inline assembly '.word 5': data among instructions");
    CHECK(layout_failure(".pushsection .data\nnop")
              .find("an instruction in '.data', which is no section of code") != std::string::npos);
    CHECK(layout_failure(".org later").find("'later' must be known") != std::string::npos);
    CHECK(layout_failure(".pushsection .data\n.skip 9999999999").find("no number in bounds") !=
          std::string::npos);
    CHECK(layout_failure(".pushsection .data\n.skip").find("how many bytes is not said") !=
          std::string::npos);
    CHECK(layout_failure(".pushsection").find("a section without a name") != std::string::npos);
}
