// SPDX-License-Identifier: Apache-2.0
//
// The layouts are those of the kernel's struct alt_instr, struct jump_entry and struct bug_entry:
// self-relative addresses of four bytes, then what each has. Which fields __bug_table has depends on the
// configuration; its flags stand last.

#include "litmus/kernel/asm/tables.hpp"

#include <fmt/format.h>

#include <array>
#include <string_view>
#include <utility>

#include "litmus/kernel/asm/error.hpp"

namespace tlbcheck::litmus::kernel::assembly {
namespace {

/// struct alt_instr: this bit of the capability says that a function does the patching.
constexpr unsigned callback_bit = 1U << 15U;
/// struct bug_entry: BUGFLAG_WARNING.
constexpr std::int64_t warning_flag = 1;

class TableReader {
  public:
    TableReader(const Listing& listing, std::size_t section) : listing_(listing), section_(section) {
        for (const Item& item : listing.sections[section].items)
            if (item.kind != Item::Kind::padding) items_.push_back(&item);
    }

    bool done() const { return at_ == items_.size(); }
    const Item& peek() const { return *items_[at_]; }

    [[noreturn]] void refuse(std::string_view why) const {
        throw AsmError(
            fmt::format("inline assembly: an entry of {}: {}", listing_.sections[section_].name, why));
    }

    /// The next datum, which must have that size.
    Value take(std::uint64_t size) {
        if (done() || peek().kind != Item::Kind::data || peek().size != size)
            refuse("a layout that is not known here");
        last_ = {section_, peek().offset};
        const Value value = listing_.evaluate(peek().expression, last_);
        ++at_;
        return value;
    }

    std::uint64_t take_number(std::uint64_t size) {
        const Value value = take(size);
        if (!value.is_number() || value.number < 0)
            refuse("a number that is not known where it is assembled");
        return static_cast<std::uint64_t>(value.number);
    }

    /// A datum "x - .": x alone.
    Value take_relative(std::uint64_t size) {
        Value value = take(size);
        if (!value.minus_place || *value.minus_place != last_)
            refuse("an address that is not relative to its own place");
        value.minus_place.reset();
        return value;
    }

    Location take_place(std::uint64_t size) {
        const Value value = take_relative(size);
        if (!value.place || !value.symbol.empty()) refuse("an address outside the template");
        return {value.place->section, value.place->offset + static_cast<std::uint64_t>(value.number)};
    }

  private:
    const Listing& listing_;
    std::size_t section_;
    std::vector<const Item*> items_;
    std::size_t at_ = 0;
    Location last_;
};

AlternativeEntry read_alternative(TableReader& in) {
    AlternativeEntry entry;
    entry.begin = in.take_place(4);
    const Value replacement = in.take_relative(4);
    const std::uint64_t capability = in.take_number(2);
    const std::uint64_t bytes = in.take_number(1);
    entry.replacement_bytes = in.take_number(1);
    entry.end = {entry.begin.section, entry.begin.offset + bytes};
    entry.capability = static_cast<unsigned>(capability) & ~callback_bit;
    // Before 6.1 a callback was told by its capability alone: an address outside the template is one in every
    // release.
    if (!replacement.symbol.empty()) {
        entry.callback = replacement.symbol;
        return entry;
    }
    if (!replacement.place) in.refuse("a replacement that is nowhere");
    if ((capability & callback_bit) != 0) in.refuse("a callback whose function is in the template");
    if (entry.replacement_bytes != bytes) in.refuse("the two bodies are not equally long");
    entry.replacement = Location{replacement.place->section,
                                 replacement.place->offset + static_cast<std::uint64_t>(replacement.number)};
    return entry;
}

JumpEntry read_jump(TableReader& in) {
    JumpEntry entry;
    entry.code = in.take_place(4);
    const Value target = in.take_relative(4);
    if (target.place) entry.target_place = target.place;
    entry.target = target.symbol;
    const Value key = in.take_relative(8);
    if (key.symbol.empty() || key.place) in.refuse("a key that is no operand");
    entry.key = key.symbol;
    entry.key_addend = static_cast<std::uint64_t>(key.number);
    return entry;
}

/// The string at a place, when one is.
std::string string_at(const Listing& listing, const Value& value) {
    if (!value.place) return {};
    for (const Item& item : listing.sections[value.place->section].items)
        if (item.kind == Item::Kind::text && item.offset == value.place->offset) return item.source;
    return {};
}

BugEntry read_bug(const Listing& listing, TableReader& in) {
    BugEntry entry;
    entry.code = in.take_place(4);
    // Addresses of the file's name and, in newer releases, of a format; the name is the last of them.
    while (!in.done() && in.peek().size == 4) {
        const std::string text = string_at(listing, in.take_relative(4));
        if (!text.empty()) entry.file = text;
    }
    std::uint64_t last = in.take_number(2);
    if (!in.done() && in.peek().kind == Item::Kind::data && in.peek().size == 2) {
        entry.line = static_cast<unsigned>(last);
        last = in.take_number(2);
    }
    entry.warning = (static_cast<std::int64_t>(last) & warning_flag) != 0;
    return entry;
}

/// Data that nothing executes by: strings, notes, what only the linker or a fault handler reads.
bool harmless(std::string_view name) {
    constexpr std::array<std::string_view, 10> names{
        ".rodata", ".discard",   ".note",     ".modinfo",     ".comment",
        ".debug",  "__ex_table", ".ex_table", ".init.rodata", ".export_symbol"};
    for (const std::string_view each : names)
        if (name.starts_with(each)) return true;
    return false;
}

}  // namespace

Tables read_tables(const Listing& listing) {
    Tables tables;
    for (std::size_t i = 0; i < listing.sections.size(); ++i) {
        const Section& section = listing.sections[i];
        if (section.executable || section.items.empty()) continue;
        TableReader in(listing, i);
        while (!in.done()) {
            if (section.name == ".altinstructions") {
                // An empty body replaced by an empty one changes nothing.
                if (AlternativeEntry entry = read_alternative(in); entry.begin != entry.end)
                    tables.alternatives.push_back(std::move(entry));
            } else if (section.name == "__jump_table")
                tables.jumps.push_back(read_jump(in));
            else if (section.name == "__bug_table")
                tables.bugs.push_back(read_bug(listing, in));
            else if (harmless(section.name))
                break;
            else
                throw AsmError(fmt::format("inline assembly: a section '{}' whose meaning is not known here",
                                           section.name));
        }
    }
    return tables;
}

}  // namespace tlbcheck::litmus::kernel::assembly
