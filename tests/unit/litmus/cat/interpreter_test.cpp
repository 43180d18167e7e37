// SPDX-License-Identifier: Apache-2.0
#include "litmus/cat/interpreter.hpp"

#include "tests/support/catch.hpp"
#include "tests/unit/litmus/cat/cat_support.hpp"

using tlbcheck::model::CheckKind;
using tlbcheck::tests::definition;
using tlbcheck::tests::error;
using tlbcheck::tests::read;

TEST_CASE("a name bound again refers to the binding before") {
    CHECK(definition("a", "let a = po\nlet a = a; rf") == "(a; rf)");
    CHECK(definition("iico_data", "let iico_data = iico_data+") == "iico_data+");
    CHECK(definition("b", "let a = po\nlet a = rf and b = a; co") == "(a; co)");
}

TEST_CASE("local bindings are seen in their expression only") {
    CHECK(definition("x", "let x = let y = po; rf in y | co") == "((po; rf) | co)");
    CHECK(error("let x = let y = po in y\nlet z = y").find("'y' is not defined") != std::string::npos);
}

TEST_CASE("functions are expanded where they are applied, with what they could see") {
    CHECK(definition("x", "let f r = r; rf\nlet x = f po") == "(po; rf)");
    CHECK(definition("x", "let between(S, r) = r; [S]; r\nlet x = between(W, po)") == "((po; [W]); po)");
    CHECK(definition("x", "let f = fun r -> fun s -> r; s\nlet x = f po rf") == "(po; rf)");
    CHECK(definition("x", "let f r s = r; s\nlet x = f po rf") == "(po; rf)");
    CHECK(definition("x", "let a = rf\nlet f r = r; a\nlet a = co\nlet x = f po") == "(po; a)");
    CHECK(definition("x", "let (a, b) = (po, rf)\nlet x = a; b") == "(po; rf)");
}

TEST_CASE("a recursion without end is an error, not a crash") {
    CHECK(error("let rec f x = f x\nlet y = f po").find("does this recursion end?") != std::string::npos);
    CHECK(error("let rec f x = f x\nlet y = try f po with rf").find("does this recursion end?") !=
          std::string::npos);
    CHECK(error("procedure rec p x = call p (x) end\ncall p (po)").find("does this recursion end?") !=
          std::string::npos);
    std::string text = "let f0 x = x | x\n";
    for (int i = 1; i < 40; ++i) {
        const std::string before = "f" + std::to_string(i - 1);
        text += "let f" + std::to_string(i) + " x = " + before + "(" + before + " x)\n";
    }
    CHECK(error(text + "let y = f39 po").find("model.cat:") == 0);
}

TEST_CASE("let rec of a closure becomes a transitive closure") {
    CHECK(definition("x", "let rec x = po | rf | x; x") == "(po | rf)+");
    CHECK(definition("x", "let rec x = x; x | po") == "po+");
    CHECK(definition("x", "let rec x = po; rf") == "(po; rf)");
}

TEST_CASE("other recursions become least solutions") {
    const auto result = read("let rec a = po | b; rf and b = co | a; a");
    REQUIRE(result.ok());
    REQUIRE(result.value().definitions.size() == 2);
    const auto& a = result.value().definitions[0].node;
    const auto& b = result.value().definitions[1].node;
    CHECK(a->op == tlbcheck::model::Op::rel_fixpoint);
    CHECK(a->variables.size() == 2);
    CHECK(b->index == 1);
    CHECK(error("let rec a = po \\ a").find("is not supported") != std::string::npos);
    CHECK(error("let rec a = ~a & po").find("is not supported") != std::string::npos);
}

TEST_CASE("conditions on variants choose what is read") {
    const std::string text = "let x = if \"ETS2\" || not \"DIC\" && \"vmsa\" then po; po else rf; rf";
    CHECK(definition("x", text) == "(rf; rf)");
    CHECK(definition("x", text, {"ets2"}) == "(po; po)");
    CHECK(definition("x", text, {"vmsa"}) == "(po; po)");
    CHECK(definition("x", text, {"vmsa", "dic"}) == "(rf; rf)");
    CHECK(definition("y", "if variant \"a\" let y = po; po else let y = rf; rf end", {"a"}) == "(po; po)");
    CHECK(definition("y", "if \"a\" let y = po; po else let y = rf; rf end") == "(rf; rf)");
}

TEST_CASE("try falls back where a name is unknown or a type is wrong") {
    CHECK(definition("x", "let x = try nowhere with po; rf") == "(po; rf)");
    CHECK(definition("x", "let x = try R; po with po; rf") == "(po; rf)");
    CHECK(definition("x", "let x = try DSB.ISH with emptyset") == "(DSB.ISH | {})");
}

TEST_CASE("the empty set and the universe are sets and relations alike") {
    CHECK(definition("x", "let x = _ \\ R") == "~R");
    CHECK(definition("x", "let x = _ \\ po") == "~po");
    CHECK(definition("x", "let x = _ * W") == "(_ * W)");
    CHECK(definition("x", "let x = [_]; po") == "(id; po)");
    CHECK(definition("x", "let x = {} | po; rf") == "(po; rf)");
    CHECK(definition("x", "let x = 0 | po; rf") == "(po; rf)");
    CHECK(definition("x", "let x = domain 0 | (R & W)") == "(R & W)");
}

TEST_CASE("sets and relations do not mix") {
    CHECK(error("let x = R | po").find("model.cat:1:9: error: '|' of a set and a relation") == 0);
    CHECK(error("let x = R; po").find("a relation is expected here, this is a set") != std::string::npos);
    CHECK(error("let x = [po]").find("a set of events is expected here, this is a relation") !=
          std::string::npos);
    CHECK(error("let x = po po").find("a function is expected here") != std::string::npos);
    CHECK(error("let x = domain | po").find("'|' of a function") != std::string::npos);
}

TEST_CASE("an unknown name is reported with the nearest known one") {
    const std::string text = error("let x = pp");
    CHECK(text.find("model.cat:1:9: error: 'pp' is not defined") == 0);
    CHECK(text.find("did you mean 'po'?") != std::string::npos);
}

TEST_CASE("a name of herd's without a meaning here is an error where it is used") {
    CHECK(error("let x = FW | R") == "no error");  // herd's bindings are lazy too
    CHECK(error("let x = FW | R\nempty x").find("model.cat:2:7: error: 'FW' of herd is not supported") == 0);
    CHECK(error("let x = FW\nlet y = x & R\nempty y").find("model.cat:3:7: error: 'FW' of herd") == 0);
    CHECK(error("empty classes-loc po").find("'classes-loc' of herd is not supported") != std::string::npos);
    CHECK(definition("x", "let x = try FW with R & W") == "(R & W)");
}

TEST_CASE("checks and flags keep their names and kinds") {
    const auto result = read(
        "acyclic po | rf as a\nirreflexive po; rf\n~empty co as c\nempty R & W as d\nflag ~empty rf as "
        "F\nflag empty co as G\n"
        "assert empty R & W as H");
    REQUIRE(result.ok());
    const auto& model = result.value().model;
    REQUIRE(model.checks.size() == 4);
    CHECK(model.checks[0].name == "a");
    CHECK(model.checks[0].kind == CheckKind::acyclic);
    CHECK(model.checks[1].name == "model.cat:2");
    CHECK(model.checks[1].kind == CheckKind::irreflexive);
    CHECK(model.checks[2].negated);
    CHECK(tlbcheck::model::to_string(model.checks[3].relation) == "[(R & W)]");
    REQUIRE(model.flags.size() == 2);
    CHECK_FALSE(model.flags[0].negated);
    CHECK(model.flags[1].negated);
    REQUIRE(result.value().assertions.size() == 1);
    CHECK(error("flag ~empty rf").find("a flag needs a name") != std::string::npos);
    CHECK(error("undefined_unless empty rf").find("not supported") != std::string::npos);
}

TEST_CASE("procedures run their checks with their arguments") {
    const auto result = read(
        "procedure included(a, b) = empty a \\ b as inc end\ncall included(po, rf)\n"
        "call inclusion(rf, co) as lib\ncall total(po, W)");
    REQUIRE(result.ok());
    const auto& checks = result.value().model.checks;
    REQUIRE(checks.size() == 3);
    CHECK(checks[0].name == "inc");
    CHECK(tlbcheck::model::to_string(checks[0].relation) == "(po \\ rf)");
    CHECK(checks[1].name == "lib");
    CHECK(checks[2].name == "total");
    CHECK(error("call nothing(po)").find("there is no procedure 'nothing'") != std::string::npos);
}

TEST_CASE("an ordered-pairs enumeration becomes a pair choice") {
    const auto result = read(
        "let enumerate-ordered-pairs(p, r) = nonsense(p, r)\n"
        "let all(r) = enumerate-ordered-pairs (TLBI * R, r | po)\n"
        "with TLBI-after from (all rf)\nacyclic TLBI-after; po as x");
    REQUIRE(result.ok());
    const auto& model = result.value().model;
    REQUIRE(model.choices.size() == 1);
    CHECK(model.choices[0].name == "TLBI-after");
    CHECK(tlbcheck::model::to_string(model.choices[0].pairs) == "(TLBI * R)");
    CHECK(tlbcheck::model::to_string(model.choices[0].forced) == "(rf | po)");
    CHECK(tlbcheck::model::to_string(model.checks[0].relation) == "(TLBI-after; po)");
    CHECK(error("with X from po").find("an enumeration is expected here, this is a relation") !=
          std::string::npos);
}

TEST_CASE("coherence is the graph's, and extends the order it is generated from") {
    const auto result = read("with co from generate_cos(co0 | po)\nacyclic co | po as sc");
    REQUIRE(result.ok());
    const auto& checks = result.value().model.checks;
    REQUIRE(checks.size() == 2);
    CHECK(checks[0].name == "generate_cos");
    CHECK(result.value().model.choices.empty());
    CHECK(error("with mo from generate_cos(co0)").find("under the name 'co'") != std::string::npos);
}

TEST_CASE("matching on sets of events is refused with a reason, unless it is never reached") {
    const std::string library =
        "let rec each (rs, ws) = match ws with || {} -> rs || w ++ ws -> each (w ++ rs, ws) end\n";
    CHECK(error(library) == "no error");
    CHECK(error(library + "let x = each ({}, po)").find("'match' is not supported") != std::string::npos);
}

TEST_CASE("included files are read where they are included") {
    const tlbcheck::tests::Files files = {{"a.cat", "let a = po; rf\nlet b = c"},
                                          {"loop.cat", "include \"loop.cat\""}};
    CHECK(definition("x", "let c = co\ninclude \"a.cat\"\nlet x = a; b", {}, files) == "(a; b)");
    CHECK(error("include \"a.cat\"", files).find("a.cat:2:9: error: 'c' is not defined") == 0);
    CHECK(error("include \"none.cat\"", files).find("model.cat:1:1: error: cannot include \"none.cat\"") ==
          0);
    CHECK(error("include \"loop.cat\"", files).find("loop.cat:1:1: error: \"loop.cat\" includes itself") ==
          0);
}

TEST_CASE("show and unshow change nothing") {
    CHECK(error("show po, rf\nshow nowhere \\ po as x\nunshow rf") == "no error");
}

TEST_CASE("a flag met twice with the same meaning is one flag") {
    const auto result = read("flag ~empty po; rf as F\nflag ~empty po; rf as F\nflag ~empty po as F");
    REQUIRE(result.ok());
    CHECK(result.value().model.flags.size() == 2);
}
