// SPDX-License-Identifier: Apache-2.0
//
// Items and the statement of compiled kernel code.

#include <fmt/format.h>

#include <utility>

#include "litmus/sched/parser.hpp"

namespace tlbcheck::litmus::sched {

/// False: the next token begins no item of these.
bool Parser::kernel_item(SyntaxTree& tree) {
    KernelItems& kernel = tree.kernel;
    if (accept("kernel")) {
        kernel_files(kernel.files, "kernel");
    } else if (accept("capabilities")) {
        if (peek().kind == TokenKind::string) {
            kernel_files(kernel.capability_files, "capabilities");
        } else {
            for (Setting& each : settings("capabilities")) kernel.capabilities.push_back(std::move(each));
        }
    } else if (accept("layout")) {
        for (Setting& each : settings("layout")) kernel.layout.push_back(std::move(each));
    } else if (accept("kernel_set")) {
        kernel.sets.push_back(kernel_assignment());
    } else if (accept("kernel_stub")) {
        kernel.stubs.push_back(kernel_stub());
    } else if (accept("object")) {
        kernel.objects.push_back(kernel_object());
    } else {
        return false;
    }
    return true;
}

void Parser::kernel_files(std::vector<KernelFileItem>& files, std::string_view keyword) {
    do {
        if (peek().kind != TokenKind::string)
            unexpected(fmt::format("a file's name in quotes after '{}'", keyword));
        const Token path = take();
        files.push_back({std::string(path.text), spot(path)});
    } while (accept(","));
    expect(";", "the file's name");
}

/// init_mm.context.id, table[3], name + 8: up to the '='. In quotes where it has brackets.
std::string Parser::kernel_path() {
    if (peek().kind == TokenKind::string) return std::string(take().text);
    std::string result;
    const Token first = peek();
    if (first.kind != TokenKind::name) unexpected("the name of a variable or field");
    while (!is("=")) {
        if (peek().kind == TokenKind::end || peek().kind == TokenKind::string || is(";"))
            fail({source_, first.place}, "expected 'name = value'");
        result += is("+") ? " + " : std::string(peek().text);
        take();
    }
    return result;
}

KernelSetItem Parser::kernel_assignment() {
    KernelSetItem item;
    item.spot = spot(peek());
    item.path = kernel_path();
    expect("=", "the name");
    item.value = expression();
    expect(";", "the value");
    return item;
}

KernelStubItem Parser::kernel_stub() {
    const Token name = expect_name("the name of a function");
    KernelStubItem item;
    item.name = std::string(name.text);
    item.spot = spot(name);
    expect("=", "the name of the function");
    if (!accept("ignore")) item.value = expression();
    expect(";", "the value");
    return item;
}

/// In quotes where it is an array: object pages = "u64[16]" { "[0]" = 1; }
KernelObjectItem Parser::kernel_object() {
    const Token name = expect_name("the name of an object");
    KernelObjectItem item;
    item.name = std::string(name.text);
    item.spot = spot(name);
    expect("=", "the name of the object");
    item.structure = peek().kind == TokenKind::string ? std::string(take().text)
                                                      : std::string(expect_name("the name of a struct").text);
    if (accept("at")) item.at = expression();
    if (accept(";")) return item;
    expect("{", item.at ? "the object's address" : "the name of the struct");
    while (!accept("}")) {
        if (peek().kind == TokenKind::end) fail({source_, name.place}, "the object's '{' is not closed");
        item.fields.push_back(kernel_assignment());
    }
    return item;
}

StatementPtr Parser::kernel_call() {
    auto result = std::make_unique<Statement>();
    result->kind = StatementKind::kernel_call;
    result->spot = spot(take());
    const Token name = take();
    if (!is("("))
        unexpected(fmt::format("'(' after the name of the function '{}'", printable(name.text, 60)));
    result->expression = call(name, true);
    expect(";", "the call");
    return result;
}

}  // namespace tlbcheck::litmus::sched
