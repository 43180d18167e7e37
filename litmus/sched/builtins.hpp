// SPDX-License-Identifier: Apache-2.0
//
// The statements and functions that the schedule language has by itself, and the words that mean themselves.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tlbcheck::litmus::sched {

enum class Builtin : std::uint8_t {
    // statements
    clear,
    set,
    fetch_and_clear,
    cmpxchg,
    dsb,
    dmb,
    isb,
    tlbi,
    tlbi_pages,
    tlbi_range,
    load,
    store,
    load_acquire,
    store_release,
    await,
    read,
    free,
    zero,
    fill,
    hook,
    switch_space,
    tge,
    exception,
    eret,
    // functions
    sets,
    tables,
    pages,
    leaves,
    range,
    table,
    new_table,
    min,
    max,
    align_down,
    align_up,
    // functions of compiled kernel code
    table_slot,
    descriptor,
    struct_page,
    linear_address,
    physical_address,
    field_address,
    allocated_page,
    object,
    symbol,
};

struct BuiltinSpec {
    std::string_view name;
    Builtin builtin;
    bool is_function;
    std::size_t least, most;         ///< positional arguments
    std::vector<std::string> named;  ///< allowed named arguments
    std::string_view usage;
};

const std::vector<BuiltinSpec>& builtins();
/// nullptr when there is none.
const BuiltinSpec* find_builtin(std::string_view name);

/// True for a name that stands for itself where nothing is declared by it: TLBI operations, barrier options,
/// values of parameters.
bool is_word(std::string_view name);

}  // namespace tlbcheck::litmus::sched
