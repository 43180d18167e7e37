// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/world/fields.cpp.

#include "litmus/kernel/world/fields.hpp"

#include "litmus/kernel/interpreter/errors.hpp"
#include "tests/support/catch.hpp"

using namespace tlbcheck::litmus::kernel;
using namespace tlbcheck::litmus::kernel::world;

namespace {

/// struct own { int number; union { long whole; struct { int counter; } parts[2]; }; } variable; int plain;
Image image() {
    Image result;
    result.types.resize(6);
    result.types[0] = {"int", 4, {}, none};
    result.types[1] = {"", 4, {{"counter", 0, 32, 0}}, none};
    result.types[2] = {"", 8, {}, 1};  // array of it
    result.types[3] = {"", 8, {{"whole", 0, 64, 5}, {"parts", 0, 64, 2}}, none};
    result.types[4] = {"own", 16, {{"number", 0, 32, 0}, {"", 64, 64, 3}, {"flag", 32, 1, 0}}, none};
    result.types[5] = {"long", 8, {}, none};
    result.type_names["own"] = 4;
    result.type_names["long"] = 5;
    Symbol variable;
    variable.name = "variable";
    variable.size = 16;
    variable.type = 4;
    Symbol plain;
    plain.name = "plain";
    plain.size = 4;
    Symbol function;
    function.name = "function";
    function.is_function = true;
    result.symbols = {variable, plain, function};
    return result;
}

std::string refusal(const char* path) {
    try {
        find_variable(image(), path);
    } catch (const interpreter::Refusal& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("variables and fields are found by their paths") {
    const Image all = image();
    const Field number = find_variable(all, "variable.number");
    CHECK(number.symbol == "variable");
    CHECK(number.offset == 0);
    CHECK(number.bytes == 4);
    CHECK(find_variable(all, "variable.whole").offset == 8);
    const Field counter = find_variable(all, "variable.parts[1].counter");
    CHECK(counter.offset == 12);
    CHECK(counter.bytes == 4);
    CHECK(find_variable(all, "plain").bytes == 4);
    CHECK(find_variable(all, "variable + 0x10").offset == 16);
    CHECK(find_field(all, "own", "parts[0].counter").offset == 8);
    CHECK(size_of_structure(all, "own") == 16);
}

TEST_CASE("what is not there is named") {
    CHECK(refusal("nothing") == "the bitcode has no variable 'nothing'");
    CHECK(refusal("function") == "the bitcode has no variable 'function'");
    CHECK(refusal("variable.other") == "'variable.other': 'own' has no field 'other'");
    CHECK(refusal("variable.flag") == "'variable.flag' is not a number of 1, 2, 4 or 8 bytes");
    CHECK(refusal("variable.number[2]") == "'variable.number[2]': not an array, or no index in brackets");
    CHECK_THROWS_AS(size_of_structure(image(), "gone"), interpreter::Refusal);
}

TEST_CASE("an object may be an array, of which elements are named") {
    CHECK(size_of_structure(image(), "own[3]") == 48);
    CHECK(find_field(image(), "own[3]", "[2].whole").offset == 40);
    CHECK(find_field(image(), "long[4]", "[3]").offset == 24);
    CHECK(find_field(image(), "long[4]", "[3]").bytes == 8);
    for (const char* path : {"[4]", "3", "[3", "whole", "[3].x"})
        CHECK_THROWS_AS(find_field(image(), "long[4]", path), interpreter::Refusal);
    for (const char* type : {"long[0]", "long[", "long[4]x", "long4", "[4]", "long[99999999]"})
        CHECK_THROWS_AS(size_of_structure(image(), type), interpreter::Refusal);
}
