// SPDX-License-Identifier: Apache-2.0
#include "litmus/cat/cat_reader.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/cat/cat_support.hpp"

namespace cat = tlbcheck::litmus::cat;
using tlbcheck::tests::read;

TEST_CASE("a model file that is not there is an error") {
    const auto result = cat::read_cat("no/such/model.cat", cat::files_beside("no/such/model.cat"), {});
    REQUIRE_FALSE(result.ok());
    CHECK(tlbcheck::litmus::render(result.diagnostics()).find("cannot read 'no/such/model.cat'") !=
          std::string::npos);
}

TEST_CASE("a model is called by its title, else by its file") {
    CHECK(read("\"Strong\" let a = po").value().model.name == "Strong");
    CHECK(read("let a = po").value().model.name == "model.cat");
}

TEST_CASE("expressions are the same when only names of subterms differ") {
    const auto node = [](const std::string& text) { return read(text).value().definitions.back().node; };
    CHECK(cat::same_expression(node("let a = po; rf let b = a | co"), node("let b = (po; rf) | co")));
    CHECK(cat::same_expression(node("let a = po let b = a; rf"), node("let b = po; rf")));
    CHECK_FALSE(cat::same_expression(node("let b = po; rf"), node("let b = rf; po")));
    CHECK_FALSE(cat::same_expression(node("let b = po"), node("let b = rf")));
}

TEST_CASE("a text that doubles at each line is read in a moment") {
    std::string text = "let a0 = po\n";
    for (int i = 1; i < 500; ++i) {
        const std::string before = "a" + std::to_string(i - 1);
        text += "let a" + std::to_string(i) + " = " + before + " | " + before + "\n";
    }
    CHECK(read(text).ok());
}

TEST_CASE("a text that builds an expression too tall is an error") {
    std::string text = "let a = po\n";
    for (int i = 0; i < 3000; ++i) text += "let a=a|R*W\n";
    const auto result = read(text);
    REQUIRE_FALSE(result.ok());
    CHECK(tlbcheck::litmus::render(result.diagnostics()).find("too many steps") != std::string::npos);
}
