// SPDX-License-Identifier: Apache-2.0
//
// Splits a litmus file into its parts: first line, header fields, initial state, code, condition; and reads
// the header fields that set up hardware and tool: Variant, TTHM, Unroll, EL0.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "litmus/herd/lexer.hpp"
#include "model/program/litmus_program.hpp"

namespace tlbcheck::litmus::herd {

struct HeaderField {
    std::string key, value;
    std::size_t value_offset = 0;
};

struct Sections {
    std::string name, doc;
    std::vector<HeaderField> fields;
    Span initial, code, condition;
    /// The last field of this key, any case; nullptr when there is none.
    const HeaderField* field(std::string_view key) const;
};

Sections split_sections(const Source& source);

/// Adds one tag of --variant or Variant=; false when there is no such tag. Tags that are known but not
/// supported give a message in `why`.
bool add_variant(model::LitmusVariants& variants, std::string_view tag, std::string& why);
/// "ets2,vmsa fatal": every tag; fails at the place of a bad one.
void read_variant_field(const Source& source, const HeaderField& field, model::LitmusVariants& variants);
model::HardwareUpdates read_tthm_field(const Source& source, const HeaderField& field);
std::vector<int> read_thread_list(const Source& source, const HeaderField& field);

}  // namespace tlbcheck::litmus::herd
