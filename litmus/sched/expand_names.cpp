// SPDX-License-Identifier: Apache-2.0
//
// Names, members and functions within a thread.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "litmus/sched/machine_member.hpp"
#include "litmus/sched/thread_expander.hpp"

namespace tlbcheck::litmus::sched {

const Value* ThreadExpander::find(const std::string& name) const {
    if (!frames_.empty()) {
        const auto& scopes = frames_.back().scopes;
        // NOLINTNEXTLINE(modernize-loop-convert): backwards, inner scopes first
        for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
            for (auto entry = scope->rbegin(); entry != scope->rend(); ++entry) {
                if (entry->first == name) return &entry->second;
            }
        }
    }
    const auto global = expansion_.globals.find(name);
    return global == expansion_.globals.end() ? nullptr : &global->second;
}

Value ThreadExpander::name_value(const Expression& expression) {
    if (const Value* const value = find(expression.text)) return *value;
    if (auto object = kernel_object(expression.text, expression.spot)) return std::move(*object);
    return Word{expression.text};  // check_names let only known words pass
}

Affine ThreadExpander::plain(const Affine& number) const {
    constexpr Wide addresses = Wide{1} << 64;
    if (expansion_.program.spaces.empty() || number.base < 0 || number.base >= addresses) return number;
    return {static_cast<Wide>(model::spaces::plain(static_cast<std::uint64_t>(number.base))), number.step};
}

Value ThreadExpander::machine_value(const Expression& expression) {
    return machine_member(expansion_.program.hardware, expression.text);
}

Span ThreadExpander::span(const Expression& expression, const std::string& what) {
    const Value value = evaluate(expression);
    if (const auto* found = std::get_if<Span>(&value)) return *found;
    const std::string hint =
        std::holds_alternative<Affine>(value) ? "range(first, end) makes a range of addresses" : "";
    error(expression.spot,
          fmt::format("{} needs a leaf, set, region, table or range, not {}", what, describe(value)), hint);
}

Value ThreadExpander::member_value(const Expression& expression, const Span& span) {
    const std::string& name = expression.text;
    if (name == "start") return span.start;
    if (name == "end") return span.end();
    if (name == "size") return Affine(span.size);
    if (name == "pages")
        return Affine((span.size + model::granule_bytes(geometry_.granule()) - 1) /
                      model::granule_bytes(geometry_.granule()));
    if (name == "level" && span.kind == SpanKind::table) return Affine(span.level);
    static const std::vector<std::string> of_state = {"level", "contiguous", "pa",    "ipa",
                                                      "ap",    "asid",       "global"};
    if (name == (of_guest(span.start) ? "pa" : "ipa"))
        error(
            expression.spot, fmt::format("{} has no {}", describe(span), name),
            name == "pa" ? "a guest's stage 1 gives an IPA: .ipa" : "it is no mapping of a guest's stage 1");
    if (std::find(of_state.begin(), of_state.end(), name) != of_state.end())
        return state_member(expression, span);
    error(expression.spot, fmt::format("{} has no member '{}'", describe(span), printable(name, 40)),
          did_you_mean(name,
                       {"start", "end", "size", "pages", "level", "contiguous", "pa", "ap", "asid", "global"},
                       "members are start, end, size, pages, level, contiguous, pa, ap, asid, global"));
}

Value ThreadExpander::state_member(const Expression& expression, const Span& span) {
    const std::string& name = expression.text;
    std::optional<Piece> first;
    Span part = span;
    if (span.kind == SpanKind::table) {
        part.start = span.inner_start;
        part.size = span.inner_size;
    }
    for_pieces(part, expression.spot, [&](const Piece& piece) {
        if (!first) {
            first = piece;
            return;
        }
        const Leaf& a = *first->slot.leaf;
        const Leaf& b = *piece.slot.leaf;
        const bool same = name == "pa" || name == "ipa" ||
                          (name == "level" && first->slot.level == piece.slot.level) ||
                          (name == "contiguous" && a.contiguous == b.contiguous) ||
                          (name == "ap" && a.writable == b.writable) ||
                          (name == "asid" && a.asid == b.asid) || (name == "global" && a.global == b.global);
        if (!same)
            error(expression.spot, fmt::format("'.{}' is not the same for all leaves here", name),
                  "ask each leaf of: for (leaf : x)");
    });
    if (!first) error(expression.spot, fmt::format("'.{}' of an empty range", name));
    const FieldSet reads = name == "pa" || name == "ipa" ? bit(Field::pa)
                           : name == "contiguous"        ? bit(Field::contiguous)
                           : name == "ap"                ? bit(Field::ap)
                                                         : bit(Field::structure);
    use(part.start, static_cast<std::uint64_t>(part.size), reads, 0, expression.spot);
    const Leaf& leaf = *first->slot.leaf;
    if (name == "level") return Affine(first->slot.level);
    if (name == "pa" || name == "ipa") return first->pa();
    if (name == "contiguous") return Affine(leaf.contiguous ? 1 : 0);
    if (name == "ap") return Word{leaf.writable ? "rw" : "ro"};
    if (name == "asid") {
        const auto space = model::spaces::of(static_cast<std::uint64_t>(first->va.base));
        if (space && expansion_.program.spaces[*space].upper && !leaf.global)
            error(expression.spot, "a leaf of the upper half has no ASID of its own",
                  "its entries have that of the PE's lower half");
        return Affine(leaf.asid);
    }
    return Affine(leaf.global ? 1 : 0);
}

Value ThreadExpander::range_value(const Expression& expression) {
    const Affine first = number(*expression.arguments[0].value);
    const Affine end = number(*expression.arguments[1].value);
    if (first.step != end.step) throw NotUniform{};
    Span result;
    result.start = first;
    result.size = end.base - first.base;
    if (result.size < 0) {
        error(expression.spot, fmt::format("this range ends at {}, below its start {}", to_string(end.base),
                                           to_string(first.base)));
    }
    if (result.size == 0) return result;
    address(first, expression.spot);
    address({end.base - 1, end.step}, expression.spot);
    return result;
}

Value ThreadExpander::table_value(const Expression& expression) {
    const Span of = span(*expression.arguments[0].value, "table()");
    const int level = static_cast<int>(constant(*expression.arguments[1].value, 0, 3, "a level"));
    const SpanList list{SpanKind::table, of, level};
    const Batch batch = table_batch(list, of.start, of.end(), expression.spot);
    const Wide table_end = batch.item.start.base + batch.item.size;
    if (of.end().base > table_end) {
        error(expression.spot, fmt::format("more than one table at level {} maps this", level),
              "for (t : tables(x, level)) visits each");
    }
    return batch.item;
}

Value ThreadExpander::call_value(const Expression& expression) {
    const BuiltinSpec* const spec = find_builtin(expression.text);
    if (spec == nullptr || !spec->is_function)
        error(expression.spot, fmt::format("'{}' has no value", expression.text));
    const auto argument = [&](std::size_t k) -> const Expression& { return *expression.arguments[k].value; };
    switch (spec->builtin) {
        case Builtin::read:
            error(expression.spot, "what is read is not known while the schedule is expanded",
                  "read() stands in the condition of an if: if (read(flag) == 1)");
        case Builtin::range:
            return range_value(expression);
        case Builtin::table:
            return table_value(expression);
        case Builtin::new_table: {
            const Expression* const statement_call = std::exchange(current_, &expression);
            Value table = new_table(expression);
            current_ = statement_call;
            return table;
        }
        case Builtin::table_slot:
        case Builtin::descriptor:
        case Builtin::struct_page:
        case Builtin::linear_address:
        case Builtin::physical_address:
        case Builtin::field_address:
        case Builtin::allocated_page:
        case Builtin::object:
        case Builtin::symbol:
            return kernel_value(expression, spec->builtin);
        case Builtin::sets:
            return SpanList{SpanKind::set, span(argument(0), "sets()"), 0};
        case Builtin::pages:
            return SpanList{SpanKind::page, span(argument(0), "pages()"), 0};
        case Builtin::leaves:
            return SpanList{SpanKind::leaf, span(argument(0), "leaves()"), 0};
        case Builtin::tables:
            return SpanList{SpanKind::table, span(argument(0), "tables()"),
                            static_cast<int>(constant(argument(1), 0, 3, "a level"))};
        default:
            break;
    }
    const Affine a = number(argument(0));
    const Affine b = number(argument(1));
    if (spec->builtin == Builtin::min) return compare(Comparison::less, b, a, iterations()) ? b : a;
    if (spec->builtin == Builtin::max) return compare(Comparison::less, a, b, iterations()) ? b : a;
    if (!b.constant()) throw NotUniform{};
    if (b.base <= 0) error(argument(1).spot, fmt::format("'{}' needs a size above 0", spec->name));
    Affine rest;
    const Affine raised = spec->builtin == Builtin::align_up ? Affine(a.base + b.base - 1, a.step) : a;
    const std::string wrong = calculate("%", raised, b, rest);
    if (!wrong.empty()) error(expression.spot, wrong);
    return Affine(raised.base - rest.base, raised.step);
}

std::string ThreadExpander::operation_word(const Expression& expression) {
    if (expression.kind == ExpressionKind::name) {
        const Value* const value = find(expression.text);
        if (value == nullptr || !std::holds_alternative<Word>(*value)) return expression.text;
        return std::get<Word>(*value).text;
    }
    return word(expression);
}

}  // namespace tlbcheck::litmus::sched
