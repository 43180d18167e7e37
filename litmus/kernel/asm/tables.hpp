// SPDX-License-Identifier: Apache-2.0
//
// The tables that the kernel's macros write beside code: .altinstructions, __jump_table, __bug_table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "litmus/kernel/asm/listing.hpp"

namespace tlbcheck::litmus::kernel::assembly {

/// Code from `begin` to `end` may be replaced where the capability is there: by the code at `replacement`, as
/// long, or by what a function makes of it while the kernel boots.
struct AlternativeEntry {
    Location begin, end;
    unsigned capability = 0;
    std::optional<Location> replacement;
    std::uint64_t replacement_bytes = 0;
    std::string callback;  ///< name of the function; empty: none
};

/// The branch at `code` of the static key in `key`, to `target`.
struct JumpEntry {
    Location code;
    std::string target;  ///< label of the template or of an `asm goto`
    std::optional<Location> target_place;
    std::string key;  ///< argument_symbol
    std::uint64_t key_addend = 0;
};

/// The BRK at `code` is a BUG or a WARN.
struct BugEntry {
    Location code;
    bool warning = false;
    std::string file;
    unsigned line = 0;
};

struct Tables {
    std::vector<AlternativeEntry> alternatives;  ///< in the order in which the kernel patches them
    std::vector<JumpEntry> jumps;
    std::vector<BugEntry> bugs;
};

/// Throws AsmError for an entry of a layout that is not known, and for a section of data whose meaning is not
/// known.
Tables read_tables(const Listing& listing);

}  // namespace tlbcheck::litmus::kernel::assembly
