// SPDX-License-Identifier: Apache-2.0
// Tests of litmus/kernel/asm/operands.cpp.

#include "litmus/kernel/asm/operands.hpp"
#include "tests/support/catch.hpp"
#include "tests/unit/litmus/kernel/asm/test_host.hpp"

using namespace tlbcheck::litmus::kernel::assembly;
using tlbcheck::tests::refusal;

namespace {

std::string printed(std::string_view text, std::string_view constraints,
                    std::vector<std::optional<std::uint64_t>> constants = {}) {
    constants.resize(8);
    return print_template({text, constraints, std::move(constants)}).text;
}

}  // namespace

TEST_CASE("each operand gets a register of its own, printed as wide as it is asked for") {
    CHECK(printed("add ${0:w}, ${1:w}, $2", "=r,r,r") == "add w0, w1, x2");
    CHECK(printed("ldr $0, $1", "=r,*Q") == "ldr x0, [x1]");
    CHECK(printed("str $1, $0", "=*m,r") == "str x1, [x0]");
    CHECK(printed("100 $$ ${:uid}", "") == "100 $ 0");
}

TEST_CASE("registers that the text, the constraints or the clobbers name are left alone") {
    CHECK(printed("mov x0, $0", "r") == "mov x0, x1");
    CHECK(printed("nop // $0", "r,~{x0},~{w1},~{memory},~{cc}") == "nop // x2");
    CHECK(printed("hvc_like $0 $1 $2", "={x0},{x2},r") == "hvc_like x0 x2 x1");
}

TEST_CASE("an operand tied to an output shares its register") {
    CHECK(printed("add $0, $2, $1", "=r,r,0") == "add x0, x0, x1");
    CHECK(refusal("nop", "=r,5", 1).find("tied to no output") != std::string::npos);
}

TEST_CASE("a number is printed where the constraint allows one, zero as the zero register for Z") {
    CHECK(printed("add $0, $0, $1", "=r,Ir", {{5}}) == "add x0, x0, 5");
    CHECK(printed("add $0, $0, $1", "=r,r", {{5}}) == "add x0, x0, x1");
    CHECK(printed("msr a, ${0:x}", "rZ", {{0}}) == "msr a, xzr");
    CHECK(printed("str ${0:w}, $1", "rZ,*Q", {{0}}) == "str wzr, [x0]");
    CHECK(printed("msr a, ${0:x}", "rZ", {{1}}) == "msr a, x0");
    CHECK(printed(".hword ${0:c}", "i", {{37}}) == ".hword 37");
    CHECK(printed(".hword ${0:n}", "i", {{37}}) == ".hword -37");
}

TEST_CASE("addresses known only at run time and labels are printed as symbols") {
    CHECK(printed(".quad ${0:c} - .", "i") == ".quad " + argument_symbol(0) + " - .");
    CHECK(printed("b ${1:l}\ncbz $0, ${2:l}", "r,!i,!i") ==
          "b " + label_symbol(0) + "\ncbz x0, " + label_symbol(1));
    CHECK(argument_of_symbol(argument_symbol(3)) == 3);
    CHECK(label_of_symbol(label_symbol(2)) == 2);
    CHECK_FALSE(argument_of_symbol("x3"));
    CHECK_FALSE(label_of_symbol(argument_symbol(2)));
}

TEST_CASE("what cannot be an operand is refused by its constraint") {
    CHECK(refusal("nop", "=w") == "inline assembly operand \"=w\": a constraint that is not known here");
    CHECK(refusal("nop", "=i") == "inline assembly operand \"=i\": an output that is no register");
    CHECK(refusal("nop", "=*r", 1) ==
          "inline assembly operand \"=*r\": not a memory operand that is known here (Q, m, o)");
    CHECK(refusal("nop", "={d0}") == "inline assembly operand \"={d0}\": a register that is not modelled");
    CHECK(refusal("mov $3, $0", "=r") == "inline assembly: '$3' is no operand");
    CHECK(refusal("mov ${0:s}, x1", "=r") ==
          "inline assembly operand \"=r\": printed with modifier 's', which is not known here");
    CHECK(refusal("mov ${0", "=r") == "inline assembly: '${' without '}'");
    CHECK(refusal("nop", "r,r", 1).find("fewer arguments") != std::string::npos);
    std::string many = "=r";
    for (int i = 0; i < 40; ++i) many += ",=r";
    CHECK(refusal("nop", many).find("no register is left") != std::string::npos);
}
