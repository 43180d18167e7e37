// SPDX-License-Identifier: Apache-2.0
//
// Records of a casemate log: one s-expression each, with the thread that did it and where its source stands
// (docs/casemate.md).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "litmus/diagnostics.hpp"
#include "model/arch/barrier.hpp"
#include "model/arch/tlbi.hpp"

namespace tlbcheck::litmus::casemate {

enum class RecordKind : std::uint8_t {
    mem_write,
    mem_read,
    mem_init,
    mem_free,
    mem_set,
    barrier,
    tlbi,
    sysreg_write,
    hint,
    lock,
    trylock,
    unlock
};
enum class Register : std::uint8_t { vttbr_el2, ttbr0_el2, hcr_el2, sctlr_el2, vtcr_el2, tcr_el2, mair_el2 };
enum class HintKind : std::uint8_t { set_root_lock, set_owner_root, release_table, set_pte_thread_owner };

struct Record {
    RecordKind kind = RecordKind::mem_write;
    Place place;                ///< in the log, of the whole record
    std::uint32_t thread = 0;   ///< the PE that it was recorded on
    bool release = false;       ///< of mem_write: a store-release
    std::uint64_t address = 0;  ///< physical; of a hint the location; of a lock the lock's own
    std::uint64_t value = 0;    ///< of a write, a register, an operand, a hint; of mem_set a byte
    std::uint64_t size = 0;     ///< bytes
    model::Barrier barrier;
    model::TlbiOp tlbi;
    Register reg = Register::vttbr_el2;
    HintKind hint = HintKind::set_root_lock;
    std::string source;  ///< "file.c:12"; empty where the log does not say
};

struct Log {
    std::vector<Record> records;
    /// What casemate itself said at the end of the run, after "! "; empty: nothing.
    std::string failure;
    Place failure_place;
};

inline constexpr std::size_t most_records = 100'000;

/// Reads all records; throws InputError at the first that is none.
Log read_records(const Source& source);

}  // namespace tlbcheck::litmus::casemate
