// SPDX-License-Identifier: Apache-2.0
//
// The table of built-in statements and functions.

#include "litmus/sched/builtins.hpp"

#include <algorithm>
#include <array>

#include "model/arch/barrier.hpp"
#include "model/arch/tlbi.hpp"

namespace tlbcheck::litmus::sched {

const std::vector<BuiltinSpec>& builtins() {
    static const std::vector<std::string> mapping = {
        "pa", "ipa", "contiguous", "ap", "attr", "nt", "level", "same_contents", "exec", "af", "dbm"};
    static const std::vector<std::string> new_table_keys = {"level", "contents", "pa",   "ipa", "contiguous",
                                                            "ap",    "attr",     "exec", "af",  "dbm"};
    static const std::vector<std::string> fill_keys = {"pa", "ipa",  "contiguous", "ap", "attr",
                                                       "nt", "exec", "af",         "dbm"};
    static const std::vector<BuiltinSpec> table = {
        {"clear", Builtin::clear, false, 1, 1, {}, "clear(x)"},
        {"set", Builtin::set, false, 1, 1, mapping, "set(x, key = value, ...)"},
        {"fetch_and_clear", Builtin::fetch_and_clear, false, 1, 1, {}, "fetch_and_clear(x)"},
        {"cmpxchg", Builtin::cmpxchg, false, 1, 1, mapping, "cmpxchg(x, key = value, ...)"},
        {"dsb", Builtin::dsb, false, 1, 1, {}, "dsb(option)"},
        {"dmb", Builtin::dmb, false, 1, 1, {}, "dmb(option)"},
        {"isb", Builtin::isb, false, 0, 1, {}, "isb()"},
        {"tlbi",
         Builtin::tlbi,
         false,
         1,
         2,
         {"ttl", "asid", "raw", "scale", "num"},
         "tlbi(op, address, ttl = n, asid = n)"},
        {"tlbi_pages", Builtin::tlbi_pages, false, 2, 2, {"ttl", "asid", "stride"}, "tlbi_pages(op, x)"},
        {"tlbi_range", Builtin::tlbi_range, false, 2, 2, {"ttl", "asid"}, "tlbi_range(op, x)"},
        {"load", Builtin::load, false, 1, 1, {}, "load(a)"},
        {"store", Builtin::store, false, 2, 2, {}, "store(a, value)"},
        {"load_acquire", Builtin::load_acquire, false, 1, 1, {}, "load_acquire(a)"},
        {"store_release", Builtin::store_release, false, 2, 2, {}, "store_release(a, value)"},
        {"await", Builtin::await, false, 1, 1, {}, "await(a == value)"},
        {"read", Builtin::read, true, 1, 1, {}, "if (read(a) == value)"},
        {"free", Builtin::free, false, 1, 1, {"pa"}, "free(x)"},
        {"zero", Builtin::zero, false, 1, 1, {}, "zero(table)"},
        {"fill", Builtin::fill, false, 2, 2, fill_keys, "fill(table, x, key = value, ...)"},
        {"hook", Builtin::hook, false, 1, 1, {}, "hook(table)"},
        {"switch", Builtin::switch_space, false, 1, 1, {}, "switch(space)"},
        {"tge", Builtin::tge, false, 1, 1, {}, "tge(0) or tge(1)"},
        {"exception", Builtin::exception, false, 0, 0, {}, "exception()"},
        {"eret", Builtin::eret, false, 0, 0, {}, "eret()"},
        {"sets", Builtin::sets, true, 1, 1, {}, "sets(x)"},
        {"tables", Builtin::tables, true, 2, 2, {}, "tables(x, level)"},
        {"pages", Builtin::pages, true, 1, 1, {}, "pages(x)"},
        {"leaves", Builtin::leaves, true, 1, 1, {}, "leaves(x)"},
        {"range", Builtin::range, true, 2, 2, {}, "range(first, end)"},
        {"table", Builtin::table, true, 2, 2, {}, "table(x, level)"},
        {"new_table", Builtin::new_table, true, 1, 1, new_table_keys,
         "new_table(x, level = n, contents = garbage)"},
        {"min", Builtin::min, true, 2, 2, {}, "min(a, b)"},
        {"max", Builtin::max, true, 2, 2, {}, "max(a, b)"},
        {"align_down", Builtin::align_down, true, 2, 2, {}, "align_down(a, size)"},
        {"align_up", Builtin::align_up, true, 2, 2, {}, "align_up(a, size)"},
        {"table_slot", Builtin::table_slot, true, 2, 2, {}, "table_slot(x, level)"},
        {"descriptor", Builtin::descriptor, true, 1, 2, {}, "descriptor(x, level)"},
        {"struct_page", Builtin::struct_page, true, 1, 1, {}, "struct_page(pa)"},
        {"linear_address", Builtin::linear_address, true, 1, 1, {}, "linear_address(pa)"},
        {"physical_address", Builtin::physical_address, true, 1, 1, {}, "physical_address(address)"},
        {"field_address", Builtin::field_address, true, 2, 2, {}, "field_address(object, field)"},
        {"allocated_page", Builtin::allocated_page, true, 0, 0, {}, "allocated_page()"},
        {"object", Builtin::object, true, 1, 1, {}, "object(struct)"},
        {"symbol", Builtin::symbol, true, 1, 1, {}, "symbol(name)"},
    };
    return table;
}

const BuiltinSpec* find_builtin(std::string_view name) {
    for (const BuiltinSpec& spec : builtins()) {
        if (spec.name == name) return &spec;
    }
    return nullptr;
}

bool is_word(std::string_view name) {
    static constexpr std::array<std::string_view, 18> words = {
        "any",       "none",   "coalesced", "shattered", "per_entry", "per_page", "rw",    "ro",  "normal",
        "normal_nc", "device", "garbage",   "empty",     "mapped",    "host",     "el1_0", "el2", "el2_0"};
    return std::find(words.begin(), words.end(), name) != words.end() ||
           model::parse_tlbi(name).has_value() ||
           model::parse_barrier(model::BarrierKind::dsb, name).has_value() ||
           model::parse_barrier(model::BarrierKind::dmb, name).has_value();
}

}  // namespace tlbcheck::litmus::sched
