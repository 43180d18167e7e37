// SPDX-License-Identifier: Apache-2.0
#include "litmus/cat/parser.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/cat/cat_support.hpp"

using tlbcheck::tests::definition;
using tlbcheck::tests::error;

TEST_CASE("cat operators bind as in herd") {
    CHECK(definition("x", "let x = po | rf ; co & loc") == "(po | (rf; (co & loc)))");
    CHECK(definition("x", "let x = po ; rf \\ co ; loc") == "((po; (rf \\ co)); loc)");
    CHECK(definition("x", "let x = po \\ rf \\ co") == "((po \\ rf) \\ co)");
    CHECK(definition("x", "let x = po \\ R * W & ext") == "(po \\ ((R * W) & ext))");
    CHECK(definition("x", "let x = ~rf^-1 & po") == "(~rf^-1 & po)");
    CHECK(definition("x", "let x = rf^-1; po+; loc?; co*") == "(((rf^-1; po+); loc?); co*)");
    CHECK(definition("x", "let x = [R & Exp]; po; [~W]") == "(([(R & Exp)]; po); [~W])");
}

TEST_CASE("a star before an operand is a product, else a closure") {
    CHECK(definition("x", "let x = R * W") == "(R * W)");
    CHECK(definition("x", "let x = po*\nlet y = po") == "po*");
    CHECK(definition("x", "let x = po*\n~empty rf as some") == "po*");
    CHECK(definition("x", "let x = (R|W) * ~W") == "((R | W) * ~W)");
}

TEST_CASE("cat names may hold dots, dashes and a prime") {
    CHECK(definition("DSB-ob.x'", "let DSB-ob.x' = po") == "(po | 0)");
    CHECK(definition("_RMW", "let _RMW = R & W") == "(R & W)");
}

TEST_CASE("cat comments nest and end at the end of the line") {
    CHECK(definition("x", "(* a (* b *) c *) let x = po; // d\n  rf # e\n") == "(po; rf)");
}

TEST_CASE("a title and the option catdep come first") {
    CHECK(definition("x", "AArch64 \"a title\" catdep let x = po; rf") == "(po; rf)");
    CHECK(definition("x", "\"a title\"\nlet x = po; rf") == "(po; rf)");
    CHECK(definition("x", "catdep let x = po; rf") == "(po; rf)");
}

TEST_CASE("a syntax error is reported with its place") {
    CHECK(error("let x = po;\nlet y = po")
              .find("model.cat:2:1: error: expected a relation or a set, found 'let'") == 0);
    CHECK(error("let x = (po").find("model.cat:1:12: error: expected ')', found the end of the file") == 0);
    CHECK(error("let x = po @").find("model.cat:1:12: error: no cat token starts here") == 0);
    CHECK(error("(* never closed").find("model.cat:1:1: error: this comment is not closed") == 0);
    CHECK(error("include \"x").find("model.cat:1:9: error: this string is not closed") == 0);
    CHECK(error("po").find("no error") == 0);  // a title
    CHECK(error("let = po").find("model.cat:1:5: error: expected a name, found '='") == 0);
}

TEST_CASE("operators that herd refuses to mix ask for parentheses") {
    CHECK(error("let x = ~po+").find("needs parentheses") != std::string::npos);
    CHECK(error("let x = R * W * R").find("needs parentheses") != std::string::npos);
    CHECK(error("let x = (R * W)+").find("no error") == 0);
}

TEST_CASE("deep nesting is an error, not a crash") {
    const std::string open(100000, '(');
    CHECK(error("let x = " + open).find("nested too deeply") != std::string::npos);
    std::string marks(10000, '?');
    CHECK(error("let x = po" + marks).find("nested too deeply") != std::string::npos);
    std::string conditions;
    for (int i = 0; i < 5000; ++i) conditions += "if \"a\" ";
    CHECK(error(conditions).find("nested too deeply") != std::string::npos);
}

TEST_CASE("instructions of bell files and the debugger are not supported") {
    CHECK(error("enum X = 'a || 'b").find("'enum' is not supported") != std::string::npos);
    CHECK(error("forall x in po do end").find("'forall' is not supported") != std::string::npos);
    CHECK(error("debug po").find("'debug' is not supported") != std::string::npos);
}
