// SPDX-License-Identifier: Apache-2.0
//
// Walks over symbols with a layout (variants mlpt, contig): of two levels, the first of which leads to the
// page's descriptor or, as a block, to memory; and with the descriptors of a contiguous set for one another
// (docs/formal-model.md sections 2 and 11).
//
//   address -data-> [level 2 TTD read -data->] level 3 TTD read -data-> branch -ctrl-> access or fault
#include "model/graph/litmus/semantics.hpp"
#include "model/graph/translation/contiguous_fill.hpp"

namespace tlbcheck::model {

namespace {

using Type = LitmusDescriptorType;
constexpr int page_level = 3;

/// The descriptor, where one of this kind may stand at level 2.
std::optional<LitmusValue> of_level2(const LitmusValue& v) {
    if (v.kind != ValueKind::descriptor) return std::nullopt;
    if (v.descriptor.valid != 0 && v.descriptor.type == Type::page) return std::nullopt;
    return v;
}

std::optional<LitmusValue> without_hint(const LitmusValue& v) {
    const LitmusDescriptor& d = v.descriptor;
    if (d.valid != 0 && d.type == Type::block && d.contig != 0) return std::nullopt;
    return v;
}

std::optional<LitmusValue> of_level3(const LitmusValue& v) {
    if (v.kind != ValueKind::descriptor) return std::nullopt;
    if (v.descriptor.valid != 0 && v.descriptor.type != Type::page) return std::nullopt;
    return v;
}

/// Its alternatives that satisfy `test`, where `when` holds; others do not come to where it is used.
Symbolic alternatives_of(ValueAlgebra& a, const Symbolic& from, Formula when,
                         const std::function<bool(const LitmusValue&)>& test = {}) {
    Symbolic result;
    result.determined = from.determined;
    for (const auto& x : from.alternatives) {
        const Formula both = a.pool().both(x.when, when);
        if (!both.is_false() && (!test || test(a.values().value(x.what))))
            result.alternatives.push_back({x.what, both});
    }
    return result;
}

}  // namespace

Computation<LitmusSemantics::Ttd> LitmusSemantics::read_level(int level, Value made, const Symbolic& address,
                                                              const Symbolic& location) {
    return then(&data_sequence, std::move(made), [this, level, address, location](const Symbolic&) {
        LocalEvent e = ttd_read(location);
        e.walk_level = level;
        e.walked = address;
        return then(&data_sequence_keep_output, event(std::move(e)), [location](const Symbolic& v) {
            return unit(Ttd{v, location});
        });
    });
}

Computation<ControlFlow> LitmusSemantics::translate_by_levels(const Access& what, const Symbolic& address,
                                                              Value made) {
    const LitmusLayout& layout = *site_.layout;
    const auto descriptor = [&](const LitmusValue& v) -> std::optional<LitmusValue> {
        if (v.kind != ValueKind::address) return std::nullopt;
        if (!site_.two_levels) return LitmusValue::address(ValueKind::pte, v.symbol);
        return LitmusValue::address(ValueKind::ttd2, layout.block_of(v.symbol));
    };
    const Symbolic location = a_.map(address, descriptor, "access to an address that has no translation");
    if (!site_.two_levels) return read_leaf(what, address, location, std::move(made));
    return delayed(read_level(2, std::move(made), address, location),
                   [this, what, address](const Ttd& read, const Computation<Ttd>& walked) {
                       const Symbolic level2 = a_.map(read.whole, of_level2, "a page descriptor at level 2");
                       const Symbolic plain =
                           a_.map(level2, without_hint,
                                  "a block with the Contiguous hint, which is supported at level 3 only");
                       const Ttd upper{plain, read.location};
                       return level2_read(what, address, upper, walked);
                   });
}

Computation<ControlFlow> LitmusSemantics::level2_read(const Access& what, const Symbolic& address,
                                                      const Ttd& upper, const Computation<Ttd>& made) {
    const auto leads_to_table = [this](const LitmusValue& v) {
        return as_read(v).kind == DescriptorKind::table;
    };
    const Formula table = a_.where(upper.whole, leads_to_table);
    const Flow by_table = lazily([this, what, address, upper, made, leads_to_table] {
        const Symbolic tables = alternatives_of(a_, upper.whole, logic::true_formula, leads_to_table);
        const auto descriptor = [this](const LitmusValue& va,
                                       const LitmusValue& t) -> std::optional<LitmusValue> {
            const auto symbol = site_.layout->same_place(va.symbol, t.descriptor.oa);
            if (!symbol) return std::nullopt;
            return LitmusValue::address(ValueKind::pte, *symbol);
        };
        const Place place = place_of(address, tables, ValueKind::pte, descriptor);
        return with_fact(read_leaf(what, address, place.where, with_value(made, address)), !place.missing,
                         "a table in which no symbol stands where the accessed one does");
    });
    const Flow directly = lazily([this, what, address, upper, made, leads_to_table] {
        const auto others = [&](const LitmusValue& v) { return !leads_to_table(v); };
        const Ttd block{alternatives_of(a_, upper.whole, logic::true_formula, others), upper.location};
        return translated(what, address, block, made);
    });
    return either_by<ControlFlow>(table, by_table, directly);
}

bool LitmusSemantics::serves_whole_set(const LitmusValue& value) const {
    return value.kind == ValueKind::descriptor && translation::serves_whole_set(as_read(value));
}

/// The own descriptor, or that of another slot of the set, if a value that serves the whole set may be there.
LitmusSemantics::Slot LitmusSemantics::choose_slot(const Symbolic& own) {
    FormulaPool& pool = a_.pool();
    std::map<std::string, std::vector<std::string>> others;
    std::size_t most = 0;
    for (const auto& x : own.alternatives) {
        const std::string& symbol = a_.values().value(x.what).symbol;
        for (const std::string& other : site_.layout->neighbours(symbol)) {
            for (const ValueId v : c_.memory_values(LitmusValue::address(ValueKind::pte, other))) {
                if (!serves_whole_set(a_.values().value(v))) continue;
                others[symbol].push_back(other);
                break;
            }
        }
        most = std::max(most, others[symbol].size());
    }
    Slot result{own, logic::false_formula};
    std::vector<std::pair<Formula, Symbolic>> parts;
    Formula rest = logic::true_formula;
    for (std::size_t k = 0; k < most; ++k) {
        const Formula this_one = c_.choice("slot " + std::to_string(k));
        const auto has_other = [&](const LitmusValue& v) { return others[v.symbol].size() > k; };
        const auto location = [&](const LitmusValue& v) -> std::optional<LitmusValue> {
            return has_other(v) ? LitmusValue::address(ValueKind::pte, others[v.symbol][k]) : v;
        };
        const Formula picked = pool.both(rest, this_one);
        parts.emplace_back(picked, a_.map(own, location, ""));
        result.neighbour = pool.either(result.neighbour, pool.both(picked, a_.where(own, has_other)));
        rest = pool.both(rest, !this_one);
    }
    if (most == 0) return result;
    parts.emplace_back(rest, own);
    result.location = a_.merge(parts);
    return result;
}

Computation<ControlFlow> LitmusSemantics::read_leaf(const Access& what, const Symbolic& address,
                                                    const Symbolic& own, Value made) {
    const Slot slot = choose_slot(own);
    return delayed(
        read_level(page_level, std::move(made), address, slot.location),
        [this, what, address, slot](const Ttd& read, const Computation<Ttd>& walked) {
            const Symbolic whole =
                site_.two_levels ? a_.map(read.whole, of_level3, "a table or block descriptor at level 3")
                                 : read.whole;
            const Formula serves =
                a_.where(whole, [this](const LitmusValue& v) { return serves_whole_set(v); });
            return with_fact(translated(what, address, {whole, read.location, slot.neighbour}, walked),
                             a_.pool().implication(slot.neighbour, serves));
        });
}

/// Where the descriptor takes the address: a page, the place in a block, or the place in a contiguous set.
LitmusSemantics::Place LitmusSemantics::output_by_layout(const Symbolic& address, const Ttd& ttd) {
    const LitmusLayout& layout = *site_.layout;
    const auto physical = [](const std::optional<std::string>& symbol,
                             const LitmusValue& va) -> std::optional<LitmusValue> {
        if (!symbol) return std::nullopt;
        return LitmusValue::address(ValueKind::physical, *symbol, va.offset);
    };
    const auto own = [&](const LitmusValue& va, const LitmusValue& v) {
        if (v.kind == ValueKind::descriptor && v.descriptor.type == Type::block)
            return physical(layout.same_place(va.symbol, v.descriptor.oa), va);
        return output_of_page(va, v);
    };
    const auto in_set = [&](const LitmusValue& va, const LitmusValue& v) {
        const LitmusDescriptor& d = v.descriptor;
        if (d.oa_is_pte || !layout.contains(d.oa)) return std::optional<LitmusValue>();
        return physical(
            layout.at(translation::output_in_set(LitmusLayout::geometry(), page_level, layout.address(d.oa),
                                                 layout.address(va.symbol))),
            va);
    };
    // No other values come here.
    const Symbolic valid = alternatives_of(a_, ttd.whole, logic::true_formula,
                                           [](const LitmusValue& v) { return v.descriptor.valid != 0; });
    if (ttd.neighbour.is_false()) return place_of(address, valid, ValueKind::physical, own);
    const Symbolic of_set = alternatives_of(a_, valid, ttd.neighbour,
                                            [this](const LitmusValue& v) { return serves_whole_set(v); });
    const Symbolic of_page = alternatives_of(a_, valid, !ttd.neighbour);
    const Place by_set = place_of(address, of_set, ValueKind::physical, in_set);
    const Place by_own = place_of(address, of_page, ValueKind::physical, own);
    return {a_.merge({{ttd.neighbour, by_set.where}, {!ttd.neighbour, by_own.where}}),
            a_.pool().either(by_set.missing, by_own.missing)};
}

LitmusSemantics::Place LitmusSemantics::place_of(const Symbolic& address, const Symbolic& ttd, ValueKind kind,
                                                 const ValueAlgebra::Binary& place) {
    std::vector<Formula> missing;
    for (const auto& x : address.alternatives) {
        for (const auto& y : ttd.alternatives) {
            if (!place(a_.values().value(x.what), a_.values().value(y.what)))
                missing.push_back(a_.pool().both(x.when, y.when));
        }
    }
    const auto somewhere = [&](const LitmusValue& va, const LitmusValue& d) -> std::optional<LitmusValue> {
        if (auto found = place(va, d)) return found;
        return LitmusValue::address(kind, va.symbol, kind == ValueKind::physical ? va.offset : 0);
    };
    return {a_.map(address, ttd, somewhere, ""), a_.pool().disjunction(missing)};
}

Computation<ControlFlow> LitmusSemantics::go_on_by_layout(const Access& what, const Symbolic& address,
                                                          const Ttd& ttd, const Computation<Ttd>& checked) {
    const Place output = output_by_layout(address, ttd);
    const Value physical = lazily([this, what, ttd, checked, output] {
        return with_value(with_hardware_update(what, ttd, checked), output.where);
    });
    return with_fact(next(what.op(true, physical, what.data)), !output.missing,
                     "a descriptor that leads to no page of the test");
}

}  // namespace tlbcheck::model
