// SPDX-License-Identifier: Apache-2.0
//
// The columns of code, and labels.
#include "litmus/herd/code_parser.hpp"

#include <algorithm>
#include <set>

#include "litmus/herd/state_parser.hpp"

namespace tlbcheck::litmus::herd {

using model::LitmusInstruction;
using model::LitmusThread;

namespace {

struct Column {
    int thread = 0;
    bool handler = false;
    Token head;
    std::vector<LitmusInstruction> code;
    std::vector<Token> places;  // of each instruction
    std::vector<std::pair<std::string, int>> labels;
};

Column parse_head(TokenReader& in) {
    Column column;
    column.head = in.peek();
    std::string name = in.name("a thread, as in 'P0'");
    if (name.ends_with(".F")) {
        column.handler = true;
        name.resize(name.size() - 2);
    }
    const auto thread = parse_thread_name(name);
    if (!thread) in.fail_at(column.head, "expected a thread, as in 'P0', or its fault handler, 'P0.F'");
    column.thread = *thread;
    if (in.accept(":")) {
        do in.name("an annotation");
        while (in.accept(","));
    }
    return column;
}

void parse_cell(TokenReader& in, Column& column) {
    while (in.peek().kind == TokenKind::name && in.peek(1).is(":")) {
        const Token label = in.next();
        in.next();
        for (const auto& [known, at] : column.labels) {
            if (known == label.text)
                in.fail_at(label, "label '" + printable(label.text) + "' is already on this thread");
        }
        column.labels.emplace_back(label.text, static_cast<int>(column.code.size()));
    }
    if (in.peek().is("|") || in.peek().is(";") || in.at_end()) return;
    const Token place = in.peek();
    if (place.kind != TokenKind::name) in.fail("expected an instruction");
    if (place.text == "scopes" || place.text == "levels" || place.text == "regions") {
        in.fail("'" + place.text + "' is not supported");
    }
    LitmusInstruction instruction = parse_instruction(in);
    if (!in.peek().is("|") && !in.peek().is(";")) in.fail("expected ';' or '|' after the instruction");
    const Token& stop = in.peek();
    std::string text;
    for (const char c : in.source()->text.substr(place.begin, stop.begin - place.begin)) {
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            text += c;
        else if (!text.empty() && text.back() != ' ')
            text += ' ';
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    const Place at = place_of(in.source()->text, place.begin);
    instruction.place = {at.line, at.column, static_cast<std::uint32_t>(text.size())};
    instruction.text = std::move(text);
    column.code.push_back(std::move(instruction));
    column.places.push_back(place);
}

void parse_row(TokenReader& in, std::vector<Column>& columns) {
    const Token row = in.peek();
    std::size_t cell = 0;
    do {
        if (cell == columns.size()) in.fail("this row has more cells than there are threads");
        parse_cell(in, columns[cell]);
        ++cell;
    } while (in.accept("|"));
    if (cell != columns.size() && !(cell == 1 && in.peek().is(";"))) {
        in.fail_at(row, "this row has " + std::to_string(cell) + " cells, the head has " +
                            std::to_string(columns.size()));
    }
    in.expect(";");
}

/// `.+8`: counted in bytes from the instruction itself.
int relative_target(const TokenReader& in, const Token& place, int from, int size, std::int64_t bytes) {
    const std::int64_t to = from + bytes / 4;
    if (bytes % 4 != 0 || to < 0 || to > size) in.fail_at(place, "the branch leaves the thread's code");
    return static_cast<int>(to);
}

void resolve_targets(const TokenReader& in, const Column& column, const LitmusThread& thread,
                     std::vector<LitmusInstruction>& code) {
    for (std::size_t i = 0; i < code.size(); ++i) {
        LitmusInstruction& instruction = code[i];
        if (instruction.relative) {
            const int base = column.handler ? static_cast<int>(thread.code.size()) + 1 : 0;
            instruction.target = base + relative_target(in, column.places[i], static_cast<int>(i),
                                                        static_cast<int>(code.size()), *instruction.relative);
            continue;
        }
        if (instruction.label.empty() || instruction.op == model::LitmusOpcode::address_of_label) continue;
        const auto it = thread.labels.find(instruction.label);
        if (it == thread.labels.end()) {
            in.fail_at(column.places[i], "there is no label '" + printable(instruction.label) + "' on P" +
                                             std::to_string(thread.number));
        }
        instruction.target = it->second;
    }
}

/// ADR names a label of its own thread; another thread's address comes in a register, as for herd7.
void resolve_addresses(const TokenReader& in, const Column& column, const LitmusThread& own,
                       const std::vector<LitmusThread>& threads, std::vector<LitmusInstruction>& code) {
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i].op != model::LitmusOpcode::address_of_label) continue;
        const std::string& label = code[i].label;
        code[i].label_thread = own.number;
        if (own.labels.contains(label)) continue;
        const auto owner =
            std::ranges::find_if(threads, [&](const LitmusThread& t) { return t.labels.contains(label); });
        std::string why = "there is no label '" + printable(label) + "' on P" + std::to_string(own.number);
        if (owner != threads.end()) {
            why += "; give a register the initial value P" + std::to_string(owner->number) + ":" +
                   printable(label);
        }
        in.fail_at(column.places[i], why);
    }
}

/// A label stands once in the whole test, as for herd7.
void check_labels(const TokenReader& in, const std::vector<Column>& columns) {
    std::set<std::string> seen;
    for (const Column& c : columns) {
        for (const auto& [label, at] : c.labels) {
            if (!seen.insert(label).second)
                in.fail_at(c.head, "label '" + printable(label) + "' stands more than once in this test");
        }
    }
}

void add_column(const TokenReader& in, std::vector<LitmusThread>& threads, const Column& column) {
    auto it = std::ranges::find_if(threads, [&](const LitmusThread& t) { return t.number == column.thread; });
    if (column.handler) {
        if (it == threads.end()) in.fail_at(column.head, "a fault handler of a thread that does not exist");
        if (it->handler) in.fail_at(column.head, "this thread already has a fault handler");
    } else {
        if (it != threads.end()) in.fail_at(column.head, "this thread is already there");
        it = threads.insert(threads.end(), LitmusThread{});
        it->number = column.thread;
    }
    const int base = column.handler ? static_cast<int>(it->code.size()) + 1 : 0;
    for (const auto& [label, at] : column.labels) {
        it->labels.emplace(label, base + at);
    }
    if (column.handler)
        it->handler = column.code;
    else
        it->code = column.code;
}

}  // namespace

std::vector<LitmusThread> parse_code(TokenReader& in) {
    std::vector<Column> columns;
    in.accept(";");
    do columns.push_back(parse_head(in));
    while (in.accept("|"));
    in.expect(";");
    while (!in.at_end()) parse_row(in, columns);

    check_labels(in, columns);
    std::vector<LitmusThread> threads;
    for (const bool handler : {false, true}) {
        for (const Column& c : columns) {
            if (c.handler == handler) add_column(in, threads, c);
        }
    }
    for (const Column& c : columns) {
        auto it = std::ranges::find_if(threads, [&](const LitmusThread& t) { return t.number == c.thread; });
        resolve_targets(in, c, *it, c.handler ? *it->handler : it->code);
        resolve_addresses(in, c, *it, threads, c.handler ? *it->handler : it->code);
    }
    return threads;
}

}  // namespace tlbcheck::litmus::herd
