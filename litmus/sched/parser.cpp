// SPDX-License-Identifier: Apache-2.0
//
// Items and statements of the schedule language; expressions are in expression_parser.cpp.

#include "litmus/sched/parser.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "litmus/sched/nested.hpp"

namespace tlbcheck::litmus::sched {
namespace {

const std::vector<std::string>& item_keywords() {
    static const std::vector<std::string> words = {
        "schedule", "include", "machine", "param",        "region", "def",        "thread",      "assert",
        "witness",  "flag",    "kernel",  "capabilities", "layout", "kernel_set", "kernel_stub", "object",
        "space",    "cpus",    "vm"};
    return words;
}

const std::vector<std::string>& reserved_words() {
    static const std::vector<std::string> words = {"if",      "else", "for",    "let",    "true",    "false",
                                                   "machine", "def",  "thread", "assert", "witness", "with"};
    return words;
}

}  // namespace

Parser::Parser(const Source& source, std::uint32_t file)
    : source_(source), file_(file), tokens_(tokenize(source)) {}

const Token& Parser::peek(std::size_t ahead) const {
    return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

bool Parser::is(std::string_view text) const {
    return (peek().kind == TokenKind::punctuation || peek().kind == TokenKind::name) && peek().text == text;
}

Token Parser::take() {
    const Token token = peek();
    if (at_ + 1 < tokens_.size()) ++at_;
    return token;
}

bool Parser::accept(std::string_view text) {
    if (!is(text)) return false;
    take();
    return true;
}

Spot Parser::spot(const Token& token) const {
    return {file_, token.place};
}

void Parser::unexpected(std::string_view wanted) const {
    const Token& token = peek();
    const std::string found = token.kind == TokenKind::end ? "the end of the file"
                              : token.kind == TokenKind::string
                                  ? "a string"
                                  : fmt::format("'{}'", printable(token.text, 40));
    fail({source_, token.place}, fmt::format("expected {}, found {}", wanted, found));
}

Token Parser::expect(std::string_view text, std::string_view after) {
    if (is(text)) return take();
    // A missing ';' is best shown where it belongs: behind the token before.
    if (text == ";" && at_ > 0 && peek().place.line != tokens_[at_ - 1].place.line) {
        const Token& before = tokens_[at_ - 1];
        const Place behind{before.place.line, before.place.column + before.place.length, 1};
        fail({source_, behind}, fmt::format("expected ';' after {}", after));
    }
    unexpected(fmt::format("'{}' after {}", text, after));
}

Token Parser::expect_name(std::string_view what) {
    if (peek().kind != TokenKind::name) unexpected(what);
    const auto& reserved = reserved_words();
    if (std::find(reserved.begin(), reserved.end(), peek().text) != reserved.end()) {
        fail({source_, peek().place},
             fmt::format("'{}' is a word of the language and cannot be {}", peek().text, what));
    }
    return take();
}

void Parser::parse_file(SyntaxTree& tree, const OnInclude& on_include) {
    while (peek().kind != TokenKind::end) item(tree, on_include);
}

void Parser::item(SyntaxTree& tree, const OnInclude& on_include) {
    const Token token = peek();
    if (accept(";")) return;
    if (accept("schedule")) {
        const Token title = string_item("schedule");
        if (file_ == 0) tree.title = printable(title.text, 200);
    } else if (accept("include")) {
        const Token path = string_item("include");
        on_include({std::string(path.text), spot(path)});
    } else if (accept("machine")) {
        tree.machines.push_back(settings("machine"));
    } else if (accept("param")) {
        tree.params.push_back(param());
    } else if (accept("region")) {
        tree.regions.push_back(region());
    } else if (accept("def")) {
        tree.defs.push_back(def());
    } else if (accept("thread")) {
        tree.threads.push_back(thread());
    } else if (accept("flag")) {
        flags(tree);
    } else if (accept("space")) {
        const Token name = expect_name("the name of a space");
        tree.spaces.push_back({std::string(name.text), settings("space"), spot(name)});
    } else if (accept("vm")) {
        const Token name = expect_name("the name of a VM");
        tree.spaces.push_back({std::string(name.text), settings("vm"), spot(name), true});
    } else if (accept("cpus")) {
        cpus(tree);
    } else if (is("assert") || is("witness")) {
        tree.properties.push_back(property(take().text == "witness"));
    } else if (!kernel_item(tree)) {
        std::string hint =
            "a file holds schedule, include, machine, param, region, def, thread, flag, space, vm, cpus, "
            "assert "
            "and "
            "witness; "
            "for compiled "
            "kernel code also kernel, capabilities, layout, kernel_set, kernel_stub and object";
        if (token.kind == TokenKind::name) hint = did_you_mean(token.text, item_keywords(), hint);
        fail({source_, token.place}, fmt::format("'{}' begins no item", printable(token.text, 40)), hint);
    }
}

Token Parser::string_item(std::string_view keyword) {
    if (peek().kind != TokenKind::string) unexpected(fmt::format("a string after '{}'", keyword));
    const Token token = take();
    expect(";", fmt::format("the {} string", keyword));
    return token;
}

std::vector<Setting> Parser::settings(std::string_view what) {
    std::vector<Setting> result;
    expect("{", fmt::format("'{}'", what));
    while (!accept("}")) {
        if (peek().kind != TokenKind::name) unexpected(fmt::format("a parameter of '{}' or '}}'", what));
        const Token key = take();
        expect("=", fmt::format("'{}'", printable(key.text, 40)));
        Setting setting{std::string(key.text), expression(), spot(key)};
        for (const Setting& other : result) {
            if (other.key == setting.key)
                fail({source_, key.place}, fmt::format("'{}' is given twice", setting.key));
        }
        result.push_back(std::move(setting));
        if (!is("}") && !accept(",")) expect(";", "the value");
    }
    return result;
}

ParamItem Parser::param() {
    const Token name = expect_name("the name of a param");
    expect("=", "the name of the param");
    ParamItem item{std::string(name.text), expression(), spot(name)};
    expect(";", "the value");
    return item;
}

RegionItem Parser::region() {
    const Token name = expect_name("the name of a region");
    return {std::string(name.text), settings("region"), spot(name)};
}

DefItem Parser::def() {
    const Token name = expect_name("the name of a def");
    DefItem item;
    item.name = std::string(name.text);
    item.spot = spot(name);
    expect("(", "the name of the def");
    while (!accept(")")) {
        if (!item.parameters.empty()) expect(",", "the parameter");
        const Token parameter = expect_name("the name of a parameter");
        if (std::find(item.parameters.begin(), item.parameters.end(), parameter.text) !=
            item.parameters.end()) {
            fail({source_, parameter.place}, fmt::format("parameter '{}' is declared twice", parameter.text));
        }
        item.parameters.emplace_back(parameter.text);
    }
    item.body = statement();
    return item;
}

ThreadItem Parser::thread() {
    const Token name = expect_name("the name of a thread");
    ThreadItem item;
    item.name = std::string(name.text);
    item.spot = spot(name);
    if (accept("in")) {
        do {
            const Token space = expect_name("the space the thread starts in");
            item.in.push_back({std::string(space.text), spot(space)});
        } while (accept(","));
    }
    item.body = statement();
    return item;
}

void Parser::cpus(SyntaxTree& tree) {
    do {
        const Token name = expect_name("the name of a PE");
        tree.cpus.push_back({std::string(name.text), spot(name)});
    } while (accept(","));
    expect(";", "the PE");
}

void Parser::flags(SyntaxTree& tree) {
    do {
        const Token name = expect_name("the name of a flag");
        tree.flags.push_back({std::string(name.text), spot(name)});
    } while (accept(","));
    expect(";", "the flag");
}

/// tolerate = WORD
void Parser::tolerance(PropertyItem& item) {
    expect("tolerate", "the region and ','");
    expect("=", "'tolerate'");
    const Token what = expect_name("what is tolerated");
    item.tolerate = std::string(what.text);
    item.tolerate_spot = spot(what);
}

PropertyItem Parser::property(bool expect_violation) {
    PropertyItem item;
    item.expect_violation = expect_violation;
    item.spot = {file_, tokens_[at_ - 1].place};
    const Token name = expect_name("a property");
    item.name = std::string(name.text);
    item.name_spot = spot(name);
    if (accept("(")) {
        if (!is(")")) {
            const Token region = expect_name("a region");
            item.region = std::string(region.text);
            item.region_spot = spot(region);
            if (accept(",")) tolerance(item);
        }
        expect(")", "the region");
    }
    if (accept("at")) {
        const Token label = expect_name("a label");
        item.label = std::string(label.text);
        item.label_spot = spot(label);
    }
    if (accept("by")) {
        do {
            const Token pe = expect_name("the name of a thread");
            item.by.emplace_back(std::string(pe.text), spot(pe));
        } while (accept(","));
    }
    if (is("tolerate")) tolerance(item);
    if (accept("with")) item.with = settings("with");
    expect(";", "the property");
    return item;
}

StatementPtr Parser::statement() {
    const Nested nested(depth_, {source_, peek().place});
    if (is("{")) return block();
    if (is("if")) return branch();
    if (is("for")) return loop();
    if (is("let")) return let();
    if (is("call") && peek(1).kind == TokenKind::name) return kernel_call();
    if (is(";")) {
        auto empty = std::make_unique<Statement>();
        empty->spot = spot(take());
        return empty;
    }
    if (peek().kind != TokenKind::name) unexpected("a statement");
    if (peek(1).kind == TokenKind::punctuation && peek(1).text == ":") return label();
    return call_statement();
}

StatementPtr Parser::block() {
    auto result = std::make_unique<Statement>();
    const Token open = take();
    result->spot = spot(open);
    while (!is("}")) {
        if (peek().kind == TokenKind::end) {
            fail({source_, open.place}, "this '{' is not closed");
        }
        result->body.push_back(statement());
    }
    take();
    return result;
}

StatementPtr Parser::branch() {
    auto result = std::make_unique<Statement>();
    result->kind = StatementKind::branch;
    result->spot = spot(take());
    expect("(", "'if'");
    result->expression = expression();
    expect(")", "the condition");
    result->body.push_back(statement());
    if (accept("else")) result->body.push_back(statement());
    return result;
}

StatementPtr Parser::loop() {
    auto result = std::make_unique<Statement>();
    result->kind = StatementKind::loop;
    result->spot = spot(take());
    expect("(", "'for'");
    result->name = std::string(expect_name("the name of a loop variable").text);
    expect(":", "the loop variable");
    result->expression = expression();
    expect(")", "what the loop runs over");
    result->body.push_back(statement());
    return result;
}

StatementPtr Parser::let() {
    auto result = std::make_unique<Statement>();
    result->kind = StatementKind::let;
    result->spot = spot(take());
    result->name = std::string(expect_name("the name of a variable").text);
    expect("=", "the name of the variable");
    result->expression = expression();
    expect(";", "the value");
    return result;
}

StatementPtr Parser::label() {
    auto result = std::make_unique<Statement>();
    result->kind = StatementKind::label;
    const Token name = expect_name("a label");
    result->name = std::string(name.text);
    result->spot = spot(name);
    expect(":", "the label");
    result->body.push_back(statement());
    return result;
}

StatementPtr Parser::call_statement() {
    const Token name = expect_name("a statement");
    if (!is("(")) {
        std::string hint;
        if (is("=")) hint = fmt::format("a local name is made by 'let {} = ...;'", printable(name.text, 40));
        fail({source_, name.place}, fmt::format("'{}' is no statement", printable(name.text, 40)), hint);
    }
    auto result = std::make_unique<Statement>();
    result->kind = StatementKind::call;
    result->spot = spot(name);
    result->expression = call(name);
    expect(";", "the call");
    return result;
}

}  // namespace tlbcheck::litmus::sched
