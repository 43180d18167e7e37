// SPDX-License-Identifier: Apache-2.0
//
// Descriptors of a log as the model has them, by what the log's registers say of their memory types.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "model/arch/descriptor.hpp"
#include "model/arch/granule.hpp"
#include "model/program/contexts.hpp"

namespace tlbcheck::litmus::casemate {

/// A complaint about what a record does; the reader adds the place.
struct Refused {
    std::string message, hint;
};

/// Fields of registers that go for a whole log.
struct WordFormat {
    bool fwb = false;  ///< HCR_EL2.FWB: how MemAttr of stage 2 is read
    bool e2h = false;  ///< HCR_EL2.E2H: TTBR0_EL2 is of EL2&0
    /// MAIR_EL2; none: the log does not say, and each AttrIndx is taken for a memory type of its own.
    std::optional<std::uint64_t> mair;
};

/// Of a table descriptor `oa` is the physical address of the table that follows. Throws Refused for a
/// reserved memory type.
model::Descriptor descriptor_of(std::uint64_t word, int level, const model::AddressSpace& space,
                                const WordFormat& format, const model::Geometry& geometry);

}  // namespace tlbcheck::litmus::casemate
