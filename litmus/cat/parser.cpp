// SPDX-License-Identifier: Apache-2.0
//
// The cat parser's instructions: what a file holds at top level and in procedures.
#include "litmus/cat/parser.hpp"

#include "litmus/cat/expression_parser.hpp"
#include "litmus/cat/lexer.hpp"

namespace tlbcheck::litmus::cat {

namespace {

class InstructionParser : public ExpressionParser {
  public:
    using ExpressionParser::ExpressionParser;

    File file() {
        File result;
        title(result);
        accept_keyword("catdep");
        while (peek().kind != TokenKind::end_of_text) result.instructions.push_back(instruction());
        return result;
    }

  private:
    void title(File& result) {
        if (peek().kind == TokenKind::string) {
            result.title = take().text;
        } else if (peek().kind == TokenKind::identifier) {
            result.title = take().text;
            const bool second = peek().kind == TokenKind::string || peek().kind == TokenKind::identifier;
            if (second) result.title = take().text;
        }
    }

    std::vector<Instruction> instructions_until(const char* keyword, const char* other) {
        const Nesting nesting(*this);
        std::vector<Instruction> result;
        while (!peek().is_keyword(keyword) && !peek().is_keyword(other)) result.push_back(instruction());
        return result;
    }

    Instruction instruction() {
        const Span begin = peek().span;
        Instruction result = instruction_body();
        result.span = span_from(begin);
        return result;
    }

    Instruction instruction_body() {
        if (test_starts()) return test();
        if (accept_keyword("let")) return let();
        if (accept_keyword("include")) return include();
        if (accept_keyword("procedure")) return procedure();
        if (accept_keyword("call")) return call();
        if (accept_keyword("with")) return with_from();
        if (accept_keyword("if")) return conditional();
        if (peek().is_keyword("show") || peek().is_keyword("unshow")) return show();
        for (const char* keyword : {"enum", "debug", "forall", "match", "instructions", "default"}) {
            if (peek().is_keyword(keyword)) {
                fail(peek().span, "'" + std::string(keyword) + "' is not supported in a model");
            }
        }
        fail_here("an instruction ('let', 'acyclic', 'include', ...)");
    }

    bool test_starts() const {
        const Token& token = peek();
        for (const char* keyword :
             {"acyclic", "irreflexive", "empty", "flag", "assert", "undefined_unless"}) {
            if (token.is_keyword(keyword)) return true;
        }
        return token.is_symbol("~");
    }

    Instruction test() {
        Instruction result;
        result.kind = InstructionKind::test;
        Test& test = result.test;
        if (accept_keyword("flag")) {
            test.role = Test::Role::flag;
        } else if (accept_keyword("assert")) {
            test.role = Test::Role::assertion;
        } else if (accept_keyword("undefined_unless")) {
            test.role = Test::Role::undefined_unless;
        }
        test.negated = accept_symbol("~");
        if (accept_keyword("acyclic")) {
            test.kind = model::CheckKind::acyclic;
        } else if (accept_keyword("empty")) {
            test.kind = model::CheckKind::empty;
        } else if (accept_keyword("irreflexive")) {
            test.kind = model::CheckKind::irreflexive;
        } else {
            fail_here("'acyclic', 'irreflexive' or 'empty'");
        }
        test.expression = expression();
        test.name = optional_name();
        return result;
    }

    std::string optional_name() { return accept_keyword("as") ? expect_identifier("a name") : std::string(); }

    Instruction let() {
        Instruction result;
        result.kind = accept_keyword("rec") ? InstructionKind::let_rec : InstructionKind::let;
        result.bindings = bindings();
        if (peek().is_keyword("when")) fail(peek().span, "'let rec ... when' is not supported");
        accept_keyword("in");
        return result;
    }

    Instruction show() {
        Instruction result;
        result.kind = InstructionKind::show;
        take();
        base();
        while (accept_symbol(",")) base();
        optional_name();
        return result;
    }

    Instruction include() {
        Instruction result;
        result.kind = InstructionKind::include;
        if (peek().kind != TokenKind::string) fail_here("a file name, in double quotes");
        result.name = take().text;
        return result;
    }

    Instruction procedure() {
        Instruction result;
        result.kind = InstructionKind::procedure;
        result.recursive = accept_keyword("rec");
        result.name = expect_identifier("the procedure's name");
        result.parameter = parameter();
        expect_symbol("=");
        result.body = instructions_until("end", "end");
        expect_keyword("end");
        return result;
    }

    Instruction call() {
        Instruction result;
        result.kind = InstructionKind::call;
        result.name = expect_identifier("the procedure's name");
        result.expression = simple();
        result.test.name = optional_name();
        return result;
    }

    Instruction with_from() {
        Instruction result;
        result.kind = InstructionKind::with_from;
        result.name = expect_identifier("a name");
        expect_keyword("from");
        result.expression = expression();
        return result;
    }

    Instruction conditional() {
        Instruction result;
        result.kind = InstructionKind::conditional;
        result.condition = variant_condition();
        result.body = instructions_until("else", "end");
        if (accept_keyword("else")) result.other = instructions_until("end", "end");
        expect_keyword("end");
        return result;
    }
};

}  // namespace

File parse(const Source& source, std::uint32_t file) {
    return InstructionParser(source, tokenise(source, file)).file();
}

}  // namespace tlbcheck::litmus::cat
