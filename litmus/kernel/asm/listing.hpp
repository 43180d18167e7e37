// SPDX-License-Identifier: Apache-2.0
//
// A template laid out in sections: instructions, data and labels at their offsets.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "litmus/kernel/asm/expression.hpp"

namespace tlbcheck::litmus::kernel::assembly {

struct Item {
    enum class Kind : std::uint8_t { instruction, data, text, padding };
    Kind kind = Kind::instruction;
    std::uint64_t offset = 0;  ///< in its section
    std::uint64_t size = 4;
    std::string source;     ///< the instruction or directive as written; of a string its contents
    Expression expression;  ///< of data
};

struct Section {
    std::string name;
    bool executable = false;
    std::vector<Item> items;
    std::uint64_t size = 0;
};

/// Sections in the order of their first use; a subsection is a section of its own. The first is the code
/// around the template.
class Listing {
  public:
    std::vector<Section> sections;

    /// Value of an expression that stands at `here`. Names that nothing defines become Value::symbol.
    Value evaluate(const Expression& expression, Location here) const;
    /// Parses and evaluates what stands in an instruction; local labels are not looked up here (see
    /// resolve_label).
    std::optional<Location> label(std::string_view name) const;

    std::map<std::string, Location, std::less<>> labels;  ///< local ones by the name that local_label gives
    std::map<std::string, std::int64_t, std::less<>> symbols;
};

/// The name under which the `occurrence`-th label `number:` is kept, counted from 1.
std::string local_label_name(std::string_view number, std::size_t occurrence);

/// Throws AsmError for directives that are not known, and when an .org finds bodies of unequal length.
/// Instructions' local labels (1b, 2f) are replaced by those names.
Listing lay_out(std::string_view text);

}  // namespace tlbcheck::litmus::kernel::assembly
